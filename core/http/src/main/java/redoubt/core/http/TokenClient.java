package redoubt.core.http;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.CertificateFactory;
import java.time.Duration;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;
import redoubt.core.model.Octets;

/// Asks a server by a token. The server has to stand on one certificate that is known beforehand,
/// whatever this machine trusts otherwise. No redirects, no proxy, no cookies. Thread-safe; close
/// it to end its threads.
public final class TokenClient implements AutoCloseable {
  /// How long an answer may be, in bytes.
  public static final int MOST_BYTES = 32 * 1024 * 1024;

  private static final Duration CONNECT = Duration.ofSeconds(10);
  private static final Duration ANSWER = Duration.ofSeconds(60);

  private final URI base;
  private final String token;
  private final HttpClient client;

  /// What the server said.
  ///
  /// @param status the HTTP status
  public record Answer(int status, Octets body) {
    /// The body, as UTF-8.
    public String text() {
      return new String(body.toArray(), StandardCharsets.UTF_8);
    }
  }

  /// Names a server. Connects when it is asked.
  ///
  /// @param base an `https` address, to which paths are appended
  /// @param authority the certificate, as PEM (RFC 7468)
  /// @throws IllegalArgumentException if the address is no `https` one, or the certificate damaged
  public TokenClient(URI base, String authority, String token) {
    if (!"https".equals(base.getScheme()) || base.getHost() == null) {
      throw new IllegalArgumentException("no https address: server=" + base);
    }
    this.base = base;
    this.token = token;
    client =
        HttpClient.newBuilder()
            .version(HttpClient.Version.HTTP_1_1)
            .followRedirects(HttpClient.Redirect.NEVER)
            .connectTimeout(CONNECT)
            .sslContext(trusting(authority))
            .build();
  }

  private static SSLContext trusting(String authority) {
    try {
      KeyStore trusted = KeyStore.getInstance(KeyStore.getDefaultType());
      trusted.load(null, null);
      trusted.setCertificateEntry(
          "authority",
          CertificateFactory.getInstance("X.509")
              .generateCertificate(
                  new ByteArrayInputStream(authority.getBytes(StandardCharsets.US_ASCII))));
      TrustManagerFactory trust =
          TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
      trust.init(trusted);
      SSLContext tls = SSLContext.getInstance("TLS");
      tls.init(null, trust.getTrustManagers(), null);
      return tls;
    } catch (GeneralSecurityException | IOException e) {
      throw new IllegalArgumentException("the certificate is damaged", e);
    }
  }

  /// Asks, and waits for the whole answer.
  ///
  /// @param path with a slash first, and what follows a question mark
  /// @param body a JSON text; empty for none
  /// @throws IOException if nobody answers, in time and within [#MOST_BYTES], who stands on that
  ///   certificate
  public Answer ask(String method, String path, String body) throws IOException {
    HttpRequest request =
        HttpRequest.newBuilder(base.resolve(path))
            .timeout(ANSWER)
            .header("Authorization", "Bearer " + token)
            .method(
                method,
                body.isEmpty()
                    ? HttpRequest.BodyPublishers.noBody()
                    : HttpRequest.BodyPublishers.ofString(body))
            .build();
    try {
      HttpResponse<byte[]> answer =
          client.send(
              request,
              HttpResponse.BodyHandlers.limiting(
                  HttpResponse.BodyHandlers.ofByteArray(), MOST_BYTES));
      return new Answer(answer.statusCode(), Octets.of(answer.body()));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException("interrupted", e);
    }
  }

  @Override
  public void close() {
    client.shutdownNow();
  }
}
