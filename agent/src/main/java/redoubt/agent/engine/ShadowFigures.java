package redoubt.agent.engine;

import java.util.Map;

/// What a process without a vote did. Immutable.
///
/// @param asked how many questions it got
/// @param answered to how many of them it answered
/// @param late how many of the answers would have come too late
/// @param missedByServing how many the process that serves answered too late meanwhile
/// @param told how many events of the host it got
/// @param dropped how many it could not take, since it had too much to do
/// @param found how many findings it reported
/// @param foundByServing how many the process that serves reported meanwhile
/// @param denied how many files it would have denied
/// @param denials rules by the paths that they would have denied, the first [#MOST_DENIALS]
/// @param residentBytes the memory that it holds
public record ShadowFigures(
    long asked,
    long answered,
    long late,
    long missedByServing,
    long told,
    long dropped,
    long found,
    long foundByServing,
    long denied,
    Map<String, String> denials,
    long residentBytes) {
  /// Of how many denials the path is known.
  public static final int MOST_DENIALS = 64;

  public ShadowFigures {
    denials = Map.copyOf(denials);
  }
}
