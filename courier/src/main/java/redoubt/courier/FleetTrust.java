package redoubt.courier;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.net.Socket;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.TrustManagerFactory;
import javax.net.ssl.X509ExtendedTrustManager;
import redoubt.core.model.Octets;
import redoubt.core.model.Sha256;

/// Trusts a server that stands on the one certificate whose digest the host's token named, and
/// nobody else, whatever this machine trusts otherwise. Immutable, thread-safe.
final class FleetTrust extends X509ExtendedTrustManager {
  private final Sha256 authority;

  FleetTrust(Sha256 authority) {
    this.authority = authority;
  }

  /// Reads certificates.
  ///
  /// @throws IOException if one is damaged
  static List<X509Certificate> read(List<Octets> der) throws IOException {
    try {
      CertificateFactory factory = CertificateFactory.getInstance("X.509");
      List<X509Certificate> certificates = new ArrayList<>();
      for (Octets one : der) {
        certificates.add(
            (X509Certificate) factory.generateCertificate(new ByteArrayInputStream(one.toArray())));
      }
      return List.copyOf(certificates);
    } catch (CertificateException e) {
      throw new IOException("a certificate is damaged", e);
    }
  }

  /// Whatever the runtime checks, with the one certificate as the only one that is trusted: dates,
  /// signatures, what the certificate is for, and, by the engine's settings, the name.
  private X509ExtendedTrustManager checker(X509Certificate[] chain) throws CertificateException {
    X509Certificate root = null;
    for (X509Certificate each : chain) {
      if (Sha256.hash(each.getEncoded()).equals(authority)) {
        root = each;
      }
    }
    if (root == null) {
      throw new CertificateException(
          "the server is not the one that the token names: it stands on another certificate");
    }
    try {
      KeyStore trusted = KeyStore.getInstance(KeyStore.getDefaultType());
      trusted.load(null, null);
      trusted.setCertificateEntry("authority", root);
      TrustManagerFactory factory =
          TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
      factory.init(trusted);
      return Stream.of(factory.getTrustManagers())
          .filter(X509ExtendedTrustManager.class::isInstance)
          .map(X509ExtendedTrustManager.class::cast)
          .findFirst()
          .orElseThrow();
    } catch (GeneralSecurityException | IOException e) {
      throw new CertificateException("certificates cannot be checked here", e);
    }
  }

  @Override
  public void checkServerTrusted(X509Certificate[] chain, String type, SSLEngine engine)
      throws CertificateException {
    checker(chain).checkServerTrusted(chain, type, engine);
  }

  @Override
  public void checkServerTrusted(X509Certificate[] chain, String type, Socket socket)
      throws CertificateException {
    checker(chain).checkServerTrusted(chain, type, socket);
  }

  @Override
  public void checkServerTrusted(X509Certificate[] chain, String type) throws CertificateException {
    // Without the name it would be half a check.
    throw new CertificateException("the name of the server is not known");
  }

  @Override
  public void checkClientTrusted(X509Certificate[] chain, String type, SSLEngine engine)
      throws CertificateException {
    throw new CertificateException("nobody comes in here");
  }

  @Override
  public void checkClientTrusted(X509Certificate[] chain, String type, Socket socket)
      throws CertificateException {
    throw new CertificateException("nobody comes in here");
  }

  @Override
  public void checkClientTrusted(X509Certificate[] chain, String type) throws CertificateException {
    throw new CertificateException("nobody comes in here");
  }

  @Override
  public X509Certificate[] getAcceptedIssuers() {
    return new X509Certificate[0];
  }
}
