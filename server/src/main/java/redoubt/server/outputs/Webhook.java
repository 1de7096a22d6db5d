package redoubt.server.outputs;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.time.Duration;
import java.time.Instant;
import java.util.HexFormat;
import java.util.List;
import java.util.stream.Collectors;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import redoubt.server.store.OutputStore.Outgoing;

/// Posts JSON to an address, signed. For one thread.
///
/// The signature is over the second of the request, a dot and the body, so that nobody makes up
/// one, or uses an old one again for long: `t=SECONDS,v1=HMAC-SHA-256 in hexadecimal digits`.
final class Webhook implements Sender {
  private static final String SIGNATURE = "Redoubt-Signature";
  private static final Duration CONNECTING = Duration.ofSeconds(10);
  private static final Duration PATIENCE = Duration.ofSeconds(20);
  private static final String ALGORITHM = "HmacSHA256";
  private static final int OK = 200;
  private static final int REDIRECTED = 300;

  private final URI address;
  private final String secret;
  private final HttpClient client =
      HttpClient.newBuilder()
          .connectTimeout(CONNECTING)
          .followRedirects(HttpClient.Redirect.NEVER)
          .build();

  Webhook(URI address, String secret) {
    this.address = address;
    this.secret = secret;
  }

  @Override
  public void send(List<Outgoing> all) throws IOException, InterruptedException {
    byte[] body =
        all.stream()
            .map(Outgoing::body)
            .collect(Collectors.joining(",", "{\"events\":[", "]}"))
            .getBytes(StandardCharsets.UTF_8);
    HttpRequest request =
        HttpRequest.newBuilder(address)
            .timeout(PATIENCE)
            .header("Content-Type", "application/json")
            .header("User-Agent", "redoubt-fleet")
            .header(SIGNATURE, signature(body, Instant.now().getEpochSecond()))
            .POST(HttpRequest.BodyPublishers.ofByteArray(body))
            .build();
    HttpResponse<Void> answer = client.send(request, HttpResponse.BodyHandlers.discarding());
    if (answer.statusCode() < OK || answer.statusCode() >= REDIRECTED) {
      throw new IOException("it answers " + answer.statusCode());
    }
  }

  String signature(byte[] body, long seconds) {
    try {
      Mac mac = Mac.getInstance(ALGORITHM);
      mac.init(new SecretKeySpec(secret.getBytes(StandardCharsets.UTF_8), ALGORITHM));
      mac.update((seconds + ".").getBytes(StandardCharsets.UTF_8));
      return "t=" + seconds + ",v1=" + HexFormat.of().formatHex(mac.doFinal(body));
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("every Java has " + ALGORITHM, e);
    }
  }

  @Override
  public void close() {
    client.shutdownNow();
  }
}
