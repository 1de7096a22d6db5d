package redoubt.core.tuf.signing;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.AlgorithmParameters;
import java.security.GeneralSecurityException;
import java.security.Key;
import java.security.KeyFactory;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.SecureRandom;
import java.security.interfaces.ECPublicKey;
import java.security.interfaces.EdECPublicKey;
import java.security.interfaces.RSAPublicKey;
import java.security.spec.KeySpec;
import java.security.spec.X509EncodedKeySpec;
import java.util.Base64;
import java.util.List;
import javax.crypto.Cipher;
import javax.crypto.EncryptedPrivateKeyInfo;
import javax.crypto.SecretKeyFactory;
import javax.crypto.spec.PBEKeySpec;
import javax.crypto.spec.PBEParameterSpec;
import redoubt.core.tuf.KeyScheme;
import redoubt.core.tuf.VerifyingKey;

/// Keys as files of their owners: `NAME.key` is an encrypted private key (PKCS#8, PBES2 with
/// HMAC-SHA-256 and AES-256), `NAME.pub` the public key (X.509), both in PEM. Other programs' files
/// of that form are as good: `openssl pkcs8 -topk8 -v2 aes-256-cbc -v2prf hmacWithSHA256` and
/// `openssl pkey -pubout` make them. Stateless.
public final class KeyFiles {
  private static final String CIPHER = "PBEWithHmacSHA256AndAES_256";
  private static final int ITERATIONS = 600_000;
  private static final int SALT_BYTES = 16;
  private static final String PRIVATE = "ENCRYPTED PRIVATE KEY";
  private static final String PUBLIC = "PUBLIC KEY";
  private static final long MOST_BYTES = 64 * 1024;

  private KeyFiles() {}

  /// Makes an Ed25519 key and writes both files, which do not exist yet; the private one only its
  /// owner can read.
  ///
  /// @throws IOException if a file is there already, or cannot be written
  public static SigningKey create(
      Path directory, String name, char[] passphrase, SecureRandom random)
      throws IOException, SigningException {
    try {
      KeyPairGenerator generator = KeyPairGenerator.getInstance("Ed25519");
      generator.initialize(255, random);
      KeyPair pair = generator.generateKeyPair();
      Files.createFile(
          directory.resolve(name + ".key"),
          PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
      Files.writeString(
          directory.resolve(name + ".key"),
          pem(PRIVATE, encrypt(pair.getPrivate(), passphrase, random)));
      Files.writeString(
          directory.resolve(name + ".pub"),
          pem(PUBLIC, pair.getPublic().getEncoded()),
          StandardOpenOption.CREATE_NEW,
          StandardOpenOption.WRITE);
      return SigningKey.of(KeyScheme.ED25519, pair);
    } catch (GeneralSecurityException e) {
      throw new SigningException("cannot make a key: name=" + name, e);
    }
  }

  /// Reads a public key.
  ///
  /// @throws SigningException if it is none, or of a kind that TUF does not know
  public static VerifyingKey readPublic(Path file) throws IOException, SigningException {
    byte[] encoded = der(PUBLIC, file);
    for (String algorithm : List.of("Ed25519", "EC", "RSA")) {
      try {
        PublicKey key =
            KeyFactory.getInstance(algorithm).generatePublic(new X509EncodedKeySpec(encoded));
        return VerifyingKey.of(schemeOf(key), key);
      } catch (GeneralSecurityException _) {
        // of another kind
      }
    }
    throw new SigningException("not a public key that can sign: file=" + file);
  }

  /// Opens a private key with its passphrase, and the public key beside it.
  ///
  /// @param privateFile `NAME.key`
  /// @param publicFile `NAME.pub`
  /// @throws SigningException if the passphrase is wrong, or the two do not belong together
  public static SigningKey open(Path privateFile, Path publicFile, char[] passphrase)
      throws IOException, SigningException {
    VerifyingKey verifying = readPublic(publicFile);
    try {
      EncryptedPrivateKeyInfo encrypted = new EncryptedPrivateKeyInfo(der(PRIVATE, privateFile));
      SecretKeyFactory keys = SecretKeyFactory.getInstance(encrypted.getAlgName());
      Key wrapping = keys.generateSecret(new PBEKeySpec(passphrase));
      KeySpec encoded = encrypted.getKeySpec(wrapping);
      PrivateKey key =
          KeyFactory.getInstance(verifying.key().getAlgorithm()).generatePrivate(encoded);
      SigningKey pair = new SigningKey(key, verifying);
      pair.sign(new byte[0]);
      return pair;
    } catch (GeneralSecurityException e) {
      throw new SigningException("the key cannot be opened: file=" + privateFile, e);
    }
  }

  private static byte[] encrypt(PrivateKey key, char[] passphrase, SecureRandom random)
      throws GeneralSecurityException, IOException {
    byte[] salt = new byte[SALT_BYTES];
    random.nextBytes(salt);
    Key wrapping = SecretKeyFactory.getInstance(CIPHER).generateSecret(new PBEKeySpec(passphrase));
    Cipher cipher = Cipher.getInstance(CIPHER);
    cipher.init(Cipher.ENCRYPT_MODE, wrapping, new PBEParameterSpec(salt, ITERATIONS), random);
    // The class knows the parameters under the name of their standard alone.
    AlgorithmParameters parameters = AlgorithmParameters.getInstance("PBES2");
    parameters.init(cipher.getParameters().getEncoded());
    return new EncryptedPrivateKeyInfo(parameters, cipher.doFinal(key.getEncoded())).getEncoded();
  }

  private static KeyScheme schemeOf(PublicKey key) throws GeneralSecurityException {
    return switch (key) {
      case EdECPublicKey ed when ed.getParams().getName().equals("Ed25519") -> KeyScheme.ED25519;
      case RSAPublicKey _ -> KeyScheme.RSA_PSS;
      case ECPublicKey ec when ec.getParams().getOrder().bitLength() == 256 -> KeyScheme.ECDSA_P256;
      case ECPublicKey ec when ec.getParams().getOrder().bitLength() == 384 -> KeyScheme.ECDSA_P384;
      default -> throw new GeneralSecurityException("a key of another kind");
    };
  }

  private static String pem(String label, byte[] der) {
    String lines = Base64.getMimeEncoder(64, new byte[] {'\n'}).encodeToString(der);
    return "-----BEGIN " + label + "-----\n" + lines + "\n-----END " + label + "-----\n";
  }

  private static byte[] der(String label, Path file) throws IOException, SigningException {
    if (Files.size(file) > MOST_BYTES) {
      throw new SigningException("too long for a key: file=" + file);
    }
    String text = Files.readString(file, StandardCharsets.US_ASCII).strip();
    String begin = "-----BEGIN " + label + "-----";
    String end = "-----END " + label + "-----";
    if (!text.startsWith(begin) || !text.endsWith(end)) {
      throw new SigningException("not in PEM: wanted=" + label + " file=" + file);
    }
    try {
      return Base64.getMimeDecoder()
          .decode(text.substring(begin.length(), text.length() - end.length()));
    } catch (IllegalArgumentException e) {
      throw new SigningException("not in PEM: file=" + file, e);
    }
  }
}
