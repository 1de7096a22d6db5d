package redoubt.testing.system;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

/// How a command of the host ended.
///
/// @param pid the process that it was
/// @param status its exit status, 128 more than the signal if one ended it
/// @param output what it wrote to standard output and standard error
record Outcome(long pid, int status, String output) {
  private static final Duration LIMIT = Duration.ofSeconds(60);

  /// Runs a command to its end, as root, in the C locale, without standard input.
  ///
  /// What it starts first is `env`, which lies on no scratch file system: a refusal to start the
  /// named program is an outcome like any other.
  ///
  /// @throws AssertionError if it takes longer than a minute; it is killed
  static Outcome of(Object... command) {
    return of(Map.of(), command);
  }

  /// As [#of(Object...)], with more environment variables.
  static Outcome of(Map<String, String> environment, Object... command) {
    return of(LIMIT, environment, command);
  }

  /// As [#of(Object...)], for what may take longer than a minute.
  static Outcome within(Duration limit, Object... command) {
    return of(limit, Map.of(), command);
  }

  private static Outcome of(Duration limit, Map<String, String> environment, Object... command) {
    List<String> words = new ArrayList<>(List.of("env"));
    environment.forEach((name, value) -> words.add(name + "=" + value));
    words.add("LC_ALL=C");
    for (Object word : command) {
      words.add(word.toString());
    }
    try {
      return run(limit, words);
    } catch (IOException e) {
      throw new UncheckedIOException("command not started: command=" + words, e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted: command=" + words, e);
    }
  }

  private static Outcome run(Duration limit, List<String> words)
      throws IOException, InterruptedException {
    Process process = new ProcessBuilder(words).redirectErrorStream(true).start();
    process.getOutputStream().close();
    CompletableFuture<byte[]> output = new CompletableFuture<>();
    Thread.ofVirtual().start(() -> readAll(process.getInputStream(), output));
    if (!process.waitFor(limit.toSeconds(), TimeUnit.SECONDS)) {
      process.destroyForcibly();
      throw new AssertionError("command hangs: pid=" + process.pid() + " command=" + words);
    }
    String text = new String(output.join(), StandardCharsets.UTF_8);
    return new Outcome(process.pid(), process.exitValue(), text);
  }

  private static void readAll(InputStream from, CompletableFuture<byte[]> into) {
    try (from) {
      into.complete(from.readAllBytes());
    } catch (IOException e) {
      into.completeExceptionally(e);
    }
  }

  /// Insists on exit status 0.
  Outcome requireSuccess() {
    if (status != 0) {
      throw new AssertionError("command failed: " + this);
    }
    return this;
  }

  /// Whether a [Specimen] ran and said so.
  boolean ran() {
    return output.contains(Specimen.GREETING);
  }

  /// Whether the kernel refused something with EPERM, and no [Specimen] ran.
  boolean denied() {
    return !ran() && output.contains("Operation not permitted");
  }
}
