package redoubt.fleet.simulation;

import java.util.ArrayList;
import java.util.List;
import java.util.OptionalInt;
import org.jspecify.annotations.Nullable;
import redoubt.fleet.rollout.RolloutCommand;

/// What has happened in a run, when, and whether there is anything more to come.
final class Chronicle {
  static final int LINGER_SECONDS = 300;
  private static final int FINE_SECONDS = 600;
  private static final int COARSE_STEP = 30;
  static final double COVERED = 0.99;

  private final Setup setup;
  private final HostStates states;
  private final List<Outcome.Point> curve = new ArrayList<>();
  private int haltedAfter = -1;
  private RolloutCommand.@Nullable Halt halt;
  private int recoveredAfter = -1;
  private int coveredAfter = -1;
  private int frozenSince = -1;
  private int frozenFor;

  Chronicle(Setup setup, HostStates states) {
    this.setup = setup;
    this.states = states;
  }

  /// The controller has told people something.
  void note(RolloutCommand command, int second) {
    switch (command) {
      case RolloutCommand.Halt why -> {
        haltedAfter = second;
        halt = why;
      }
      case RolloutCommand.Freeze _ -> frozenSince = second;
      case RolloutCommand.Thaw _ -> {
        frozenFor += second - frozenSince;
        frozenSince = -1;
      }
      case RolloutCommand.GrantLease _,
          RolloutCommand.RefuseLease _,
          RolloutCommand.RollBack _,
          RolloutCommand.Promote _ -> {}
    }
  }

  /// Some seconds have passed.
  void measure(int second) {
    if (second <= FINE_SECONDS || second % COARSE_STEP == 0) {
      addPoint(second);
    }
    if (coveredAfter < 0 && states.covered() >= COVERED * states.eligible()) {
      coveredAfter = second;
    }
    if (haltedAfter >= 0 && recoveredAfter < 0 && isRecovered()) {
      recoveredAfter = second;
    }
  }

  /// Of many, one in a thousand may have just woken up.
  private boolean isRecovered() {
    return states.runningAwake() * 1_000 <= states.exposed() - states.lost();
  }

  private void addPoint(int second) {
    curve.add(
        new Outcome.Point(
            second, states.exposed(), states.running(), states.lost(), states.eligible()));
  }

  boolean isOver(int second) {
    Scenario scenario = setup.scenario();
    if (setup.asItHappened()) {
      return second > scenario.pushedSeconds() + LINGER_SECONDS;
    }
    if (haltedAfter >= 0) {
      return recoveredAfter >= 0 && second > recoveredAfter + LINGER_SECONDS;
    }
    int fuse = scenario.isGood() ? 0 : LINGER_SECONDS + scenario.fault().fuseSeconds();
    return coveredAfter >= 0 && second > coveredAfter + LINGER_SECONDS + fuse;
  }

  Outcome outcome(int second) {
    addPoint(second);
    return new Outcome(
        setup.scenario().name(),
        setup.hosts(),
        setup.seed(),
        states.eligible(),
        states.covered(),
        states.exposed(),
        states.hit(),
        states.lost(),
        at(haltedAfter),
        halt,
        at(recoveredAfter),
        at(coveredAfter),
        frozenFor + (frozenSince < 0 ? 0 : second - frozenSince),
        second,
        curve);
  }

  private static OptionalInt at(int second) {
    return second < 0 ? OptionalInt.empty() : OptionalInt.of(second);
  }
}
