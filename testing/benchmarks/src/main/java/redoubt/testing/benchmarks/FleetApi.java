package redoubt.testing.benchmarks;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.CertificateFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;

/// What the benchmark asks of a fleet's server as its owner. Thread-safe.
final class FleetApi {
  private static final JsonMapper JSON = new JsonMapper();

  private final JsonNode access;
  private final HttpClient http;

  /// @param file the owner's access file
  FleetApi(Path file) throws IOException, GeneralSecurityException {
    access = JSON.readTree(file.toFile());
    KeyStore trusted = KeyStore.getInstance(KeyStore.getDefaultType());
    trusted.load(null, null);
    trusted.setCertificateEntry(
        "fleet",
        CertificateFactory.getInstance("X.509")
            .generateCertificate(
                new ByteArrayInputStream(
                    access.path("authority").asText().getBytes(StandardCharsets.US_ASCII))));
    TrustManagerFactory trust =
        TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
    trust.init(trusted);
    SSLContext tls = SSLContext.getInstance("TLSv1.3");
    tls.init(null, trust.getTrustManagers(), null);
    http = HttpClient.newBuilder().sslContext(tls).build();
  }

  /// A token that lets one host in.
  String token() throws IOException, InterruptedException {
    HttpRequest request =
        HttpRequest.newBuilder(URI.create(access.path("server").asText() + "/api/v1/tokens"))
            .header("Authorization", "Bearer " + access.path("token").asText())
            .POST(HttpRequest.BodyPublishers.ofString("{\"site\":\"bench\"}"))
            .build();
    HttpResponse<byte[]> answer = http.send(request, HttpResponse.BodyHandlers.ofByteArray());
    if (answer.statusCode() != 200) {
      throw new IOException("no token: status=" + answer.statusCode());
    }
    return JSON.readTree(answer.body()).path("token").asText();
  }
}
