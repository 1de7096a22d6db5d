package redoubt.agent.account;

import java.util.List;
import redoubt.agent.health.TimeSource;
import redoubt.core.model.DecisionRecord;
import redoubt.core.model.Verdict;

/// For whom, and for what, this host waited most in the last minute or two: by the program that
/// asked and by the file that it used.
///
/// Two rankings of one minute each are kept and shown together, so that what has cooled down is
/// forgotten within two minutes. Thread-safe.
public final class HotSpots {
  /// The most names of each kind in one minute; beyond it the ranking is approximate (see
  /// [Ranking]).
  static final int NAMES = 256;

  static final long WINDOW_NANOS = 60_000_000_000L;

  private final TimeSource time;
  private Window current;
  private Window previous;

  /// One minute.
  private record Window(long sinceNanos, Ranking programs, Ranking files) {
    static Window since(long nanos) {
      return new Window(nanos, new Ranking(NAMES), new Ranking(NAMES));
    }
  }

  /// What is shown.
  ///
  /// @param seconds how far back it reaches
  /// @param programs the programs that asked, the one that waited longest first
  /// @param files the files that were used, likewise
  public record Report(int seconds, List<Spot> programs, List<Spot> files) {
    public Report {
      programs = List.copyOf(programs);
      files = List.copyOf(files);
    }
  }

  public HotSpots(TimeSource time) {
    this.time = time;
    this.current = Window.since(time.nanos());
    this.previous = Window.since(time.nanos());
  }

  /// Adds what was just decided.
  public synchronized void note(DecisionRecord decision) {
    rotate();
    boolean denied = decision.answer() == Verdict.DENY;
    current.programs.add(decision.actor().imagePath(), decision.latencyNanos(), denied);
    current.files.add(decision.path(), decision.latencyNanos(), denied);
  }

  /// The latest one to two minutes.
  ///
  /// @param most the most spots of each kind
  public synchronized Report report(int most) {
    rotate();
    long seconds = (time.nanos() - previous.sinceNanos) / 1_000_000_000L;
    return new Report(
        (int) seconds,
        Ranking.merge(previous.programs, current.programs).top(most),
        Ranking.merge(previous.files, current.files).top(most));
  }

  private void rotate() {
    long now = time.nanos();
    if (now - current.sinceNanos < WINDOW_NANOS) {
      return;
    }
    boolean adjoins = now - current.sinceNanos < 2 * WINDOW_NANOS;
    previous = adjoins ? current : Window.since(now - WINDOW_NANOS);
    current = Window.since(now);
  }
}
