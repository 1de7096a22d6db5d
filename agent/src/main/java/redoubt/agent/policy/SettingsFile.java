package redoubt.agent.policy;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;

/// What the owner's configuration came to when it was last found good: options of `redoubt run`.
///
/// The command line makes it of a file that people write, so that no agent has to read that one;
/// the supervisor compares the first line with what the file is now.
///
/// @param source the SHA-256 of the configuration, in hex
/// @param options each as `--NAME` or `--NAME=VALUE`
public record SettingsFile(String source, List<String> options) {
  /// What the owner writes, in the folder of the configuration.
  public static final String CONFIGURATION = "redoubt.yaml";

  /// No configuration.
  public static final String NONE = "none";

  /// The settings that count for the whole life of an agent: with others it has to start again.
  public static final Set<String> FIXED =
      Set.of(
          "filesystem",
          "opens",
          "protect",
          "block-addresses",
          "never-block",
          "kernel",
          "on-miss",
          "soft-deadline-ms",
          "hard-deadline-ms",
          "hello-limit-ms",
          "kill-late",
          "observe-only",
          "scan-written");

  /// The setting that can be changed while an agent runs, but neither begin nor end.
  public static final String FIXED_IF_ABSENT = "app-control";

  private static final int MOST_BYTES = 1 << 18;
  private static final String HEADER = "# sha256 ";
  private static final Pattern SHA_256 = Pattern.compile("[0-9a-f]{64}");
  private static final Pattern OPTION = Pattern.compile("--[a-z][a-z-]*(=[^\\x00-\\x1f]*)?");

  /// @throws IllegalArgumentException if it cannot be written so that it is read again
  public SettingsFile {
    options = List.copyOf(options);
    if (!SHA_256.matcher(source).matches()) {
      throw new IllegalArgumentException("no SHA-256: source=" + source);
    }
    for (String option : options) {
      if (!OPTION.matcher(option).matches()) {
        throw new IllegalArgumentException("no option: line=" + option);
      }
    }
  }

  /// What is in force, or comes into force with the next start.
  ///
  /// @param state the folder of what survives a restart
  public static Path in(Path state) {
    return state.resolve("settings");
  }

  /// What an agent last protected this host with.
  ///
  /// @param state the folder of what survives a restart
  public static Path goodIn(Path state) {
    return state.resolve("settings.good");
  }

  /// Where the agent that runs says which configuration it protects with: its digest, or [#NONE].
  ///
  /// @param run the folder of what does not survive a restart
  public static Path runningIn(Path run) {
    return run.resolve("configuration");
  }

  /// What is to come into force.
  ///
  /// @param state the folder of what survives a restart
  public static Path proposedIn(Path state) {
    return state.resolve("settings.next");
  }

  /// Reads one.
  ///
  /// @return nothing if there is no such file
  /// @throws PolicyException if it is no such file, or others than root could have written it
  public static Optional<SettingsFile> read(Path file) throws PolicyException {
    Optional<byte[]> bytes = new PrivateFile(file, MOST_BYTES).read();
    return bytes.isEmpty() ? Optional.empty() : Optional.of(parse(file, bytes.get()));
  }

  private static SettingsFile parse(Path file, byte[] bytes) throws PolicyException {
    List<String> lines = new String(bytes, StandardCharsets.UTF_8).lines().toList();
    if (lines.isEmpty() || !lines.getFirst().startsWith(HEADER)) {
      throw broken(file, "no first line");
    }
    try {
      return new SettingsFile(
          lines.getFirst().substring(HEADER.length()), lines.subList(1, lines.size()));
    } catch (IllegalArgumentException e) {
      throw broken(file, String.valueOf(e.getMessage()));
    }
  }

  private static PolicyException broken(Path file, String why) {
    return new PolicyException(
        "not readable: file=" + file + " error=" + why, "redoubt config reload makes it anew");
  }

  /// Writes it, in one step that survives a power cut; everybody may read it.
  ///
  /// @throws IOException if it cannot be written, or would be longer than is read
  public void write(Path file) throws IOException {
    String text =
        HEADER + source + "\n" + String.join("", options.stream().map(o -> o + "\n").toList());
    byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
    if (bytes.length > MOST_BYTES) {
      throw new IOException("longer than is read: bytes=" + bytes.length + " limit=" + MOST_BYTES);
    }
    new PrivateFile(file, MOST_BYTES).write(bytes);
    Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-r--r--"));
  }
}
