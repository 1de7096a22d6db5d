package redoubt.agent.policy;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/// Runs programs of the host for what they print. Implementations may be called by any thread.
@FunctionalInterface
public interface HostCommands {
  /// Runs a program to its end.
  ///
  /// @param command the program's path and its arguments
  /// @param limit how long it may take
  /// @param lines takes the lines that it prints, one after the other: all of them together may be
  ///   more than fits into memory. Hears of some also where the program then fails
  /// @throws IOException if it cannot be run
  void run(List<String> command, Duration limit, Consumer<String> lines) throws IOException;

  /// Those that run as children of this process: never while hooks are open.
  static HostCommands asChildren() {
    return HostCommands::runChild;
  }

  private static void runChild(List<String> command, Duration limit, Consumer<String> lines)
      throws IOException {
    Process child =
        new ProcessBuilder(command)
            .redirectError(ProcessBuilder.Redirect.DISCARD)
            .redirectInput(ProcessBuilder.Redirect.from(Path.of("/dev/null").toFile()))
            .start();
    Thread deadline = Thread.ofVirtual().start(() -> endAfter(child, limit));
    try (BufferedReader output = child.inputReader(StandardCharsets.UTF_8)) {
      output.lines().forEach(lines);
    } catch (UncheckedIOException e) {
      throw e.getCause();
    } finally {
      endTree(child);
      deadline.interrupt();
    }
  }

  private static void endAfter(Process child, Duration limit) {
    try {
      if (!child.waitFor(limit.toMillis(), TimeUnit.MILLISECONDS)) {
        endTree(child);
      }
    } catch (InterruptedException _) {
      // It is ended by whoever interrupts.
    }
  }

  /// Ends a program and what it has started, which else would go on, and hold the pipe that is read
  /// to its end. Looked for first: whoever loses its parent is not found any more.
  private static void endTree(Process child) {
    List<ProcessHandle> below = child.descendants().toList();
    child.destroyForcibly();
    below.forEach(ProcessHandle::destroyForcibly);
  }
}
