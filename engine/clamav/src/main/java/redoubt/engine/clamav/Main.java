package redoubt.engine.clamav;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import redoubt.engine.kit.EngineHost;
import redoubt.engine.kit.Rehearsal;

/// The process that asks clamd; started by the agent, which names its own socket in the environment
/// and clamd's on the command line.
public final class Main {
  private static final Duration WATCH = Duration.ofSeconds(5);
  private static final int REHEARSED_EVENTS = 1_000;
  private static final int USAGE = 64;

  private Main() {}

  /// Serves until the agent ends the connection or clamd has other signatures, then exits with the
  /// status that [EngineHost] gives. With `--train` it rehearses instead, so that a start-up cache
  /// can be written.
  public static void main(String[] arguments) throws IOException {
    if (arguments.length != 1) {
      System.err.println("usage: clamav SOCKET-OF-CLAMD | --train");
      System.exit(USAGE);
    }
    if (arguments[0].equals("--train")) {
      System.exit(train());
    }
    ClamAv engine = new ClamAv(new Clamd(Path.of(arguments[0])));
    Thread.ofPlatform().name("clamd-watch").daemon().start(() -> watch(engine));
    System.exit(EngineHost.serve(engine));
  }

  /// The platform takes the same engine of the same version to judge alike, so another one begins.
  private static void watch(ClamAv engine) {
    try {
      while (true) {
        Thread.sleep(WATCH);
        engine
            .changed()
            .ifPresent(now -> {
              System.err.println("redoubt engine: begins again, clamd has changed: " + now);
              System.exit(EngineHost.ENDED);
            });
      }
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
    }
  }

  private static int train() throws IOException {
    Path file = Files.createTempFile("redoubt-training", "");
    try {
      return new Rehearsal(file, REHEARSED_EVENTS)
          .run(new ClamAv(new Clamd(Path.of("/nowhere/clamd.ctl"))));
    } finally {
      Files.delete(file);
    }
  }
}
