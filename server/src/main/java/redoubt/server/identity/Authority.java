package redoubt.server.identity;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.math.BigInteger;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.SecureRandom;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.security.interfaces.ECPublicKey;
import java.security.spec.ECGenParameterSpec;
import java.security.spec.PKCS8EncodedKeySpec;
import java.time.Duration;
import java.time.Instant;
import java.util.Date;
import java.util.List;
import org.bouncycastle.asn1.x500.X500Name;
import org.bouncycastle.asn1.x509.BasicConstraints;
import org.bouncycastle.asn1.x509.ExtendedKeyUsage;
import org.bouncycastle.asn1.x509.Extension;
import org.bouncycastle.asn1.x509.GeneralName;
import org.bouncycastle.asn1.x509.GeneralNames;
import org.bouncycastle.asn1.x509.KeyPurposeId;
import org.bouncycastle.asn1.x509.KeyUsage;
import org.bouncycastle.cert.jcajce.JcaX509CertificateConverter;
import org.bouncycastle.cert.jcajce.JcaX509v3CertificateBuilder;
import org.bouncycastle.operator.OperatorCreationException;
import org.bouncycastle.operator.jcajce.JcaContentSignerBuilder;
import org.bouncycastle.operator.jcajce.JcaContentVerifierProviderBuilder;
import org.bouncycastle.pkcs.PKCSException;
import org.bouncycastle.pkcs.jcajce.JcaPKCS10CertificationRequest;
import org.jspecify.annotations.Nullable;
import redoubt.core.model.HostId;
import redoubt.core.model.Octets;
import redoubt.core.model.Sha256;

/// The fleet's own certificate authority: hosts trust its one certificate, which their token names,
/// and nothing that the machine trusts otherwise. Keys are P-256. Immutable, thread-safe.
public final class Authority {
  /// How long a host may use its certificate: longer than most are away. Whoever is cast out is so
  /// at once, however long that is.
  public static final Duration HOST_LIFE = Duration.ofDays(30);

  /// How long the server uses one of its own.
  public static final Duration SERVER_LIFE = Duration.ofDays(90);

  private static final Duration LIFE = Duration.ofDays(3650);

  /// Clocks of hosts may be behind.
  private static final Duration LENIENCE = Duration.ofMinutes(10);

  private static final String SIGNATURE = "SHA256withECDSA";
  private static final String KEY_LABEL = "PRIVATE KEY";
  private static final String CERTIFICATE_LABEL = "CERTIFICATE";
  private static final int SERIAL_BITS = 127;

  private final SecureRandom random = new SecureRandom();
  private final PrivateKey key;
  private final X509Certificate certificate;

  private Authority(PrivateKey key, X509Certificate certificate) {
    this.key = key;
    this.certificate = certificate;
  }

  /// A certificate with its key.
  public record Issued(PrivateKey key, X509Certificate certificate) {}

  /// The one that a folder holds; makes it there if there is none.
  ///
  /// @throws IOException if it cannot be read or written, or is damaged
  public static Authority in(Path folder, Instant now) throws IOException {
    Path keyFile = folder.resolve("authority.key");
    Path certificateFile = folder.resolve("authority.pem");
    try {
      if (Files.notExists(certificateFile)) {
        KeyPair pair = newKeys();
        X509Certificate own = ownCertificate(pair, now);
        KeyFile.write(keyFile, KEY_LABEL, pair.getPrivate().getEncoded());
        KeyFile.write(certificateFile, CERTIFICATE_LABEL, own.getEncoded());
      }
      PrivateKey key =
          KeyFactory.getInstance("EC")
              .generatePrivate(new PKCS8EncodedKeySpec(KeyFile.read(keyFile, KEY_LABEL)));
      return new Authority(key, parse(KeyFile.read(certificateFile, CERTIFICATE_LABEL)));
    } catch (GeneralSecurityException e) {
      throw new IOException("the authority of the fleet is damaged: folder=" + folder, e);
    }
  }

  /// Its certificate.
  public X509Certificate certificate() {
    return certificate;
  }

  /// Its certificate as text (PEM, RFC 7468).
  public String certificateText() {
    return Pem.text(CERTIFICATE_LABEL, der(certificate).toArray());
  }

  /// What tokens name it by: the digest of its certificate.
  public Sha256 fingerprint() {
    return Sha256.hash(der(certificate).toArray());
  }

  /// A certificate as bytes.
  public static Octets der(X509Certificate certificate) {
    try {
      return Octets.of(certificate.getEncoded());
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("it was decoded from bytes", e);
    }
  }

  /// Who the host of a certificate is.
  ///
  /// @throws IllegalArgumentException if it is none of a host
  public static HostId hostOf(X509Certificate certificate) {
    String name = certificate.getSubjectX500Principal().getName();
    if (!name.startsWith("CN=")) {
      throw new IllegalArgumentException("no certificate of a host: subject=" + name);
    }
    return HostId.parse(name.substring("CN=".length()));
  }

  /// Makes a key and a certificate for the server.
  ///
  /// @param names the names and addresses under which hosts reach it; at least one
  public Issued issueServer(List<String> names, Instant now) {
    KeyPair pair = newKeys();
    GeneralName[] alternatives =
        names.stream().map(Authority::alternative).toArray(GeneralName[]::new);
    X509Certificate issued =
        issue(
            "CN=redoubt-server",
            pair.getPublic(),
            now,
            SERVER_LIFE,
            KeyPurposeId.id_kp_serverAuth,
            new GeneralNames(alternatives));
    return new Issued(pair.getPrivate(), issued);
  }

  /// Issues a certificate for a host's key.
  ///
  /// Of the request nothing counts but the key and the proof that the host has it.
  ///
  /// @param request PKCS #10 in DER
  /// @throws IllegalArgumentException if it is none, not signed by its own key, or not over P-256
  public X509Certificate issueHost(Octets request, HostId host, Instant now) {
    return issue("CN=" + host, keyOf(request), now, HOST_LIFE, KeyPurposeId.id_kp_clientAuth, null);
  }

  private static PublicKey keyOf(Octets request) {
    try {
      var asked = new JcaPKCS10CertificationRequest(request.toArray());
      PublicKey key = asked.getPublicKey();
      if (!(key instanceof ECPublicKey curve) || curve.getParams().getOrder().bitLength() != 256) {
        throw new IllegalArgumentException("the key of a host is one of P-256");
      }
      if (!asked.isSignatureValid(new JcaContentVerifierProviderBuilder().build(key))) {
        throw new IllegalArgumentException("the request is not signed with its own key");
      }
      return key;
    } catch (IOException
        | GeneralSecurityException
        | OperatorCreationException
        | PKCSException
        | RuntimeException e) {
      // What is no DER inside is found late, and said by any kind of exception.
      throw new IllegalArgumentException("no request for a certificate: " + e.getMessage(), e);
    }
  }

  private X509Certificate issue(
      String subject,
      PublicKey of,
      Instant now,
      Duration life,
      KeyPurposeId purpose,
      @Nullable GeneralNames names) {
    try {
      JcaX509v3CertificateBuilder builder =
          builder(certificate.getSubjectX500Principal().getName(), subject, of, now, life, random);
      builder.addExtension(Extension.basicConstraints, true, new BasicConstraints(false));
      builder.addExtension(Extension.keyUsage, true, new KeyUsage(KeyUsage.digitalSignature));
      builder.addExtension(Extension.extendedKeyUsage, true, new ExtendedKeyUsage(purpose));
      if (names != null) {
        builder.addExtension(Extension.subjectAlternativeName, false, names);
      }
      return signed(builder, key);
    } catch (IOException | GeneralSecurityException e) {
      throw new IllegalStateException("no certificate could be made", e);
    }
  }

  private static X509Certificate ownCertificate(KeyPair pair, Instant now)
      throws IOException, GeneralSecurityException {
    JcaX509v3CertificateBuilder builder =
        builder(
            "CN=redoubt-fleet",
            "CN=redoubt-fleet",
            pair.getPublic(),
            now,
            LIFE,
            new SecureRandom());
    builder.addExtension(Extension.basicConstraints, true, new BasicConstraints(0));
    builder.addExtension(Extension.keyUsage, true, new KeyUsage(KeyUsage.keyCertSign));
    return signed(builder, pair.getPrivate());
  }

  private static JcaX509v3CertificateBuilder builder(
      String issuer,
      String subject,
      PublicKey of,
      Instant now,
      Duration life,
      SecureRandom random) {
    return new JcaX509v3CertificateBuilder(
        new X500Name(issuer),
        new BigInteger(SERIAL_BITS, random).setBit(0),
        Date.from(now.minus(LENIENCE)),
        Date.from(now.plus(life)),
        new X500Name(subject),
        of);
  }

  private static X509Certificate signed(JcaX509v3CertificateBuilder builder, PrivateKey by)
      throws GeneralSecurityException {
    try {
      return new JcaX509CertificateConverter()
          .getCertificate(builder.build(new JcaContentSignerBuilder(SIGNATURE).build(by)));
    } catch (OperatorCreationException e) {
      throw new GeneralSecurityException("cannot sign", e);
    }
  }

  private static GeneralName alternative(String name) {
    boolean isAddress = name.indexOf(':') >= 0 || name.matches("[0-9.]+");
    return new GeneralName(isAddress ? GeneralName.iPAddress : GeneralName.dNSName, name);
  }

  private static KeyPair newKeys() {
    try {
      KeyPairGenerator generator = KeyPairGenerator.getInstance("EC");
      generator.initialize(new ECGenParameterSpec("secp256r1"));
      return generator.generateKeyPair();
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("every Java runtime has P-256", e);
    }
  }

  private static X509Certificate parse(byte[] der) throws GeneralSecurityException {
    return (X509Certificate)
        CertificateFactory.getInstance("X.509").generateCertificate(new ByteArrayInputStream(der));
  }
}
