package redoubt.core.content;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.MessageDigest;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.Signature;
import java.security.SignatureException;
import java.security.spec.PKCS8EncodedKeySpec;
import java.security.spec.X509EncodedKeySpec;
import java.util.Base64;
import java.util.HexFormat;

/// The key of this host's owner (Ed25519, RFC 8032): what it signed, the owner brought to this
/// host.
///
/// `owner.key` (PKCS #8, readable by its owner only) and `owner.pub` (X.509) lie in the state
/// directory as PEM and are created on first use. Immutable and safe for every thread.
public final class OwnerKey {
  private static final String ALGORITHM = "Ed25519";
  private static final int MAX_KEY_BYTES = 4096;
  private static final byte[] PROBE = "redoubt owner key".getBytes(StandardCharsets.US_ASCII);

  private final PrivateKey privateKey;
  private final PublicKey publicKey;
  private final String id;

  private OwnerKey(PrivateKey privateKey, PublicKey publicKey) throws GeneralSecurityException {
    this.privateKey = privateKey;
    this.publicKey = publicKey;
    byte[] digest = MessageDigest.getInstance("SHA-256").digest(publicKey.getEncoded());
    this.id = HexFormat.of().formatHex(digest, 0, 4);
  }

  /// Loads the key, or creates it where there is none. Blocks on the disk.
  ///
  /// @throws ContentException if the files are broken, do not belong together, or are open to other
  ///   users; a broken key is never replaced, because bundles that it signed would be lost
  public static OwnerKey loadOrCreate(Path stateDirectory) throws ContentException {
    Path secret = stateDirectory.resolve("owner.key");
    Path open = stateDirectory.resolve("owner.pub");
    try {
      if (!Files.exists(secret, LinkOption.NOFOLLOW_LINKS)) {
        return create(stateDirectory, secret, open);
      }
      return load(secret, open);
    } catch (IOException e) {
      throw new ContentException(
          "the owner key cannot be read or written: file=" + secret + " error=" + e.getMessage(),
          e);
    } catch (GeneralSecurityException | IllegalArgumentException e) {
      throw new ContentException("the owner key is broken: file=" + secret, e);
    }
  }

  /// The first 8 hexadecimal digits of the public key's SHA-256: enough for people to tell keys
  /// apart, not enough to trust one.
  public String id() {
    return id;
  }

  /// Signs bytes; the signature has 64 bytes. What is signed says itself what it is: a signature of
  /// one kind of document must be good for no other.
  public byte[] sign(byte[] message) {
    try {
      Signature signature = Signature.getInstance(ALGORITHM);
      signature.initSign(privateKey);
      signature.update(message);
      return signature.sign();
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("the Java runtime lacks " + ALGORITHM, e);
    }
  }

  /// Whether this key made the signature of exactly these bytes.
  public boolean signed(byte[] message, byte[] signature) {
    return signed(publicKey, message, signature);
  }

  private static boolean signed(PublicKey key, byte[] message, byte[] signature) {
    try {
      Signature check = Signature.getInstance(ALGORITHM);
      check.initVerify(key);
      check.update(message);
      return check.verify(signature);
    } catch (SignatureException _) {
      // not even the form of a signature
      return false;
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("the Java runtime lacks " + ALGORITHM, e);
    }
  }

  /// Whether the key of another owner made the signature of exactly these bytes.
  ///
  /// @param publicPem what is in that owner's `owner.pub`
  /// @throws ContentException if that is no such key
  public static boolean signed(byte[] publicPem, byte[] message, byte[] signature)
      throws ContentException {
    try {
      PublicKey key =
          KeyFactory.getInstance(ALGORITHM)
              .generatePublic(new X509EncodedKeySpec(der("PUBLIC KEY", publicPem)));
      return signed(key, message, signature);
    } catch (GeneralSecurityException | IllegalArgumentException e) {
      throw new ContentException("not an owner's public key", e);
    }
  }

  private static OwnerKey create(Path stateDirectory, Path secret, Path open)
      throws IOException, GeneralSecurityException {
    Files.createDirectories(stateDirectory, OwnedFiles.DIRECTORY);
    KeyPair pair = KeyPairGenerator.getInstance(ALGORITHM).generateKeyPair();
    // the public half first: a power cut between the two leaves no key, and the next use starts
    // anew
    OwnedFiles.write(open, pem("PUBLIC KEY", pair.getPublic().getEncoded()), OwnedFiles.READABLE);
    OwnedFiles.write(secret, pem("PRIVATE KEY", pair.getPrivate().getEncoded()), OwnedFiles.SECRET);
    return new OwnerKey(pair.getPrivate(), pair.getPublic());
  }

  private static OwnerKey load(Path secret, Path open)
      throws IOException, GeneralSecurityException, ContentException {
    KeyFactory keys = KeyFactory.getInstance(ALGORITHM);
    byte[] privateBytes = der("PRIVATE KEY", OwnedFiles.readSecret(secret, MAX_KEY_BYTES));
    byte[] publicBytes = der("PUBLIC KEY", OwnedFiles.read(open, MAX_KEY_BYTES));
    OwnerKey key =
        new OwnerKey(
            keys.generatePrivate(new PKCS8EncodedKeySpec(privateBytes)),
            keys.generatePublic(new X509EncodedKeySpec(publicBytes)));
    if (!key.signed(PROBE, key.sign(PROBE))) {
      throw new ContentException("owner.key and owner.pub are not one pair: file=" + secret);
    }
    return key;
  }

  private static byte[] pem(String label, byte[] der) {
    String body = Base64.getMimeEncoder(64, new byte[] {'\n'}).encodeToString(der);
    return ("-----BEGIN " + label + "-----\n" + body + "\n-----END " + label + "-----\n")
        .getBytes(StandardCharsets.US_ASCII);
  }

  private static byte[] der(String label, byte[] pem) {
    String text = new String(pem, StandardCharsets.US_ASCII).strip();
    String begin = "-----BEGIN " + label + "-----";
    String end = "-----END " + label + "-----";
    if (!text.startsWith(begin) || !text.endsWith(end)) {
      throw new IllegalArgumentException("not PEM: label=" + label);
    }
    String body = text.substring(begin.length(), text.length() - end.length());
    return Base64.getDecoder().decode(body.replaceAll("\\s", ""));
  }
}
