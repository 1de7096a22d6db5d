package redoubt.agent.admission;

import java.util.List;

/// What became of a bundle at the door. Immutable.
///
/// @param problems why it may not be used, the first 64; empty if it may
/// @param engineVersion the version of the engine that it was put to, empty if that never said
/// @param entries how many rules or entries the engine says it has
/// @param vectors how many vectors the bundle has
/// @param passed how many of them came out as they say
/// @param costs what that cost
public record AdmissionReport(
    List<Problem> problems,
    String engineVersion,
    long entries,
    long vectors,
    long passed,
    Costs costs) {
  /// The most problems that are told of.
  public static final int MOST_PROBLEMS = 64;

  public AdmissionReport {
    problems = List.copyOf(problems);
  }

  /// Whether the bundle may be used.
  public boolean admitted() {
    return problems.isEmpty();
  }

  /// At which step something was wrong.
  public enum Step {
    /// The file is not what its manifest says.
    BUNDLE,
    /// The content is for another engine, or for another version of it.
    ENGINE,
    /// The content could not be loaded.
    LOAD,
    /// A vector did not come out as it says.
    VECTORS,
    /// It does to this host's own files and events what it must not.
    PAST
  }

  /// Something that was wrong.
  ///
  /// @param step where
  /// @param text what, for people
  public record Problem(Step step, String text) {
    private static final int MOST_CHARS = 512;

    public Problem {
      text = text.substring(0, Math.min(text.length(), MOST_CHARS));
    }
  }

  /// What the engine used.
  ///
  /// @param loadMillis processor time from its hello until it was ready
  /// @param vectorsMillis processor time for all vectors
  /// @param wallMillis how long the whole took
  /// @param mostBytes the most memory that its processes were seen to hold
  public record Costs(long loadMillis, long vectorsMillis, long wallMillis, long mostBytes) {}
}
