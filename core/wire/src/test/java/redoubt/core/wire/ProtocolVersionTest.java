package redoubt.core.wire;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.OptionalInt;
import org.junit.jupiter.api.Test;

class ProtocolVersionTest {
  @Test
  void theNewestCommonVersionIsSpoken() {
    int newest = WireLimits.PROTOCOL_VERSION;
    assertEquals(OptionalInt.of(newest), ProtocolVersion.negotiate(1, newest));
    assertEquals(OptionalInt.of(newest), ProtocolVersion.negotiate(newest, newest + 7));
  }

  @Test
  void noCommonVersionIsAnAnswer() {
    int newest = WireLimits.PROTOCOL_VERSION;
    assertEquals(OptionalInt.empty(), ProtocolVersion.negotiate(newest + 1, newest + 2));
    assertEquals(OptionalInt.empty(), ProtocolVersion.negotiate(0, 0));
  }
}
