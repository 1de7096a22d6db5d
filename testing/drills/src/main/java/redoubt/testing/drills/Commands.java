package redoubt.testing.drills;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;

/// What drills run on this machine. Stateless.
final class Commands {
  private static final Duration LIMIT = Duration.ofMinutes(5);
  private static final Duration END = Duration.ofSeconds(20);
  private static final long LOOK_MILLIS = 20;

  private Commands() {}

  /// What a command said.
  ///
  /// @param status its exit status
  record Said(int status, String text) {
    /// The same, of one that had to succeed.
    ///
    /// @throws IOException with what it said, if it has not
    Said required() throws IOException {
      if (status != 0) {
        throw new IOException(text.strip());
      }
      return this;
    }
  }

  /// Something that may not hold yet.
  interface Condition {
    boolean holds() throws IOException;
  }

  /// Runs a command to its end, five minutes at most.
  ///
  /// @param environment variables beside our own
  static Said run(Map<String, String> environment, List<String> command) throws IOException {
    ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(true);
    builder.environment().putAll(environment);
    Process process = builder.start();
    process.getOutputStream().close();
    String text = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    return new Said(awaitEnd(process, LIMIT), text);
  }

  /// Runs a command to its end, without more environment.
  static Said run(String... command) throws IOException {
    return run(Map.of(), List.of(command));
  }

  /// Starts one that goes on.
  ///
  /// @param log takes what it prints
  static Process start(Map<String, String> environment, List<String> command, Path log)
      throws IOException {
    ProcessBuilder builder =
        new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(log.toFile());
    builder.environment().putAll(environment);
    return builder.start();
  }

  /// Ends one that was asked to end, and all that it started, if it does not by itself in time.
  static void end(Process process) {
    if (!process.isAlive()) {
      return;
    }
    try {
      awaitEnd(process, END);
    } catch (IOException _) {
      List<ProcessHandle> family = process.descendants().toList();
      process.destroyForcibly();
      family.forEach(ProcessHandle::destroyForcibly);
    }
  }

  private static int awaitEnd(Process process, Duration limit) throws IOException {
    try {
      if (!process.waitFor(limit.toSeconds(), TimeUnit.SECONDS)) {
        process.destroyForcibly();
        throw new IOException("does not end: pid=" + process.pid());
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException("interrupted", e);
    }
    return process.exitValue();
  }

  /// Waits until something holds.
  ///
  /// @param story what else is to be said if it does not
  /// @throws IOException if it does not in time
  static void await(String what, Duration limit, Condition condition, Supplier<String> story)
      throws IOException {
    long end = System.nanoTime() + limit.toNanos();
    while (!condition.holds()) {
      if (System.nanoTime() - end > 0) {
        throw new IOException("did not come in time: " + what + "\n" + story.get());
      }
      pause(LOOK_MILLIS);
    }
  }

  static void pause(long millis) throws IOException {
    try {
      Thread.sleep(millis);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException("interrupted", e);
    }
  }
}
