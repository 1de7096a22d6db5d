package redoubt.agent;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import redoubt.agent.policy.PrivateFile;

/// How the owner wants ransomware to be looked for.
///
/// @param freeze whether whoever is found is stopped
/// @param canaries files that nobody has a reason to touch
/// @param exempt programs that may make many files unreadable
record RansomwareOptions(boolean freeze, List<Path> canaries, List<Path> exempt) {
  private static final int MOST_BYTES = 1 << 20;

  RansomwareOptions {
    canaries = List.copyOf(canaries);
    exempt = List.copyOf(exempt);
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

  /// Reads the words of `--ransomware`.
  ///
  /// @throws IllegalArgumentException if a path has a line break in it
  static RansomwareOptions of(boolean freeze, List<Path> canaries, List<Path> exempt) {
    List<Path> all = new ArrayList<>(canaries);
    all.addAll(exempt);
    for (Path each : all) {
      if (each.toString().chars().anyMatch(c -> c == '\n' || c == '\r')) {
        throw new IllegalArgumentException("a path with a line break: path=" + each);
      }
    }
    return new RansomwareOptions(freeze, canaries, exempt);
  }
}
