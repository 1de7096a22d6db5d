package redoubt.engine.scanner;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import redoubt.engine.kit.EngineHost;
import redoubt.engine.kit.Rehearsal;

/// The scanner's process; started by the agent, which names its socket in the environment.
public final class Main {
  /// Has every kind of entry, so that a rehearsal uses every digest.
  private static final String REHEARSED_LIST =
      """
      # nothing has these digests
      0000000000000000000000000000000000000000000000000000000000000000 nothing
      0000000000000000000000000000000000000000 nothing
      00000000000000000000000000000000 nothing
      """;

  private static final int REHEARSED_EVENTS = 3_000;

  private Main() {}

  /// Serves until the agent ends the connection, then exits with the status that [EngineHost]
  /// gives. With `--train` it rehearses instead, so that a start-up cache can be written.
  public static void main(String[] arguments) throws IOException {
    if (arguments.length == 1 && arguments[0].equals("--train")) {
      System.exit(train());
    }
    System.exit(EngineHost.serve(new Scanner()));
  }

  private static int train() throws IOException {
    Path file = Files.createTempFile("redoubt-training", "");
    try {
      Files.writeString(file, "judged in training");
      byte[] list = REHEARSED_LIST.getBytes(StandardCharsets.UTF_8);
      return new Rehearsal(list, file, REHEARSED_EVENTS).run(new Scanner());
    } finally {
      Files.delete(file);
    }
  }
}
