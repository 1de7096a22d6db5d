package redoubt.fleet.simulation;

import java.util.List;
import java.util.OptionalInt;
import org.jspecify.annotations.Nullable;
import redoubt.fleet.rollout.RolloutCommand;

/// What a run came to. Times are seconds since the update was published.
///
/// @param scenario its name
/// @param hosts how many there are
/// @param seed of the run
/// @param eligible hosts that could have had it at the end: there, not pinned, not held back, and
///   not bound to a maintenance window
/// @param covered how many of these have it
/// @param hostsExposed how many ever activated it
/// @param hostsHit how many of these have the fault in them, whether it has shown or not
/// @param hostsLost how many of these are gone, so that somebody has to go there
/// @param haltedAfter when it was halted
/// @param halt why
/// @param recoveredAfter when, after a halt, at most one in a thousand of the exposed hosts that
///   are there still ran it
/// @param coveredAfter when 99 % of the eligible hosts had it
/// @param frozenFor how many seconds nothing was granted for want of telemetry
/// @param ranFor when the run ended
/// @param curve the counts over time
public record Outcome(
    String scenario,
    int hosts,
    long seed,
    long eligible,
    long covered,
    long hostsExposed,
    long hostsHit,
    long hostsLost,
    OptionalInt haltedAfter,
    RolloutCommand.@Nullable Halt halt,
    OptionalInt recoveredAfter,
    OptionalInt coveredAfter,
    int frozenFor,
    int ranFor,
    List<Point> curve) {
  /// The counts of one moment.
  ///
  /// @param second since the update was published
  /// @param exposed how many hosts ever activated it
  /// @param running how many run it now
  /// @param lost how many are gone
  /// @param eligible how many could have it
  public record Point(int second, long exposed, long running, long lost, long eligible) {}

  public Outcome {
    curve = List.copyOf(curve);
  }
}
