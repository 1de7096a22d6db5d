package redoubt.core.tuf;

import java.security.AlgorithmParameters;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.PublicKey;
import java.security.interfaces.ECPublicKey;
import java.security.interfaces.RSAPublicKey;
import java.security.spec.ECGenParameterSpec;
import java.security.spec.ECParameterSpec;
import java.security.spec.X509EncodedKeySpec;
import java.util.Arrays;
import java.util.Base64;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/// A public key of a kind that we know.
///
/// @param scheme how it signs
/// @param key the key
/// @param fingerprint SHA-256 of the key's encoding (X.509 SubjectPublicKeyInfo) in hexadecimal.
///   Key ids are names that metadata gives; this tells whether two of them are the same key
public record VerifyingKey(KeyScheme scheme, PublicKey key, String fingerprint) {
  private static final byte[] ED25519_PREFIX = HexFormat.of().parseHex("302a300506032b6570032100");
  private static final int ED25519_BYTES = 32;
  private static final int LEAST_RSA_BITS = 2048;
  private static final int MOST_RSA_BITS = 8192;
  private static final String PEM_BEGIN = "-----BEGIN PUBLIC KEY-----";
  private static final String PEM_END = "-----END PUBLIC KEY-----";

  /// Reads a key's form, or nothing if it is of a kind that we do not know or too weak to count: it
  /// then signs nothing, and metadata that also has others is not refused for it (TUF 4.2).
  ///
  /// @throws TufException if it is no key's form at all
  public static Optional<VerifyingKey> parse(Json.Members form) throws TufException {
    Optional<KeyScheme> scheme = KeyScheme.find(form.text("keytype"), form.text("scheme"));
    Json.Members value = form.members("keyval");
    if (scheme.isEmpty()
        || !(value.find("public").orElse(null) instanceof Json.Text(String text))) {
      return Optional.empty();
    }
    try {
      PublicKey key = decode(scheme.get(), text);
      return fits(scheme.get(), key) ? Optional.of(of(scheme.get(), key)) : Optional.empty();
    } catch (GeneralSecurityException | IllegalArgumentException _) {
      // bytes that are no key sign nothing either
      return Optional.empty();
    }
  }

  /// Wraps a key.
  public static VerifyingKey of(KeyScheme scheme, PublicKey key) {
    return new VerifyingKey(scheme, key, Digests.sha256(key.getEncoded()));
  }

  /// An Ed25519 key from its 32 bytes (RFC 8032).
  ///
  /// @throws GeneralSecurityException if they are none
  public static VerifyingKey ofEd25519(byte[] raw) throws GeneralSecurityException {
    return of(KeyScheme.ED25519, decodeX509("Ed25519", ed25519(raw)));
  }

  /// Whether the signature is this key's over those bytes.
  public boolean verifies(byte[] message, byte[] signature) {
    return scheme.verifies(key, message, signature);
  }

  /// The form in which metadata states it.
  public Json.Members form() {
    Map<String, Json> form = new LinkedHashMap<>();
    form.put("keytype", new Json.Text(scheme.keyType()));
    form.put("keyval", new Json.Members(Map.of("public", new Json.Text(publicText()))));
    form.put("scheme", new Json.Text(scheme.text()));
    return new Json.Members(form);
  }

  /// The key id that we give it: SHA-256 of its canonical form. Others may give others.
  public String keyId() {
    return Digests.sha256(CanonicalJson.write(form()));
  }

  private String publicText() {
    byte[] encoded = key.getEncoded();
    if (scheme == KeyScheme.ED25519) {
      return HexFormat.of().formatHex(encoded, ED25519_PREFIX.length, encoded.length);
    }
    String lines = Base64.getMimeEncoder(64, new byte[] {'\n'}).encodeToString(encoded);
    return PEM_BEGIN + "\n" + lines + "\n" + PEM_END + "\n";
  }

  private static PublicKey decode(KeyScheme scheme, String text) throws GeneralSecurityException {
    return switch (scheme) {
      case ED25519 -> decodeX509("Ed25519", ed25519(HexFormat.of().parseHex(text)));
      case ECDSA_P256, ECDSA_P384 -> decodeX509("EC", pem(text));
      case RSA_PSS -> decodeX509("RSA", pem(text));
    };
  }

  private static PublicKey decodeX509(String algorithm, byte[] encoded)
      throws GeneralSecurityException {
    return KeyFactory.getInstance(algorithm).generatePublic(new X509EncodedKeySpec(encoded));
  }

  private static byte[] ed25519(byte[] point) {
    if (point.length != ED25519_BYTES) {
      throw new IllegalArgumentException("an Ed25519 key has 32 bytes");
    }
    byte[] encoded = Arrays.copyOf(ED25519_PREFIX, ED25519_PREFIX.length + point.length);
    System.arraycopy(point, 0, encoded, ED25519_PREFIX.length, point.length);
    return encoded;
  }

  private static byte[] pem(String text) {
    String trimmed = text.strip();
    if (!trimmed.startsWith(PEM_BEGIN) || !trimmed.endsWith(PEM_END)) {
      throw new IllegalArgumentException("not a public key in PEM");
    }
    String base64 = trimmed.substring(PEM_BEGIN.length(), trimmed.length() - PEM_END.length());
    return Base64.getDecoder().decode(base64.replaceAll("\\s", ""));
  }

  private static boolean fits(KeyScheme scheme, PublicKey key) throws GeneralSecurityException {
    return switch (scheme) {
      case ED25519 -> true;
      case ECDSA_P256 -> onCurve(key, "secp256r1");
      case ECDSA_P384 -> onCurve(key, "secp384r1");
      case RSA_PSS ->
          key instanceof RSAPublicKey rsa
              && rsa.getModulus().bitLength() >= LEAST_RSA_BITS
              && rsa.getModulus().bitLength() <= MOST_RSA_BITS;
    };
  }

  private static boolean onCurve(PublicKey key, String curve) throws GeneralSecurityException {
    AlgorithmParameters parameters = AlgorithmParameters.getInstance("EC");
    parameters.init(new ECGenParameterSpec(curve));
    ECParameterSpec wanted = parameters.getParameterSpec(ECParameterSpec.class);
    return key instanceof ECPublicKey ec
        && ec.getParams().getCurve().equals(wanted.getCurve())
        && ec.getParams().getGenerator().equals(wanted.getGenerator())
        && ec.getParams().getOrder().equals(wanted.getOrder());
  }
}
