package redoubt.agent.engine;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/// The agent's hand on the spawner: the small process that starts every engine, so that the agent
/// never forks and no child ever holds the hook's descriptor (`linux-hooks`, F6).
///
/// It must be opened before the hooks are. When the agent dies, the spawner sees the end of its
/// input and kills every engine. Thread-safe; each call waits for the spawner's one-line answer.
public final class Spawner implements AutoCloseable {
  private final Process process;
  private final Writer requests;
  private final BufferedReader answers;
  private long tokens;

  private Spawner(Process process) {
    this.process = process;
    this.requests = process.outputWriter(StandardCharsets.UTF_8);
    this.answers =
        new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8));
  }

  /// Starts the spawner. Its standard error is the agent's.
  ///
  /// @param script the spawner's program
  /// @throws IOException if it cannot be started
  public static Spawner open(Path script) throws IOException {
    ProcessBuilder builder = new ProcessBuilder("/bin/sh", script.toString());
    builder.redirectError(ProcessBuilder.Redirect.INHERIT);
    builder.environment().clear();
    builder.environment().put("PATH", "/usr/sbin:/usr/bin:/sbin:/bin");
    return new Spawner(builder.start());
  }

  /// Runs `action` when the spawner has ended, on a thread of the platform's.
  public void onExit(Runnable action) {
    var _ = process.onExit().thenRun(action);
  }

  /// The spawner's process id.
  public int pid() {
    return Math.toIntExact(process.pid());
  }

  /// Starts an engine, confined.
  ///
  /// @param uid the user id that is the engine's own
  /// @return the engine's process id
  /// @throws UncheckedIOException if the spawner is gone or refuses
  public synchronized int start(
      EngineManifest manifest, int uid, List<String> procsFiles, Map<String, String> environment) {
    String token = manifest.id() + "-" + ++tokens;
    String request =
        String.join(
            "\t",
            "start",
            token,
            Integer.toString(uid),
            Integer.toString(manifest.memoryMiB() * 1024),
            Integer.toString(manifest.processes()),
            Integer.toString(manifest.openFiles()),
            orDash(String.join(" ", procsFiles)),
            orDash(
                environment.entrySet().stream()
                    .map(variable -> variable.getKey() + "=" + variable.getValue())
                    .collect(Collectors.joining(" "))),
            String.join("\t", manifest.command()));
    String[] answer = ask(request).split("\t");
    if (answer.length == 3 && answer[0].equals("started") && answer[1].equals(token)) {
      return Integer.parseInt(answer[2]);
    }
    throw new UncheckedIOException(
        new IOException("spawner refused: answer=" + String.join(" ", answer)));
  }

  /// Kills an engine and whatever it started.
  public synchronized void kill(int pid) {
    ask("kill\t" + pid);
  }

  private String ask(String request) {
    if (request.indexOf('\n') >= 0) {
      throw new IllegalArgumentException("a request is one line: request=" + request);
    }
    try {
      requests.write(request);
      requests.write('\n');
      requests.flush();
      String answer = answers.readLine();
      if (answer == null) {
        throw new IOException("spawner gone: pid=" + process.pid());
      }
      return answer;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static String orDash(String text) {
    return text.isEmpty() ? "-" : text;
  }

  /// Ends the spawner and with it every engine.
  @Override
  public void close() {
    try {
      requests.close();
    } catch (IOException _) {
      // The spawner is gone already, and the engines with it.
    }
  }
}
