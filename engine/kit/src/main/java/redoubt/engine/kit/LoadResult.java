package redoubt.engine.kit;

import java.util.List;

/// What became of content.
public sealed interface LoadResult {
  /// The content is in force.
  ///
  /// @param entries how many rules or entries it has
  /// @param problems parts that were left out; the first 64 are reported to the platform
  record Loaded(long entries, List<Problem> problems) implements LoadResult {
    public Loaded {
      problems = List.copyOf(problems);
    }
  }

  /// The content is not used; what was in force before stays so.
  ///
  /// @param problems why; the first 64 are reported to the platform
  record Refused(List<Problem> problems) implements LoadResult {
    public Refused {
      problems = List.copyOf(problems);
    }
  }

  /// What is wrong with a part of the content.
  ///
  /// @param place where, such as `line 12`
  /// @param message what is wrong there; at most 160 characters are reported
  record Problem(String place, String message) {
    @Override
    public String toString() {
      return place + ": " + message;
    }
  }
}
