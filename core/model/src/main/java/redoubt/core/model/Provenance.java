package redoubt.core.model;

/// Where the file of an operation comes from, and for whom it is used: what the platform knows and
/// an engine in its sandbox could never find out.
///
/// @param rootWritten whether only root may write the file, by its owner and mode
/// @param rootOnly whether nobody but root can have put it where it is: the file and every
///   directory above it belong to root and are closed to others, on a file system whose owners of
///   files the host believes
/// @param packageName the installed package that brought a file of this path; empty if none did
/// @param packageState how the file compares with that one
/// @param trust the id of the entry by which the host's owner trusts the file, or `protected` if
///   nothing may deny it; empty if nobody vouches for it
/// @param packageManager the program of the package manager for which the asking process works, as
///   root; empty if for none
/// @param operand which of the asking process's arguments that do not begin with a hyphen names the
///   file: 1 for the first after its own name; 0 if none does, or it is not known
/// @param writeOnly whether the file is opened only to be written
public record Provenance(
    boolean rootWritten,
    boolean rootOnly,
    String packageName,
    PackageState packageState,
    String trust,
    String packageManager,
    int operand,
    boolean writeOnly) {
  /// In place of an entry's id, for what nothing may deny.
  public static final String PROTECTED = "protected";

  /// @throws IllegalArgumentException if the state contradicts the name
  public Provenance {
    if (packageName.isEmpty() != (packageState == PackageState.NONE)) {
      throw new IllegalArgumentException(
          "a state of no package: package=" + packageName + " state=" + packageState);
    }
  }
}
