package redoubt.courier;

import java.io.IOException;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.PrivateKey;
import java.security.spec.ECGenParameterSpec;
import java.security.spec.PKCS8EncodedKeySpec;
import javax.security.auth.x500.X500Principal;
import org.bouncycastle.operator.OperatorCreationException;
import org.bouncycastle.operator.jcajce.JcaContentSignerBuilder;
import org.bouncycastle.pkcs.jcajce.JcaPKCS10CertificationRequestBuilder;
import redoubt.core.model.Octets;

/// The key of a host, P-256, which never leaves it, and the request for a certificate over it.
/// Immutable, thread-safe.
///
/// @param key the private key
/// @param request PKCS #10 in DER
public record HostKey(PrivateKey key, Octets request) {
  /// Makes one.
  public static HostKey make() {
    try {
      KeyPairGenerator generator = KeyPairGenerator.getInstance("EC");
      generator.initialize(new ECGenParameterSpec("secp256r1"));
      KeyPair pair = generator.generateKeyPair();
      // Who the host is, the server says.
      byte[] request =
          new JcaPKCS10CertificationRequestBuilder(new X500Principal("CN=host"), pair.getPublic())
              .build(new JcaContentSignerBuilder("SHA256withECDSA").build(pair.getPrivate()))
              .getEncoded();
      return new HostKey(pair.getPrivate(), Octets.of(request));
    } catch (GeneralSecurityException | OperatorCreationException | IOException e) {
      throw new IllegalStateException("every Java runtime has P-256", e);
    }
  }

  /// Reads a private key from PKCS #8 in DER.
  ///
  /// @throws IOException if it is none of P-256
  public static PrivateKey read(Octets pkcs8) throws IOException {
    try {
      return KeyFactory.getInstance("EC").generatePrivate(new PKCS8EncodedKeySpec(pkcs8.toArray()));
    } catch (GeneralSecurityException e) {
      throw new IOException("the key of this host is damaged", e);
    }
  }

  /// Names nothing of the key, so that no log has it.
  @Override
  public String toString() {
    return "HostKey[]";
  }
}
