package redoubt.testing.drills;

import org.jspecify.annotations.Nullable;

/// How a host came through a drill. Immutable.
///
/// @param drill which
/// @param stopped where its bundle was stopped; null if it was not
/// @param survived whether nothing was held or failed, and the host judges with what was good
///   before; or nothing was refused either, where what was to come in stayed
/// @param decidedMillis how long it took until the bundle was in force or refused
/// @param backMillis how long it took from the first harm until what was good judged again; 0 if
///   there was none
/// @param starts how many programs were started meanwhile, all of them good
/// @param denied how many of them were refused
/// @param failed how many failed otherwise
/// @param longestMillis the longest start of one
/// @param reason what the agent says
public record DrillResult(
    Drill drill,
    @Nullable Stage stopped,
    boolean survived,
    long decidedMillis,
    long backMillis,
    long starts,
    long denied,
    long failed,
    long longestMillis,
    String reason) {
  /// Whether it was stopped where it is to be.
  public boolean isAsDesigned() {
    return stopped == drill.stage();
  }
}
