package redoubt.server.api;

import com.fasterxml.jackson.databind.JsonNode;
import io.helidon.http.HeaderNames;
import io.helidon.http.Status;
import io.helidon.webserver.http.Handler;
import io.helidon.webserver.http.ServerRequest;
import io.helidon.webserver.http.ServerResponse;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Predicate;
import redoubt.core.model.Octets;
import redoubt.server.store.Operator;
import redoubt.server.store.OperatorStore;
import redoubt.server.store.RefusedException;
import redoubt.server.store.Role;

/// Lets people do what their role allows, and answers them. Thread-safe.
final class Gate {
  private static final System.Logger LOG = System.getLogger("redoubt.server");
  private static final String BEARER = "Bearer ";

  private final OperatorStore operators;

  Gate(OperatorStore operators) {
    this.operators = operators;
  }

  /// Does what is asked.
  @FunctionalInterface
  interface Answer {
    /// Does it.
    ///
    /// @throws NotFoundException if there is no such thing
    /// @throws RefusedException if it cannot be, as things are
    /// @throws IllegalArgumentException if it is asked wrongly
    JsonNode to(Asked asked);
  }

  /// For whoever has that role or one that covers it.
  Handler to(Role needed, Answer answer) {
    return to(role -> role.covers(needed), answer);
  }

  /// For whoever has one of those roles.
  Handler to(Predicate<Role> allowed, Answer answer) {
    return (in, out) ->
        answer(in, out, allowed, asked -> send(out, Status.OK_200, answer.to(asked)));
  }

  /// Answers with a file.
  @FunctionalInterface
  interface FileAnswer {
    /// Finds it, as [Answer#to].
    Path to(Asked asked);
  }

  /// As [#to], with a file in the answer.
  Handler toFile(Role needed, FileAnswer answer) {
    return (in, out) ->
        answer(in, out, role -> role.covers(needed), asked -> sendFile(out, answer.to(asked)));
  }

  private static void sendFile(ServerResponse out, Path file) {
    try {
      Octets content = Octets.of(Files.readAllBytes(file));
      send(out, new Download("application/zip", file.getFileName().toString(), content));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /// Answers with a file that is made for it.
  @FunctionalInterface
  interface DownloadAnswer {
    /// Makes it, as [Answer#to].
    Download to(Asked asked);
  }

  /// As [#to], with a file in the answer that is made for it.
  Handler toDownload(Role needed, DownloadAnswer answer) {
    return (in, out) ->
        answer(in, out, role -> role.covers(needed), asked -> send(out, answer.to(asked)));
  }

  private static void send(ServerResponse out, Download file) {
    out.header(HeaderNames.CONTENT_TYPE, file.type())
        .header(HeaderNames.CACHE_CONTROL, "no-store")
        .header(HeaderNames.CONTENT_DISPOSITION, "attachment; filename=\"" + file.name() + "\"")
        .send(file.content().toArray());
  }

  private void answer(
      ServerRequest in, ServerResponse out, Predicate<Role> allowed, Consumer<Asked> answer) {
    try {
      Optional<Operator> operator = operator(in);
      if (operator.isEmpty()) {
        sendAway(out);
      } else if (!allowed.test(operator.get().role())) {
        send(
            out,
            Status.FORBIDDEN_403,
            Answers.error(
                "needs the role "
                    + Arrays.stream(Role.values())
                        .filter(allowed)
                        .map(Answers::word)
                        .findFirst()
                        .orElseThrow()
                    + ", and yours is "
                    + Answers.word(operator.get().role())));
      } else {
        answer.accept(new Asked(in, operator.get()));
      }
    } catch (NotFoundException e) {
      send(out, Status.NOT_FOUND_404, Answers.error(String.valueOf(e.getMessage())));
    } catch (RefusedException e) {
      send(out, Status.CONFLICT_409, Answers.error(String.valueOf(e.getMessage())));
    } catch (IllegalArgumentException e) {
      send(out, Status.BAD_REQUEST_400, Answers.error(String.valueOf(e.getMessage())));
    } catch (RuntimeException e) {
      failed(out, e);
    }
  }

  /// Who asks, if it is somebody.
  Optional<Operator> operator(ServerRequest in) {
    return in.headers()
        .first(HeaderNames.AUTHORIZATION)
        .filter(value -> value.startsWith(BEARER))
        .map(value -> value.substring(BEARER.length()))
        .or(() -> Console.tokenIn(in))
        .flatMap(operators::holder);
  }

  /// Has a browser keep a token, if it is one.
  void comeIn(ServerRequest in, ServerResponse out) {
    try {
      String token = Body.text(Body.of(in), "token");
      if (operators.holder(token).isPresent()) {
        keep(out, token);
      } else {
        send(out, Status.UNAUTHORIZED_401, Answers.error("nobody has that token"));
      }
    } catch (IllegalArgumentException e) {
      send(out, Status.BAD_REQUEST_400, Answers.error(String.valueOf(e.getMessage())));
    } catch (RuntimeException e) {
      failed(out, e);
    }
  }

  /// Has a browser keep a token, or none with an empty one.
  static void keep(ServerResponse out, String token) {
    out.header(HeaderNames.SET_COOKIE, Console.cookie(token));
    send(out, Status.OK_200, Answers.object());
  }

  static void sendAway(ServerResponse out) {
    send(out, Status.UNAUTHORIZED_401, Answers.error("no token, or none that is known here"));
  }

  private static void failed(ServerResponse out, RuntimeException problem) {
    LOG.log(System.Logger.Level.ERROR, "a request could not be served", problem);
    send(
        out,
        Status.SERVICE_UNAVAILABLE_503,
        Answers.error("the server cannot do this now; its log says why"));
  }

  private static void send(ServerResponse out, Status status, JsonNode body) {
    out.status(status)
        .header(HeaderNames.CONTENT_TYPE, "application/json")
        .header(HeaderNames.CACHE_CONTROL, "no-store")
        .send(body.toString().getBytes(StandardCharsets.UTF_8));
  }
}
