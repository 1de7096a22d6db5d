package redoubt.agent;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import redoubt.agent.confinement.Spawner;

/// Runs commands of ours, each in a process of its own that gives way to everybody. Thread-safe.
record OwnCommands(Spawner spawner, AgentPaths paths) {
  private static final int MOST_TOLD_CHARS = 500;

  /// How one has ended.
  ///
  /// @param said the last of what it said
  record Ended(int status, String said) {}

  /// Runs one and waits for it.
  ///
  /// @param purpose names what it writes meanwhile: whoever runs two at once has two
  /// @throws IOException if it cannot be started, or has not ended in time
  Ended run(String purpose, List<String> arguments, Duration limit) throws IOException {
    Path output = paths.commandOutput(purpose + "-" + arguments.getFirst());
    List<String> command = new ArrayList<>(List.of("/usr/bin/env"));
    paths.environment().forEach((name, value) -> command.add(name + "=" + value));
    command.addAll(List.of("/usr/bin/nice", "-n", "19"));
    command.add(paths.home().resolve("redoubt").toString());
    command.addAll(arguments);
    try {
      int status = spawner.run(command, output, limit);
      String said = Files.readString(output, StandardCharsets.UTF_8).strip();
      return new Ended(status, said.substring(Math.max(0, said.length() - MOST_TOLD_CHARS)));
    } finally {
      Files.deleteIfExists(output);
    }
  }
}
