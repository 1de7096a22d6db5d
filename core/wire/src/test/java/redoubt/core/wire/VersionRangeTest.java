package redoubt.core.wire;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import redoubt.core.wire.BundleManifest.VersionRange;

class VersionRangeTest {
  @ParameterizedTest
  @CsvSource({
    "'', '', 1.0, true",
    "'', '', whatever, true",
    "'', '', '', true",
    "1.2, 1.4, 1.1.9, false",
    "1.2, 1.4, 1.2, true",
    "1.2, 1.4, 1.2.0.0, true",
    "1.2, 1.4, 1.10, false",
    "1.2, 1.4, 1.4, true",
    "1.2, 1.4, 1.4.0.1, false",
    "1.2, '', 10, true",
    "'', 1.4, 0, true",
    "1.2, 1.4, 1.3-beta, false",
    "1.2, 1.4, 1.3.0.0.0, false",
    "1.2, 1.4, 9999999999, false",
    "1.2, 1.4, '', false",
  })
  void bothEndsAreIncluded(String oldest, String newest, String version, boolean contained) {
    assertEquals(contained, new VersionRange(oldest, newest).contains(version));
  }
}
