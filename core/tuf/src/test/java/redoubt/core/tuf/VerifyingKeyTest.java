package redoubt.core.tuf;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyPairGenerator;
import java.security.Signature;
import java.security.spec.MGF1ParameterSpec;
import java.security.spec.PSSParameterSpec;
import java.util.Base64;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import redoubt.core.tuf.signing.SigningException;
import redoubt.core.tuf.signing.SigningKey;

/// Keys of every kind, and what is no key.
class VerifyingKeyTest {
  private static final byte[] MESSAGE = "message".getBytes(StandardCharsets.UTF_8);

  @ParameterizedTest
  @EnumSource
  void everyKindSignsVerifiesAndKeepsItsForm(KeyScheme scheme)
      throws SigningException, TufException {
    SigningKey key = TestKeys.of(scheme, 1);
    SigningKey other = TestKeys.of(scheme, 2);
    byte[] signature = key.sign(MESSAGE);
    VerifyingKey read = VerifyingKey.parse(key.verifying().form()).orElseThrow();
    assertEquals(key.verifying(), read);
    assertTrue(read.verifies(MESSAGE, signature));
    assertFalse(read.verifies(new byte[0], signature));
    assertFalse(other.verifying().verifies(MESSAGE, signature));
    assertFalse(read.verifies(MESSAGE, new byte[0]));
    assertFalse(read.verifies(MESSAGE, new byte[64]));
    signature[signature.length / 2] ^= 1;
    assertFalse(read.verifies(MESSAGE, signature));
  }

  @Test
  void pssMayHaveTheLongestSalt() throws GeneralSecurityException {
    SigningKey key = TestKeys.of(KeyScheme.RSA_PSS, 1);
    Signature signer = Signature.getInstance("RSASSA-PSS");
    signer.setParameter(
        new PSSParameterSpec("SHA-256", "MGF1", MGF1ParameterSpec.SHA256, 256 - 32 - 2, 1));
    signer.initSign(key.key());
    signer.update(MESSAGE);
    assertTrue(key.verifying().verifies(MESSAGE, signer.sign()));
  }

  @Test
  void oldRepositoriesNameTheSchemeAsTheType() throws TufException {
    Json.Members form = TestKeys.of(KeyScheme.ECDSA_P256, 1).verifying().form();
    Json.Members old = Edits.set(form, new Json.Text("ecdsa-sha2-nistp256"), "keytype");
    assertEquals(VerifyingKey.parse(form), VerifyingKey.parse(old));
  }

  @Test
  void aKeyIsTheSameUnderEverySpelling() throws TufException {
    Json.Members form = TestKeys.of(KeyScheme.ECDSA_P256, 1).verifying().form();
    String pem = ((Json.Text) Edits.at(form, "keyval", "public")).value();
    Json.Members other =
        Edits.set(form, new Json.Text("\n" + pem.replace("\n", "\r\n")), "keyval", "public");
    assertEquals(
        VerifyingKey.parse(form).orElseThrow().fingerprint(),
        VerifyingKey.parse(other).orElseThrow().fingerprint());
  }

  @Test
  void whatIsNotKnownOrTooWeakSignsNothing() throws Exception {
    assertEquals(Optional.empty(), parse("dsa", "dsa", "x"));
    assertEquals(Optional.empty(), parse("ed25519", "ed25519", "00"));
    assertEquals(Optional.empty(), parse("ed25519", "ed25519", "no hex"));
    assertEquals(Optional.empty(), parse("rsa", "rsassa-pss-sha256", "no PEM"));
    assertEquals(Optional.empty(), parse("rsa", "ed25519", "00".repeat(32)));
    String p384 = pem(TestKeys.of(KeyScheme.ECDSA_P384, 1).verifying().key().getEncoded());
    assertEquals(Optional.empty(), parse("ecdsa", "ecdsa-sha2-nistp256", p384));
    assertEquals(Optional.empty(), parse("rsa", "rsassa-pss-sha256", p384));
    KeyPairGenerator weak = KeyPairGenerator.getInstance("RSA");
    weak.initialize(1024, TestKeys.random(1));
    String rsa = pem(weak.generateKeyPair().getPublic().getEncoded());
    assertEquals(Optional.empty(), parse("rsa", "rsassa-pss-sha256", rsa));
  }

  @Test
  void whatIsNoKeyAtAllIsRefused() {
    assertThrows(
        TufException.class,
        () -> VerifyingKey.parse(new Json.Members(Map.of("keytype", new Json.Text("rsa")))));
  }

  private static Optional<VerifyingKey> parse(String type, String scheme, String text)
      throws TufException {
    return VerifyingKey.parse(
        new Json.Members(
            Map.of(
                "keytype", new Json.Text(type),
                "scheme", new Json.Text(scheme),
                "keyval", new Json.Members(Map.of("public", new Json.Text(text))))));
  }

  private static String pem(byte[] der) {
    return "-----BEGIN PUBLIC KEY-----\n"
        + Base64.getMimeEncoder().encodeToString(der)
        + "\n-----END PUBLIC KEY-----";
  }
}
