package redoubt.testing.drills;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import java.util.stream.Stream;

/// A release of the platform that is this installation, but for what its agent does first. Without
/// start-up caches, which take a minute to write.
///
/// @param home the installation
/// @param folder where releases are made
public record DrillRelease(Path home, Path folder) {
  private static final List<String> PARTS =
      List.of("content", "engines", "lib", "lib-courier", "libexec", "redoubt", "share");

  /// Where a release may run that is tried, and not where it is to run.
  public static final String LOST_WHERE_IT_RUNS =
      "[ \"$1\" != agent ] || [ ! -e \"$REDOUBT_STATE_DIR/platform\" ] || exit 1";

  /// Makes one.
  ///
  /// @param first what the agent's program begins with
  /// @return its home
  public Path make(String first) throws IOException {
    Path made = folder.resolve("release");
    if (Files.notExists(made)) {
      for (String part : PARTS) {
        copy(home.resolve(part), made.resolve(part));
      }
      Files.writeString(made.resolve("libexec/redoubt-train"), "#!/bin/sh\n");
    }
    String program = Files.readString(home.resolve("libexec/redoubt-java"));
    Files.writeString(
        made.resolve("libexec/redoubt-java"),
        program.replaceFirst("(?m)^set -eu$", "set -eu\n" + first.replace("$", "\\$")));
    return made;
  }

  private static void copy(Path from, Path to) throws IOException {
    try (Stream<Path> tree = Files.walk(from)) {
      for (Path each : tree.toList()) {
        Path copy = to.resolve(from.relativize(each).toString());
        if (Files.isDirectory(each)) {
          Files.createDirectories(copy);
        } else {
          Files.createDirectories(copy.getParent());
          Files.copy(each, copy, StandardCopyOption.COPY_ATTRIBUTES);
        }
      }
    }
  }
}
