package redoubt.agent.confinement;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import redoubt.core.linux.Pidfd;
import redoubt.core.linux.Scheduling;
import redoubt.core.model.EngineId;

/// The agent's hand on the spawner: the small process that starts every engine, so that the agent
/// never forks and no child ever holds the hook's descriptor (`linux-hooks`, F6).
///
/// It must be opened before the hooks are. When the agent dies, the spawner sees the end of its
/// input and kills every engine. Thread-safe; each call waits for the spawner's one-line answer.
public final class Spawner implements AutoCloseable {
  private static final FileAttribute<?> OWNER_ONLY =
      PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------"));

  /// How often it is looked whether a program has ended.
  private static final long LOOK_NANOS = 20_000_000L;

  /// How long one that is killed may take to end.
  private static final int END_MILLIS = 1_000;

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
  /// @param run a folder in which only this user can write, for a pipe of its start: a full `/tmp`
  ///   keeps no engine from starting
  /// @throws IOException if it cannot be started
  public static Spawner open(Path script, Path run) throws IOException {
    ProcessBuilder builder = new ProcessBuilder("/bin/sh", script.toString(), run.toString());
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

  /// Starts an engine. Where nobody waits for it, it gives way at once to whoever wakes up, until
  /// [EngineGroups#serve].
  ///
  /// @param id for the spawner's messages
  /// @param filter a file to be opened for the command as [EngineSandbox#FILTER_DESCRIPTOR]
  /// @param output what the command's output is written to
  /// @param groups the control groups to join, before any of the engine's code runs
  /// @param command the program that confines and becomes the engine, with its arguments
  /// @return the process id of that program
  /// @throws UncheckedIOException if the spawner is gone or refuses
  public synchronized int start(
      EngineId id, Path filter, Path output, EngineGroups groups, List<String> command) {
    String token = id + "-" + ++tokens;
    List<String> procsFiles = groups.procsFiles();
    String request =
        String.join(
            "\t",
            "start",
            token,
            filter.toString(),
            output.toString(),
            procsFiles.isEmpty() ? "-" : String.join(" ", procsFiles),
            String.join("\t", command));
    return started(token, groups.serves() ? ask(request) : askInBackground(request));
  }

  /// Runs a program of the host's, unconfined, to its end, and insists that it succeeds.
  ///
  /// @param output a file of our own that takes what the program prints; made, and removed
  /// @param command the program and its arguments, without tabs and line feeds
  /// @param lines takes what it printed, line by line, once it has ended in order
  /// @throws IOException if it fails, takes longer than `limit`, or the spawner is gone
  public void run(List<String> command, Path output, Duration limit, Consumer<String> lines)
      throws IOException {
    try {
      int status = run(command, output, limit);
      if (status != 0) {
        throw new IOException("failed: status=" + status + " command=" + command.getFirst());
      }
      // What is no UTF-8 comes as replacement characters.
      try (BufferedReader printed =
          new BufferedReader(
              new InputStreamReader(Files.newInputStream(output), StandardCharsets.UTF_8))) {
        printed.lines().forEach(lines);
      }
    } catch (UncheckedIOException e) {
      throw e.getCause();
    } finally {
      Files.deleteIfExists(output);
    }
  }

  /// Runs a program of the host's to its end, as unconfined as its command leaves it.
  ///
  /// @param output a file of our own that takes what the program prints; made, and left
  /// @param command the program and its arguments, without tabs and line feeds
  /// @return its exit status, 128 more than the signal if one ended it
  /// @throws IOException if it takes longer than `limit`
  /// @throws UncheckedIOException if the spawner is gone or refuses
  public int run(List<String> command, Path output, Duration limit) throws IOException {
    Files.deleteIfExists(output);
    Files.createFile(output, OWNER_ONLY);
    int pid = begin(command, output);
    long end = System.nanoTime() + limit.toNanos();
    while (System.nanoTime() - end < 0) {
      int status = reap(pid);
      if (status >= 0) {
        return status;
      }
      LockSupport.parkNanos(LOOK_NANOS);
    }
    try (Pidfd held = Pidfd.open(pid).orElse(null)) {
      end(pid, held, END_MILLIS);
    }
    throw new IOException("takes too long: command=" + command.getFirst() + " limit=" + limit);
  }

  private synchronized int begin(List<String> command, Path output) {
    String token = "command-" + ++tokens;
    // Leads its own group, as an engine does, so that what it started is killed with it.
    String words = "setsid\t" + String.join("\t", command);
    return started(token, ask("start\t" + token + "\t/dev/null\t" + output + "\t-\t" + words));
  }

  /// The process that the spawner says it has started.
  private static int started(String token, String answer) {
    String[] fields = answer.split("\t");
    if (fields.length == 3 && fields[0].equals("started") && fields[1].equals(token)) {
      return Integer.parseInt(fields[2]);
    }
    throw refused(fields);
  }

  /// What the spawner starts is scheduled as it is itself. It makes itself ordinary when it begins;
  /// one that answers has done that.
  private String askInBackground(String request) {
    ask("reap\t0");
    Scheduling.background(pid(), 0);
    try {
      return ask(request);
    } finally {
      Scheduling.foreground(pid());
    }
  }

  /// Kills an engine and whatever it started; does not wait for its end.
  public synchronized void kill(int pid) {
    ask("kill\t" + pid);
  }

  /// Kills an engine and takes its exit status; one that hangs in a file system cannot be killed,
  /// and must not hold up the others.
  ///
  /// @param held the process, or null where it cannot be held
  /// @param patienceMillis how long it may take to end
  /// @return as [#reap]
  public int end(int pid, @Nullable Pidfd held, int patienceMillis) {
    kill(pid);
    if (held != null) {
      held.awaitExit(patienceMillis);
    }
    return reap(pid);
  }

  /// Takes an engine that has ended off the process table.
  ///
  /// @return its exit status, 128 more than the signal if one ended it; -1 if it still runs or is
  ///   no engine of this spawner's
  public synchronized int reap(int pid) {
    String[] answer = ask("reap\t" + pid).split("\t");
    return answer.length == 3 && answer[0].equals("ended") ? Integer.parseInt(answer[2]) : -1;
  }

  private static UncheckedIOException refused(String... answer) {
    return new UncheckedIOException(
        new IOException("spawner refused: answer=" + String.join(" ", answer)));
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

  /// Waits until the spawner has ended, after [#close].
  public void awaitEnd(Duration limit) {
    try {
      process.waitFor(limit);
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
    }
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
