package redoubt.agent.seal;

import java.nio.file.Path;

/// What is wrong with one sealed file.
///
/// @param file which
/// @param kind what
public record Flaw(Path file, Kind kind) {
  /// What can be wrong.
  public enum Kind {
    /// Its content is another.
    CHANGED("was changed"),
    /// It is not there.
    MISSING("is missing"),
    /// It is there, and was not when the owner sealed.
    NEW("was not there before"),
    /// It cannot be read.
    UNREADABLE("cannot be read"),
    /// Users other than root may write it.
    OPEN("can be written by others"),
    /// It lost the flag that kept it from being changed.
    LOOSE("is no longer immutable");

    private final String words;

    Kind(String words) {
      this.words = words;
    }

    /// The end of a sentence about the file.
    public String words() {
      return words;
    }

    /// Whether the file may be another than the one that was sealed.
    public boolean changesFile() {
      return this != LOOSE;
    }
  }
}
