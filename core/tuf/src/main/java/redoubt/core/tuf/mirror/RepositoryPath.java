package redoubt.core.tuf.mirror;

import java.nio.file.Path;
import java.util.List;
import java.util.stream.Collectors;
import redoubt.core.tuf.RoleName;

/// The place of a file in a repository.
///
/// @param segments the names on the way, any text: what lies between slashes of a target's path, or
///   a whole role name, which may hold slashes itself
public record RepositoryPath(List<String> segments) {
  /// Copies.
  public RepositoryPath {
    segments = List.copyOf(segments);
  }

  /// A file in the repository's top directory.
  public static RepositoryPath of(String name) {
    return new RepositoryPath(List.of(name));
  }

  /// As part of an address: each segment in percent encoding, so that no name becomes a way out, a
  /// query or a fragment.
  public String encoded() {
    return segments.stream().map(RoleName::encode).collect(Collectors.joining("/"));
  }

  /// The file below a directory that is laid out as the repository is. For plain paths only.
  public Path below(Path directory) {
    Path file = directory;
    for (String segment : segments) {
      file = file.resolve(segment);
    }
    return file;
  }

  /// Whether each segment can be a file's name.
  boolean isPlain() {
    return segments.stream()
        .allMatch(name ->
            !name.isEmpty()
                && !name.equals(".")
                && !name.equals("..")
                && name.indexOf('/') < 0
                && name.indexOf('\0') < 0);
  }

  @Override
  public String toString() {
    return encoded();
  }
}
