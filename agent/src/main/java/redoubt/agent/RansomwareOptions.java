package redoubt.agent;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import redoubt.agent.policy.PrivateFile;

/// How the owner wants ransomware to be looked for.
///
/// @param freeze whether whoever is found is stopped
/// @param canaries files that nobody has a reason to touch
/// @param exempt programs that may make many files unreadable
record RansomwareOptions(boolean freeze, List<Path> canaries, List<Path> exempt) {
  private static final int MOST_BYTES = 1 << 20;

  /// @throws IllegalArgumentException if a path has a line break in it
  RansomwareOptions {
    canaries = List.copyOf(canaries);
    exempt = List.copyOf(exempt);
    Stream.concat(canaries.stream(), exempt.stream()).forEach(RansomwareOptions::requireOneLine);
  }

  private static void requireOneLine(Path path) {
    if (path.toString().chars().anyMatch(c -> c == '\n' || c == '\r')) {
      throw new IllegalArgumentException("a path with a line break: path=" + path);
    }
  }

  /// Writes the list that the engine takes.
  ///
  /// @throws IOException if it cannot be written
  void write(Path list) throws IOException {
    List<String> lines = new ArrayList<>();
    canaries.forEach(path -> lines.add("canary " + path));
    exempt.forEach(path -> lines.add("except " + path));
    String text = "# redoubt watch list\n" + String.join("\n", lines) + "\n";
    new PrivateFile(list, MOST_BYTES).write(text.getBytes(StandardCharsets.UTF_8));
  }
}
