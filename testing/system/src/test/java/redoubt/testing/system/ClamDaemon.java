package redoubt.testing.system;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HexFormat;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/// ClamAV's daemon as Debian ships it, in a folder of its own, with one signature: [#EVIL] anywhere
/// in a file. Can be started again.
final class ClamDaemon implements AutoCloseable {
  /// What the signature stands for.
  static final String EVIL = "EVIL-FOR-CLAMAV";

  /// The signature's name; what did not come from its makers is called unofficial.
  static final String SIGNATURE = "Test.Evil.UNOFFICIAL";

  private static final Duration LIMIT = Duration.ofSeconds(60);

  private static final Path MANIFEST = Path.of("../../packaging/engines/optional/clamav.engine");

  private final Path folder;
  private final Path socket;
  private @Nullable Process process;

  private ClamDaemon(Path folder, Path socket) {
    this.folder = folder;
    this.socket = socket;
  }

  /// Makes its folder, and does not start it.
  ///
  /// @param temporary where it puts what it unpacks
  /// @param socket where it listens
  static ClamDaemon in(Path folder, Path temporary, Path socket) throws IOException {
    Path signatures = Files.createDirectories(folder.resolve("signatures"));
    Files.writeString(
        signatures.resolve("test.ndb"),
        "Test.Evil:0:*:"
            + HexFormat.of().formatHex(EVIL.getBytes(StandardCharsets.US_ASCII))
            + "\n");
    Files.writeString(
        folder.resolve("clamd.conf"),
        """
        LocalSocket %s
        LocalSocketMode 666
        DatabaseDirectory %s
        TemporaryDirectory %s
        Foreground yes
        User root
        """
            .formatted(socket, signatures, temporary));
    return new ClamDaemon(folder, socket);
  }

  Path socket() {
    return socket;
  }

  /// An engine that asks this daemon, as its owner makes it for a clamd that is somewhere else.
  Path manifest(String id) throws IOException {
    String text =
        Files.readString(MANIFEST)
            .replace("id=clamav", "id=" + id)
            .replace("/run/clamav/clamd.ctl", socket.toString());
    return Files.writeString(folder.resolve("clamav.engine"), text);
  }

  /// Starts it and waits until it listens.
  void start() throws Exception {
    Files.deleteIfExists(socket);
    Process started =
        new ProcessBuilder("clamd", "-c", folder.resolve("clamd.conf").toString())
            .redirectErrorStream(true)
            .redirectOutput(folder.resolve("log").toFile())
            .start();
    process = started;
    Await.until("clamd" + log(), LIMIT, () -> Files.exists(socket) || !started.isAlive());
    if (!started.isAlive()) {
      throw new AssertionError("clamd ended: " + log());
    }
  }

  String log() throws IOException {
    Path log = folder.resolve("log");
    return Files.exists(log) ? "\n" + Files.readString(log) : "";
  }

  /// Lets it stand still, or go on.
  void stand(boolean still) {
    Outcome.of("kill", still ? "-STOP" : "-CONT", Objects.requireNonNull(process).pid())
        .requireSuccess();
  }

  /// Ends it at once, if it runs.
  void kill() {
    Process running = process;
    if (running != null) {
      var _ =
          running.destroyForcibly().onExit().orTimeout(LIMIT.toSeconds(), TimeUnit.SECONDS).join();
    }
  }

  @Override
  public void close() {
    kill();
  }
}
