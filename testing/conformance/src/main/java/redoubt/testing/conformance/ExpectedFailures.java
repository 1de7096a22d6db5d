package redoubt.testing.conformance;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;

/// A list of known gaps, `.xfails`: the id of one check a line; `#` begins a comment.
final class ExpectedFailures {
  private ExpectedFailures() {}

  /// Reads a list.
  ///
  /// @throws IllegalArgumentException if a line names no check
  /// @throws IOException if the file cannot be read
  static Set<String> read(Path file, List<Check> checks) throws IOException {
    Set<String> known = checks.stream().map(Check::id).collect(Collectors.toSet());
    Set<String> expected = new TreeSet<>();
    int number = 0;
    for (String line : Files.readAllLines(file)) {
      number++;
      String id = line.replaceFirst("#.*", "").strip();
      if (!id.isEmpty()) {
        if (!known.contains(id)) {
          throw new IllegalArgumentException(
              "no such check: file=" + file + " line=" + number + " id=" + id);
        }
        expected.add(id);
      }
    }
    return expected;
  }
}
