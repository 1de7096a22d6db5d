package redoubt.testing.system;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/// A server of a fleet, as its owner runs it on this host, which can be killed and started again on
/// the same folder, and the commands that ask it.
final class ServedFleet implements AutoCloseable {
  private static final JsonMapper JSON = new JsonMapper();
  private static final Duration START = Duration.ofSeconds(60);

  private final Path folder;
  private final List<Object> options;
  private Process process;
  private JsonNode said;

  private ServedFleet(Path folder, List<Object> options) throws Exception {
    this.folder = folder;
    this.options = options;
    process = begin();
    said = awaitReady();
  }

  /// Starts one.
  ///
  /// @param folder where it keeps everything
  /// @param options further options of `redoubt fleet serve`
  static ServedFleet start(Path folder, Object... options) throws Exception {
    return new ServedFleet(folder, List.of(options));
  }

  private Path output(String name) {
    return folder.resolveSibling(folder.getFileName() + name);
  }

  private Process begin() throws IOException {
    List<String> command =
        new ArrayList<>(
            List.of(
                Distribution.frontDoor().toString(),
                "fleet",
                "serve",
                "--json",
                "--folder",
                folder.toString(),
                "--name=127.0.0.1",
                "--people=127.0.0.1:0"));
    options.forEach(option -> command.add(option.toString()));
    Files.deleteIfExists(output(".said"));
    return new ProcessBuilder(command)
        .redirectOutput(output(".said").toFile())
        .redirectError(output(".log").toFile())
        .start();
  }

  private JsonNode awaitReady() throws Exception {
    return Await.value(
        "a server that serves",
        START,
        () -> {
          if (!process.isAlive()) {
            throw new AssertionError("the server has ended: " + Files.readString(output(".log")));
          }
          JsonNode node = JSON.readTree(Files.readString(output(".said")));
          return Optional.of(node).filter(it -> it.has("hostPort"));
        });
  }

  /// A port that nobody uses now, for a server that is to be found again after a restart.
  static int freePort() throws IOException {
    try (ServerSocket any = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      return any.getLocalPort();
    }
  }

  /// The port at which hosts come in.
  int hostPort() {
    return said.path("hostPort").asInt();
  }

  /// The access file of its first owner.
  Path owner() {
    return Path.of(said.path("ownerAccess").asText());
  }

  /// Runs `redoubt fleet` with these words for somebody who has an access file.
  static Outcome as(Path access, Object... words) {
    List<Object> command = new ArrayList<>(List.of(Distribution.frontDoor(), "fleet"));
    command.addAll(List.of(words));
    command.addAll(List.of("--access", access));
    return Outcome.of(command.toArray());
  }

  /// As [#as], and it has to succeed, with `--json`.
  static JsonNode jsonAs(Path access, Object... words) throws IOException {
    List<Object> command = new ArrayList<>(List.of(words));
    command.add("--json");
    return JSON.readTree(as(access, command.toArray()).requireSuccess().output());
  }

  /// Kills it.
  void kill() throws InterruptedException {
    process.destroyForcibly().waitFor();
  }

  /// Asks it to stop.
  ///
  /// @return whether it has, within twenty seconds
  boolean stop() throws InterruptedException {
    process.destroy();
    return process.waitFor(20, TimeUnit.SECONDS);
  }

  /// Starts it again.
  void startAgain() throws Exception {
    process = begin();
    said = awaitReady();
  }

  @Override
  public void close() {
    try {
      kill();
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
    }
  }
}
