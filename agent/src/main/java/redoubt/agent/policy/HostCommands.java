package redoubt.agent.policy;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;

/// Runs programs of the host for what they print. Implementations may be called by any thread.
@FunctionalInterface
public interface HostCommands {
  /// The most lines that are taken of its output.
  long MOST_LINES = 4_000_000;

  /// Runs a program to its end.
  ///
  /// @param command the program's path and its arguments
  /// @param limit how long it may take
  /// @return the lines that it printed, without blank ones
  /// @throws IOException if it cannot be run or takes too long
  List<String> run(List<String> command, Duration limit) throws IOException;

  /// Those that run as children of this process: never while hooks are open.
  static HostCommands asChildren() {
    return HostCommands::runChild;
  }

  private static List<String> runChild(List<String> command, Duration limit) throws IOException {
    Process child =
        new ProcessBuilder(command)
            .redirectError(ProcessBuilder.Redirect.DISCARD)
            .redirectInput(ProcessBuilder.Redirect.from(Path.of("/dev/null").toFile()))
            .start();
    Thread deadline = Thread.ofVirtual().start(() -> endAfter(child, limit));
    try (BufferedReader output = child.inputReader(StandardCharsets.UTF_8)) {
      return output.lines().filter(line -> !line.isBlank()).limit(MOST_LINES).toList();
    } catch (UncheckedIOException e) {
      throw e.getCause();
    } finally {
      child.destroyForcibly();
      deadline.interrupt();
    }
  }

  private static void endAfter(Process child, Duration limit) {
    try {
      if (!child.waitFor(limit.toMillis(), TimeUnit.MILLISECONDS)) {
        child.destroyForcibly();
      }
    } catch (InterruptedException _) {
      child.destroyForcibly();
    }
  }
}
