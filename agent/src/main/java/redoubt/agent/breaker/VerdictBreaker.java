package redoubt.agent.breaker;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.Map;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;
import redoubt.agent.bounded.BoundedMap;
import redoubt.agent.health.TimeSource;
import redoubt.core.model.DecisionRecord;
import redoubt.core.model.EngineId;
import redoubt.core.model.EngineMode;
import redoubt.core.model.EngineOpinion;
import redoubt.core.model.EventClass;
import redoubt.core.model.Verdict;

/// Trips when an engine's denials of known files jump: its DENY then counts no more until that is
/// over.
///
/// A file is *known* if only root can have put it there and it is of an installed package, or ran
/// here before while this engine had nothing against it. [#FILES] different ones within [#WINDOW]
/// trip; a file counts once. What unprivileged users caused counts for half of that at most,
/// however many they are and whatever they start, so none of them can switch an engine off.
///
/// Tripped, the engine is asked on, and its would-be denials are watched: when few known files are
/// among them for a whole trip, its say comes back. A trip lasts [#FIRST_TRIP] at least and twice
/// as long when another follows. [#note] is for the recorder's thread, costs little and forgets
/// what is too much; [#check] is for a thread that may look at the disk.
public final class VerdictBreaker {
  /// How many known files trip.
  public static final int FILES = 8;

  /// Within which time.
  public static final Duration WINDOW = Duration.ofMinutes(10);

  static final Duration FIRST_TRIP = Duration.ofMinutes(10);
  static final Duration LONGEST_TRIP = Duration.ofHours(6);

  /// How many of them unprivileged users can supply.
  static final int FILES_OF_USERS = FILES / 2;

  /// Denials that wait for a look; more are forgotten.
  static final int MOST_WAITING = 256;

  /// The most looks at the disk in one [#check].
  static final int MOST_LOOKS = 16;

  /// Programs of which it is remembered that they ran, and files that each engine has denied.
  private static final int MOST_RAN = 65_536;

  private static final int MOST_DENIED = 4_096;

  /// Carries out what is decided here.
  public interface Outlet {
    /// The engine's DENY no longer counts.
    void trip(EngineId engine, String why);

    /// It counts again.
    void reset(EngineId engine, String why);
  }

  private final Predicate<String> rootOnly;
  private final Predicate<String> packaged;
  private final Outlet outlet;
  private final TimeSource time;
  private final RecentHashes ran = new RecentHashes(MOST_RAN);
  private final Deque<Denial> waiting = new ArrayDeque<>();
  private final Map<EngineId, State> states = new HashMap<>();

  private record Denial(EngineId engine, String path, boolean ranBefore, boolean byUser) {}

  /// A known file that an engine denied.
  private record Known(long nanos, String path, boolean byUser) {}

  private static final class State {
    private final Map<Long, Boolean> denied = BoundedMap.forgettingEldest(MOST_DENIED);
    private final Deque<Known> recent = new ArrayDeque<>();
    private boolean tripped;
    private long trippedNanos;
    private Duration trip = FIRST_TRIP;

    int count() {
      long byUsers = recent.stream().filter(Known::byUser).count();
      return (int) (recent.size() - byUsers + Math.min(byUsers, FILES_OF_USERS));
    }
  }

  /// @param rootOnly whether nobody but root can have put a file at a path
  /// @param packaged whether the file at a path is of an installed package
  public VerdictBreaker(
      Predicate<String> rootOnly, Predicate<String> packaged, Outlet outlet, TimeSource time) {
    this.rootOnly = rootOnly;
    this.packaged = packaged;
    this.outlet = outlet;
    this.time = time;
  }

  /// Takes what was just decided.
  public synchronized void note(DecisionRecord decision) {
    long hash = RecentHashes.hashOf(decision.file());
    boolean denied = false;
    for (EngineOpinion opinion : decision.opinions()) {
      if (opinion instanceof EngineOpinion.Answered answer && answer.verdict() == Verdict.DENY) {
        denied = true;
        noteDenial(decision, answer, hash);
      }
    }
    if (!denied && decision.answer() == Verdict.ALLOW && decision.eventClass() == EventClass.EXEC) {
      ran.add(hash);
    }
  }

  /// What an engine says in the owner's monitor mode harms nobody.
  private void noteDenial(DecisionRecord decision, EngineOpinion.Answered answer, long hash) {
    State state = states.computeIfAbsent(answer.engine(), _ -> new State());
    boolean counts = answer.mode() == EngineMode.ENFORCE || state.tripped;
    if (counts && waiting.size() < MOST_WAITING && state.denied.put(hash, true) == null) {
      waiting.add(
          new Denial(
              answer.engine(), decision.path(), ran.contains(hash), decision.actor().uid() != 0));
    }
  }

  /// Looks at what was noted, trips, and gives back. May look at the disk.
  public void check() {
    for (int looks = 0; looks < MOST_LOOKS; looks++) {
      Denial denial = next();
      if (denial == null) {
        break;
      }
      boolean known =
          rootOnly.test(denial.path) && (denial.ranBefore || packaged.test(denial.path));
      if (known) {
        count(denial);
      }
    }
    resetThoseThatMay();
  }

  private synchronized @Nullable Denial next() {
    return waiting.poll();
  }

  private synchronized void count(Denial denial) {
    State state = states.computeIfAbsent(denial.engine, _ -> new State());
    long now = time.nanos();
    state.recent.addLast(new Known(now, denial.path, denial.byUser));
    forgetOld(state, now);
    if (!state.tripped && state.count() >= FILES) {
      boolean soonAgain =
          state.trippedNanos != 0 && now - state.trippedNanos < 2 * LONGEST_TRIP.toNanos();
      state.trip = soonAgain ? shorter(state.trip.multipliedBy(2), LONGEST_TRIP) : FIRST_TRIP;
      state.tripped = true;
      state.trippedNanos = now;
      outlet.trip(
          denial.engine,
          "denied "
              + state.recent.size()
              + " known files within "
              + WINDOW.toMinutes()
              + " min, such as "
              + denial.path
              + ": its DENY does not count for "
              + state.trip.toMinutes()
              + " min at least");
    }
  }

  private synchronized void resetThoseThatMay() {
    long now = time.nanos();
    states.forEach((engine, state) -> {
      forgetOld(state, now);
      if (state.tripped
          && now - state.trippedNanos >= state.trip.toNanos()
          && state.count() < FILES / 2) {
        state.tripped = false;
        outlet.reset(engine, "hardly denied known files any more: its DENY counts again");
      }
    });
  }

  /// The owner says that the engine is right, or has other content: its say is back, and what it
  /// denied until now counts no more.
  public synchronized void forgive(EngineId engine) {
    State state = states.get(engine);
    if (state == null) {
      return;
    }
    state.recent.clear();
    waiting.removeIf(denial -> denial.engine.equals(engine));
    if (state.tripped) {
      state.tripped = false;
      outlet.reset(engine, "the owner says that its DENY counts");
    }
  }

  private static void forgetOld(State state, long now) {
    while (!state.recent.isEmpty() && now - state.recent.getFirst().nanos > WINDOW.toNanos()) {
      state.recent.removeFirst();
    }
  }

  private static Duration shorter(Duration one, Duration other) {
    return one.compareTo(other) < 0 ? one : other;
  }
}
