package redoubt.testing.drills;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;

/// What programs of the host feel: some that start all the time are started again and again, and
/// each start is timed.
///
/// One thread works until it is closed; its methods may be called by any thread.
final class Felt implements AutoCloseable {
  private static final long PAUSE_MILLIS = 20;

  /// How a runtime says EPERM: what a hook answers for a program that is not to start.
  private static final Pattern REFUSED = Pattern.compile("error[=:] ?1\\b");

  /// What was felt since the last time somebody looked.
  ///
  /// @param starts how many programs were started
  /// @param denied how many starts were refused
  /// @param failed how many failed otherwise
  /// @param longestMillis the longest start, to its end
  /// @param harmedNanos when the first start was refused or failed; 0 if none was
  record Tally(long starts, long denied, long failed, long longestMillis, long harmedNanos) {
    private static final Tally NOTHING = new Tally(0, 0, 0, 0, 0);
  }

  private final List<Path> programs;
  private final Thread worker;
  private Tally tally = Tally.NOTHING;
  private volatile boolean closed;
  private volatile boolean hurries;

  /// Begins.
  Felt(List<Path> programs) {
    this.programs = List.copyOf(programs);
    worker = Thread.ofPlatform().name("felt").daemon().start(this::work);
  }

  private void work() {
    for (int i = 0; !closed; i = (i + 1) % programs.size()) {
      note(programs.get(i));
      if (!hurries) {
        pause();
      }
    }
  }

  private void note(Path program) {
    long begun = System.nanoTime();
    boolean denied = false;
    boolean failed = false;
    try {
      failed = start(program) != 0;
    } catch (IOException e) {
      denied = isRefusal(e);
      failed = !denied;
    }
    long millis = TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - begun);
    synchronized (this) {
      tally =
          new Tally(
              tally.starts + 1,
              tally.denied + (denied ? 1 : 0),
              tally.failed + (failed ? 1 : 0),
              Math.max(tally.longestMillis, millis),
              tally.harmedNanos == 0 && (denied || failed) ? begun : tally.harmedNanos);
    }
  }

  /// Whether that is how a start fails that the host refuses.
  static boolean isRefusal(IOException failure) {
    return REFUSED.matcher(String.valueOf(failure.getMessage())).find();
  }

  /// Starts programs without a pause between them, or with one again.
  void hurry(boolean without) {
    hurries = without;
  }

  /// Starts each of them once, now.
  ///
  /// @return whether none is refused
  boolean areLet() throws IOException {
    for (Path program : programs) {
      try {
        start(program);
      } catch (IOException e) {
        if (isRefusal(e)) {
          return false;
        }
        throw e;
      }
    }
    return true;
  }

  /// Starts a program and waits for its end.
  ///
  /// @return its status
  /// @throws IOException if it is not started
  static int start(Path program) throws IOException {
    // Long enough for an expression that backtracks.
    Process process =
        new ProcessBuilder(program.toString(), "x".repeat(4_000))
            .redirectErrorStream(true)
            .redirectOutput(ProcessBuilder.Redirect.DISCARD)
            .start();
    try {
      return process.waitFor();
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
      return 0;
    }
  }

  private static void pause() {
    try {
      Thread.sleep(PAUSE_MILLIS);
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
    }
  }

  /// Begins to count anew.
  ///
  /// @return what was felt up to now
  synchronized Tally next() {
    Tally now = tally;
    tally = Tally.NOTHING;
    return now;
  }

  @Override
  public void close() {
    closed = true;
    worker.interrupt();
  }
}
