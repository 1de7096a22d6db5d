package redoubt.core.wire;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import redoubt.core.model.Octets;

class EnrolmentTokenTest {
  private static final EnrolmentToken TOKEN =
      new EnrolmentToken(BundleSamples.DIGEST, Octets.of(BundleSamples.DIGEST.bytes()));

  @Test
  void itsTextIsReadBack() {
    assertEquals(TOKEN, EnrolmentToken.parse(TOKEN.text()));
    assertEquals(TOKEN, EnrolmentToken.parse(" " + TOKEN.text() + "\n"));
    assertEquals(
        "redoubt1.47DEQpj8HBSa-_TImW-5JCeuQeRkm5NMpJWZG3hSuFU."
            + "47DEQpj8HBSa-_TImW-5JCeuQeRkm5NMpJWZG3hSuFU",
        TOKEN.text());
  }

  @Test
  void noLogHasItsSecret() {
    assertFalse(TOKEN.toString().contains("47DEQpj8"), TOKEN::toString);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "redoubt1",
        "redoubt1..",
        "redoubt1.47DEQpj8HBSa-_TImW-5JCeuQeRkm5NMpJWZG3hSuFU",
        "redoubt1.47DEQpj8HBSa-_TImW-5JCeuQeRkm5NMpJWZG3hSuFU.47DEQpj8HBSa",
        "redoubt1.47DEQpj8HBSa-_TImW-5JCeuQeRkm5NMpJWZG3hSuFU.47DEQpj8HBSa-_TImW-5JCeuQeRkm5NMpJWZG3hSuF!",
        "redoubt2.47DEQpj8HBSa-_TImW-5JCeuQeRkm5NMpJWZG3hSuFU.47DEQpj8HBSa-_TImW-5JCeuQeRkm5NMpJWZG3hSuFU",
      })
  void whatIsNoneIsRefusedWithoutRepeatingIt(String text) {
    IllegalArgumentException refused =
        assertThrows(IllegalArgumentException.class, () -> EnrolmentToken.parse(text));
    assertFalse(String.valueOf(refused.getMessage()).contains("47DEQpj8"), refused::getMessage);
  }
}
