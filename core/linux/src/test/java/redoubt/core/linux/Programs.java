package redoubt.core.linux;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;

/// Runs programs of the host for tests.
final class Programs {
  private Programs() {}

  /// Runs a program to its end and returns its output.
  ///
  /// @throws IllegalStateException unless it exits with 0
  static String run(String... command) throws IOException {
    Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
    String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    int status = await(process);
    if (status != 0) {
      throw new IllegalStateException(
          "program failed: status=" + status + " command=" + List.of(command) + "\n" + output);
    }
    return output;
  }

  private static int await(Process process) {
    try {
      return process.waitFor();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted: pid=" + process.pid(), e);
    }
  }
}
