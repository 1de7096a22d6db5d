package redoubt.agent.seal;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.HexFormat;
import org.junit.jupiter.api.Test;

class PassphraseTest {
  private static final HexFormat HEX = HexFormat.of();
  private static final String PYTHONS =
      "c914cc4f06cc6e8f46d157e3a1b5aa7abceebb17bb0444cd4c4ac16ca2ae9864";

  @Test
  void onlyTheSameWordsMatch() {
    Passphrase kept = Passphrase.of("correct horse");
    assertTrue(kept.matches("correct horse"));
    assertFalse(kept.matches("correct horsf"));
    assertFalse(kept.matches("correct hors"));
    assertFalse(kept.matches(""));
    assertFalse(kept.matches("x".repeat(Passphrase.MOST_CHARS + 1)));
  }

  @Test
  void nothingInWhatIsKeptRepeats() {
    Passphrase one = Passphrase.of("correct horse");
    Passphrase other = Passphrase.of("correct horse");
    assertNotEquals(one, other);
    assertFalse(HEX.formatHex(one.hash()).equals(HEX.formatHex(other.hash())));
  }

  @Test
  void tooShortOrTooLongIsRefused() {
    assertThrows(
        IllegalArgumentException.class,
        () -> Passphrase.of("x".repeat(Passphrase.LEAST_CHARS - 1)));
    assertThrows(
        IllegalArgumentException.class, () -> Passphrase.of("x".repeat(Passphrase.MOST_CHARS + 1)));
  }

  /// RFC 7914, section 11, has vectors of PBKDF2-HMAC-SHA256, with salts shorter than ours; this
  /// one is Python's `hashlib.pbkdf2_hmac("sha256", b"correct horse", bytes(range(16)), 1000)`.
  @Test
  void othersDeriveTheSame() {
    byte[] salt = HEX.parseHex("000102030405060708090a0b0c0d0e0f");
    byte[] hash = HEX.parseHex(PYTHONS);
    Passphrase kept = new Passphrase(1_000, salt, hash);
    assertTrue(kept.matches("correct horse"));
    assertEquals(1_000, kept.rounds());
    assertArrayEquals(salt, kept.salt());
  }
}
