package redoubt.engine.allowlist;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import redoubt.engine.kit.EngineHost;
import redoubt.engine.kit.Rehearsal;

/// The process of application control; started by the agent, which names its socket in the
/// environment.
public final class Main {
  private static final int REHEARSED_EVENTS = 1_000;
  private static final int USAGE = 64;

  private Main() {}

  /// Serves until the agent ends the connection, then exits with the status that [EngineHost]
  /// gives. With `--libraries` machine code that any program opens is judged too. With `--train` it
  /// rehearses instead, so that a start-up cache can be written.
  public static void main(String[] arguments) throws IOException {
    String argument = String.join(" ", arguments);
    switch (argument) {
      case "" -> serve(false);
      case "--libraries" -> serve(true);
      case "--train" -> System.exit(train());
      default -> {
        System.err.println("usage: allowlist [--libraries | --train]");
        System.exit(USAGE);
      }
    }
  }

  private static void serve(boolean libraries) {
    System.exit(EngineHost.serve(new Allowlist(libraries)));
  }

  private static int train() throws IOException {
    Path file = Files.createTempFile("redoubt-training", "");
    try {
      return new Rehearsal(file, REHEARSED_EVENTS).run(new Allowlist(false));
    } finally {
      Files.delete(file);
    }
  }
}
