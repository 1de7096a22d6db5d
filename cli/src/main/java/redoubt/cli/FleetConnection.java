package redoubt.cli;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;
import redoubt.core.http.TokenClient;
import redoubt.core.model.Octets;

/// How the commands of `redoubt fleet` reach the server.
final class FleetConnection {
  private static final String BASE = "/api/v1";
  private static final JsonMapper JSON = new JsonMapper();

  /// What the server's refusals mean for whoever asked (`spec/fleet-api.yaml`).
  private static final Map<Integer, Integer> EXITS =
      Map.of(
          400, ExitCode.USAGE,
          401, ExitCode.PERMISSION,
          403, ExitCode.PERMISSION,
          404, ExitCode.NO,
          409, ExitCode.NO);

  private static final int OK = 200;
  private static final int PAGE = 1_000;

  @Option(
      names = "--access",
      paramLabel = "FILE",
      description =
          "The access file that says where the server is, and who asks. Default: what"
              + " REDOUBT_FLEET_ACCESS names, then ~/.config/redoubt/fleet.json, then that of the"
              + " server on this host.")
  private @Nullable Path file;

  /// The access to use.
  ///
  /// @throws Problem if there is none
  FleetAccess access(Session session) {
    if (file != null) {
      return FleetAccess.read(file);
    }
    Path own = session.directories().access();
    Path local = session.directories().fleet().resolve("owner.json");
    for (Path candidate : List.of(own, local)) {
      if (Files.exists(candidate)) {
        return FleetAccess.read(candidate);
      }
    }
    throw new Problem(
        ExitCode.USAGE,
        "no access to a fleet server: looked=" + own + ", " + local,
        "ask the fleet's owner for an access file, or start a server: redoubt fleet serve");
  }

  /// Asks for something.
  JsonNode get(Session session, String path) {
    return ask(session, "GET", path, null);
  }

  /// Asks, and takes the answer apart.
  ///
  /// @param path behind the interface's own, with a slash first
  /// @throws Problem if the server cannot be reached or says no
  JsonNode ask(Session session, String method, String path, @Nullable ObjectNode body) {
    return ask(
        session,
        method,
        path,
        body == null ? "" : body.toString(),
        answer -> JSON.readTree(answer.text()));
  }

  /// Fetches a file.
  ///
  /// @throws Problem if the server cannot be reached or says no
  Octets fetch(Session session, String path) {
    return ask(session, "GET", path, "", TokenClient.Answer::body);
  }

  /// Takes an answer apart that is none of no.
  private interface Reading<T> {
    T of(TokenClient.Answer answer) throws JsonProcessingException;
  }

  private <T> T ask(Session session, String method, String path, String body, Reading<T> reading) {
    FleetAccess access = access(session);
    try (TokenClient client = access.open()) {
      TokenClient.Answer answer = client.ask(method, BASE + path, body);
      if (answer.status() != OK) {
        throw refused(answer.status(), JSON.readTree(answer.text()));
      }
      return reading.of(answer);
    } catch (JsonProcessingException _) {
      throw new Problem(
          ExitCode.INTERNAL,
          "what answers is no fleet server: server=" + access.server(),
          "look at the address in the access file");
    } catch (IllegalArgumentException e) {
      throw new Problem(
          ExitCode.USAGE,
          "the access file cannot be used: " + e.getMessage(),
          "ask the fleet's owner for another");
    } catch (IOException e) {
      throw new Problem(
          ExitCode.NO_AGENT,
          "the fleet server cannot be reached: server=" + access.server() + " error=" + cause(e),
          "see whether it runs, and whether its address is the one in the access file");
    }
  }

  private static Problem refused(int status, JsonNode node) {
    return new Problem(
        EXITS.getOrDefault(status, ExitCode.INTERNAL),
        Printable.of(node.path("error").asText("the server refused: status=" + status)),
        status == 401
            ? "ask the fleet's owner for another access file"
            : status == 403 ? "ask somebody who may" : "see the message");
  }

  /// The innermost words: those around them name classes.
  private static String cause(IOException problem) {
    Throwable root = problem;
    for (Throwable next = problem.getCause(); next != null; next = next.getCause()) {
      root = next;
    }
    String words = root.getMessage();
    return words == null ? root.getClass().getSimpleName() : words;
  }

  /// The path of a host, by its id or its name.
  ///
  /// @throws Problem if there is none of that name, or more than one
  String host(Session session, String idOrName) {
    return "/hosts/" + hostId(session, idOrName);
  }

  /// The id of a host.
  ///
  /// @param idOrName its id, or its name where no other has it
  /// @throws Problem if there is none, or several have that name
  String hostId(Session session, String idOrName) {
    if (idOrName.matches("[0-9a-fA-F]{32}")) {
      return idOrName;
    }
    List<JsonNode> named =
        hosts(session).stream()
            .filter(host -> host.path("name").asText().equals(idOrName))
            .toList();
    if (named.isEmpty()) {
      throw new Problem(
          ExitCode.NO,
          "no host of that name: name=" + Printable.of(idOrName),
          "redoubt fleet hosts");
    }
    if (named.size() > 1) {
      throw new Problem(
          ExitCode.USAGE,
          "several hosts have that name: ids="
              + String.join(", ", named.stream().map(host -> host.path("id").asText()).toList()),
          "name one by its id");
    }
    return named.getFirst().path("id").asText();
  }

  /// All hosts, in the order in which they were taken in.
  List<JsonNode> hosts(Session session) {
    List<JsonNode> all = new ArrayList<>();
    while (true) {
      int before = all.size();
      int from = all.isEmpty() ? 0 : all.getLast().path("number").asInt() + 1;
      get(session, "/hosts?most=" + PAGE + "&from=" + from).path("hosts").forEach(all::add);
      if (all.size() < before + PAGE) {
        return all;
      }
    }
  }

  /// A word as part of a path.
  static String part(String word) {
    return URLEncoder.encode(word, StandardCharsets.UTF_8).replace("+", "%20");
  }
}
