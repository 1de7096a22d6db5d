package redoubt.core.http;

import java.io.OutputStream;
import java.net.URI;
import java.net.URISyntaxException;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import redoubt.core.tuf.mirror.BoundedSink;
import redoubt.core.tuf.mirror.Mirror;
import redoubt.core.tuf.mirror.MirrorAddress;
import redoubt.core.tuf.mirror.MirrorException;
import redoubt.core.tuf.mirror.RepositoryPath;

/// A repository behind an HTTP or HTTPS address. What comes is verified by others, so plain HTTP is
/// as safe as HTTPS; HTTPS keeps to itself what a host looks for.
///
/// A status of 404, 403 (which some stores give for what is not there) or 410 means that there is
/// no such file. Up to three redirects are followed, never from HTTPS to HTTP. No proxy, no
/// cookies, no compression. Close it to end its threads.
public final class HttpMirror implements Mirror, AutoCloseable {
  private static final int MOST_REDIRECTS = 3;
  private static final Set<Integer> ABSENT = Set.of(403, 404, 410);
  private static final Set<Integer> ELSEWHERE = Set.of(301, 302, 303, 307, 308);
  private static final int OK = 200;
  private static final long LOOK_MILLIS = 100;

  private final String base;
  private final HttpPatience patience;
  private final HttpClient client;

  /// Names a mirror. Connects when it is asked.
  ///
  /// @param base the address of the repository's top, with or without a slash at its end
  /// @throws IllegalArgumentException if it is no `http` or `https` address
  public HttpMirror(URI base, HttpPatience patience) {
    MirrorAddress.requireHttp(base);
    this.base = base.toString().replaceFirst("/+$", "") + "/";
    this.patience = patience;
    this.client =
        HttpClient.newBuilder()
            .version(HttpClient.Version.HTTP_1_1)
            .followRedirects(HttpClient.Redirect.NEVER)
            .connectTimeout(patience.connect())
            .build();
  }

  @Override
  public boolean fetch(RepositoryPath path, long maxBytes, OutputStream sink)
      throws MirrorException {
    URI address = URI.create(base + path.encoded());
    for (int redirects = 0; redirects <= MOST_REDIRECTS; redirects++) {
      HttpResponse<Boolean> answer = ask(address, new BoundedSink(sink, maxBytes));
      if (answer.statusCode() == OK) {
        return true;
      }
      if (ABSENT.contains(answer.statusCode())) {
        return false;
      }
      if (!ELSEWHERE.contains(answer.statusCode())) {
        throw new MirrorException(
            "the mirror failed: address=" + address + " status=" + answer.statusCode());
      }
      address = elsewhere(address, answer.headers().firstValue("Location"));
    }
    throw new MirrorException("too many redirects: address=" + address);
  }

  @Override
  public void close() {
    client.shutdownNow();
  }

  private HttpResponse<Boolean> ask(URI address, BoundedSink sink) throws MirrorException {
    HttpRequest request = HttpRequest.newBuilder(address).timeout(patience.answer()).GET().build();
    SinkSubscriber body = new SinkSubscriber(sink);
    CompletableFuture<HttpResponse<Boolean>> answer =
        client.sendAsync(request, head -> body.takeBody(head.statusCode() == OK));
    try {
      return await(answer, body);
    } catch (ExecutionException e) {
      Throwable cause = e.getCause();
      throw new MirrorException("the mirror failed: address=" + address + " error=" + cause, cause);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new MirrorException("interrupted: address=" + address, e);
    } catch (TimeoutException e) {
      throw new MirrorException(
          "the mirror is too slow: address=" + address + " bytes=" + sink.takenBytes(), e);
    } finally {
      body.stop();
      answer.cancel(true);
    }
  }

  private HttpResponse<Boolean> await(
      CompletableFuture<HttpResponse<Boolean>> answer, SinkSubscriber body)
      throws ExecutionException, InterruptedException, TimeoutException {
    while (true) {
      try {
        return answer.get(LOOK_MILLIS, TimeUnit.MILLISECONDS);
      } catch (TimeoutException e) {
        if (body.isTooSlow(patience)) {
          throw e;
        }
      }
    }
  }

  private static URI elsewhere(URI from, Optional<String> location) throws MirrorException {
    if (location.isEmpty() || location.get().isBlank()) {
      throw new MirrorException("a redirect to nowhere: address=" + from);
    }
    try {
      URI address = from.resolve(new URI(location.get()));
      if (address.getScheme().equals("https")
          || (address.getScheme().equals("http") && from.getScheme().equals("http"))) {
        return address;
      }
    } catch (URISyntaxException | IllegalArgumentException e) {
      throw new MirrorException("a redirect to nowhere: address=" + from, e);
    }
    throw new MirrorException("a redirect to nowhere: address=" + from);
  }
}
