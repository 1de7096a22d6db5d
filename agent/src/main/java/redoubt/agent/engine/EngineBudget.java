package redoubt.agent.engine;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.EnumMap;
import java.util.Map;
import redoubt.agent.health.TimeSource;

/// How often an engine may end, by kind of fault, before it is left alone for a while: within the
/// budget it is started again after a short pause that doubles; past it, it is suspended.
///
/// A suspension ends by itself and is doubled if another follows, up to an hour; an engine that has
/// run steadily has its whole budget again. Used by the engine's own thread only.
final class EngineBudget {
  /// The time within which faults add up.
  static final Duration WINDOW = Duration.ofMinutes(10);

  /// A run of this length forgives what was before.
  static final Duration STEADY = Duration.ofSeconds(60);

  static final Duration FIRST_PAUSE = Duration.ofMillis(100);
  static final Duration LONGEST_PAUSE = Duration.ofSeconds(30);
  static final Duration FIRST_SUSPENSION = Duration.ofMinutes(5);
  static final Duration LONGEST_SUSPENSION = Duration.ofHours(1);

  private static final Map<EngineEnding.Fault, Integer> MOST =
      new EnumMap<>(
          Map.of(
              EngineEnding.Fault.START, 8,
              EngineEnding.Fault.EXIT, 8,
              EngineEnding.Fault.MEMORY, 4,
              EngineEnding.Fault.FORBIDDEN_CALL, 3,
              EngineEnding.Fault.VIOLATION, 4,
              EngineEnding.Fault.OUTPUT_FLOOD, 3));

  private final TimeSource time;
  private final Map<EngineEnding.Fault, Deque<Long>> faults =
      new EnumMap<>(EngineEnding.Fault.class);
  private Duration pause = FIRST_PAUSE;
  private Duration suspension = FIRST_SUSPENSION;

  EngineBudget(TimeSource time) {
    this.time = time;
  }

  /// How many faults of a kind within the window suspend.
  static int most(EngineEnding.Fault fault) {
    return MOST.getOrDefault(fault, 1);
  }

  /// What follows an ending.
  ///
  /// @param pause how long the engine is not started again
  /// @param suspended whether that is because its budget is used up
  record Consequence(Duration pause, boolean suspended) {}

  /// Charges an ending.
  ///
  /// @param ran how long the process ran
  Consequence charge(EngineEnding.Fault fault, Duration ran) {
    if (ran.compareTo(STEADY) > 0) {
      faults.clear();
      pause = FIRST_PAUSE;
      if (ran.compareTo(WINDOW) > 0) {
        suspension = FIRST_SUSPENSION;
      }
    }
    long now = time.nanos();
    Deque<Long> recent = faults.computeIfAbsent(fault, _ -> new ArrayDeque<>());
    recent.addLast(now);
    while (now - recent.getFirst() > WINDOW.toNanos()) {
      recent.removeFirst();
    }
    if (recent.size() >= most(fault)) {
      faults.clear();
      pause = FIRST_PAUSE;
      Duration wait = suspension;
      suspension = shorter(suspension.multipliedBy(2), LONGEST_SUSPENSION);
      return new Consequence(wait, true);
    }
    Duration wait = pause;
    pause = shorter(pause.multipliedBy(2), LONGEST_PAUSE);
    return new Consequence(wait, false);
  }

  private static Duration shorter(Duration one, Duration other) {
    return one.compareTo(other) < 0 ? one : other;
  }
}
