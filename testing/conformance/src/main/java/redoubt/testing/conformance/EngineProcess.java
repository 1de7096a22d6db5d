package redoubt.testing.conformance;

import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.stream.Stream;
import redoubt.core.linux.LinuxException;
import redoubt.core.linux.SeqPacketListener;
import redoubt.core.linux.SeqPacketSocket;

/// An engine's process, started as the agent starts it: with the name of a socket in its
/// environment.
final class EngineProcess implements AutoCloseable {
  private static final String SOCKET_VARIABLE = "REDOUBT_SOCKET";
  private static final int LAST_WORDS = 300;
  private static final int SIGNALLED = 128;

  private final Process process;
  private final Path output;
  private final SeqPacketSocket socket;

  private EngineProcess(Process process, Path output, SeqPacketSocket socket) {
    this.process = process;
    this.output = output;
    this.socket = socket;
  }

  /// Starts the engine and waits until it has connected.
  ///
  /// @param directory where its socket and its output go
  /// @throws ClaimBrokenException if it does not connect in time
  static EngineProcess start(List<String> command, Path directory)
      throws IOException, InterruptedException {
    Path path = directory.resolve("engine.sock");
    Path output = directory.resolve("output");
    ProcessBuilder builder = new ProcessBuilder(command);
    builder.redirectErrorStream(true).redirectOutput(output.toFile());
    builder.redirectInput(new File("/dev/null"));
    builder.environment().put(SOCKET_VARIABLE, path.toString());
    try (SeqPacketListener listener = SeqPacketListener.bind(path, 0600)) {
      Process process = builder.start();
      try {
        return new EngineProcess(process, output, accept(listener, process));
      } catch (ClaimBrokenException e) {
        process.destroyForcibly();
        throw new ClaimBrokenException(e.getMessage() + lastWords(output));
      }
    }
  }

  private static SeqPacketSocket accept(SeqPacketListener listener, Process process)
      throws InterruptedException {
    CompletableFuture<SeqPacketSocket> accepted = new CompletableFuture<>();
    Thread accepting =
        Thread.ofPlatform().daemon().name("accept").start(() -> completeAccept(listener, accepted));
    try {
      CompletableFuture.anyOf(accepted, process.onExit())
          .get(Settings.HELLO_MILLIS, TimeUnit.MILLISECONDS);
      // One that has connected and ended at once still waits to be accepted.
      return accepted.get(Settings.SILENCE_MILLIS, TimeUnit.MILLISECONDS);
    } catch (TimeoutException | ExecutionException _) {
      listener.shutdown();
      throw new ClaimBrokenException(
          process.isAlive()
              ? "did not connect within " + Settings.HELLO_MILLIS + " ms"
              : "ended before it connected: status=" + process.exitValue());
    } finally {
      accepting.join();
    }
  }

  private static void completeAccept(
      SeqPacketListener listener, CompletableFuture<SeqPacketSocket> accepted) {
    try {
      accepted.complete(listener.accept());
    } catch (LinuxException e) {
      accepted.completeExceptionally(e);
    }
  }

  SeqPacketSocket socket() {
    return socket;
  }

  /// Whether the process at the other end is the one that was started or a child of it.
  boolean connectedItself() {
    long peer = socket.peer().pid();
    return peer == process.pid()
        || process.toHandle().descendants().anyMatch(child -> child.pid() == peer);
  }

  /// How many descriptors the engine has open.
  int descriptors() throws IOException {
    try (Stream<Path> open = Files.list(Path.of("/proc/" + socket.peer().pid() + "/fd"))) {
      return (int) open.count();
    }
  }

  /// The engine's resident and swapped memory.
  long memoryKib() throws IOException {
    try (Stream<String> lines = Files.lines(Path.of("/proc/" + socket.peer().pid() + "/status"))) {
      return lines
          .filter(line -> line.startsWith("VmRSS:") || line.startsWith("VmSwap:"))
          .mapToLong(line -> Long.parseLong(line.replaceAll("[^0-9]", "")))
          .sum();
    }
  }

  boolean alive() {
    return process.isAlive();
  }

  /// Waits for the process to end by itself.
  ///
  /// @return its exit status
  /// @throws ClaimBrokenException if it goes on, or a signal ended it
  int awaitExit(long millis) throws InterruptedException {
    if (!process.waitFor(millis, TimeUnit.MILLISECONDS)) {
      throw new ClaimBrokenException("still runs after " + millis + " ms" + lastWords());
    }
    if (process.exitValue() >= SIGNALLED) {
      throw new ClaimBrokenException(
          "was ended by a signal: signal=" + (process.exitValue() - SIGNALLED) + lastWords());
    }
    return process.exitValue();
  }

  /// What the engine printed last, to be put behind a problem.
  String lastWords() {
    return lastWords(output);
  }

  private static String lastWords(Path output) {
    try {
      String text = new String(Files.readAllBytes(output), StandardCharsets.UTF_8).strip();
      String last = text.substring(Math.max(0, text.length() - LAST_WORDS));
      return text.isEmpty() ? "" : "; it printed: " + last.replaceAll("\\s*\\R\\s*", " / ");
    } catch (IOException e) {
      return "; what it printed cannot be read: " + e.getMessage();
    }
  }

  @Override
  public void close() {
    socket.close();
    process.descendants().forEach(ProcessHandle::destroyForcibly);
    process.destroyForcibly();
  }
}
