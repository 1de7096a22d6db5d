package redoubt.agent.policy;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Optional;

/// Tells whether anybody but the owner of this host could change a file or put another in its
/// place: it and every directory above it must belong to root and be closed to group and others.
///
/// A sticky directory such as `/tmp` is refused too: whoever creates the name first owns it.
/// Immutable; each question costs one `stat` for each component of the path.
final class RootOnlyPaths {
  private static final int ROOT = 0;

  private final int owner;
  private final Path top;

  private RootOnlyPaths(int owner, Path top) {
    this.owner = owner;
    this.top = top;
  }

  static RootOnlyPaths ofHost() {
    return new RootOnlyPaths(ROOT, Path.of("/"));
  }

  /// Trusts `top` and what is above it, and `owner` instead of root: so that the rules can be tried
  /// below a temporary directory by any user.
  static RootOnlyPaths below(Path top, int owner) {
    return new RootOnlyPaths(owner, top);
  }

  /// Returns the first thing on the way down to `path` that somebody else could change, in words,
  /// or nothing if there is none. What is below it is not looked at: it may be on a file system of
  /// somebody else's, which may never answer.
  ///
  /// @param path absolute and normalised; a symbolic link anywhere in it is a weakness
  Optional<String> findWeakness(Path path) {
    Deque<Path> parts = new ArrayDeque<>();
    for (Path part = path; part != null; part = part.getParent()) {
      if (part.equals(top) && !part.equals(part.getRoot())) {
        break;
      }
      parts.addFirst(part);
    }
    return parts.stream().map(this::examine).flatMap(Optional::stream).findFirst();
  }

  /// Judges one component alone, by its facts.
  Optional<String> weaknessOf(Path part, FileFacts facts) {
    if (facts.isSymbolicLink()) {
      return Optional.of("is a symbolic link: path=" + part);
    }
    if (facts.uid() != owner) {
      return Optional.of("does not belong to root: path=" + part + " uid=" + facts.uid());
    }
    if (facts.isWritableByOthers()) {
      return Optional.of(
          "can be written by group or others: path=" + part + " mode=" + facts.permissions());
    }
    return Optional.empty();
  }

  private Optional<String> examine(Path part) {
    try {
      return weaknessOf(part, FileFacts.of(part));
    } catch (IOException e) {
      return Optional.of("cannot be examined: path=" + part + " error=" + PrivateFile.reasonOf(e));
    }
  }
}
