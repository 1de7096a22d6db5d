package redoubt.agent.engine;

import java.io.IOException;
import java.io.StringReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Properties;
import java.util.Set;
import java.util.stream.Collectors;
import redoubt.core.model.EngineId;
import redoubt.core.model.EventClass;

/// What the owner registered of an engine: how to start it and what it may have.
///
/// @param id the engine's name on this host
/// @param command the program and its arguments, an absolute path first
/// @param authClasses the classes of events that it is granted to judge
/// @param notifyClasses the classes of events that it is granted to hear of
/// @param memoryMiB the memory it may use, 16 to 65536
/// @param processes the processes and threads it may have, 1 to 4096
/// @param openFiles the descriptors it may have, 32 to 4096
/// @param cpuPercent the share of one core it may use, 1 to 100 times the cores; 0 for no limit
public record EngineManifest(
    EngineId id,
    List<String> command,
    Set<EventClass> authClasses,
    Set<EventClass> notifyClasses,
    int memoryMiB,
    int processes,
    int openFiles,
    int cpuPercent) {
  private static final long MOST_BYTES = 64 * 1024;

  /// @throws IllegalArgumentException if a value is out of range
  public EngineManifest {
    command = List.copyOf(command);
    authClasses = Set.copyOf(authClasses);
    notifyClasses = Set.copyOf(notifyClasses);
    if (command.isEmpty() || !command.getFirst().startsWith("/")) {
      throw new IllegalArgumentException("command must start with an absolute path: " + command);
    }
    requireRange("memoryMiB", memoryMiB, 16, 65_536);
    requireRange("processes", processes, 1, 4096);
    requireRange("openFiles", openFiles, 32, 4096);
    requireRange("cpuPercent", cpuPercent, 0, 100_000);
  }

  /// Reads a manifest: Java properties with the keys `id`, `command`, `auth`, `notify`,
  /// `memoryMiB`, `processes`, `openFiles`, `cpuPercent`. In the command `${java}` stands for the
  /// JVM, `${lib}` and `${libexec}` for those directories of the installation.
  ///
  /// @param java the program that runs Java
  /// @param home the installation
  /// @throws IOException if the file cannot be read or is too large
  /// @throws IllegalArgumentException naming the file, the key and what is wrong
  public static EngineManifest read(Path file, Path java, Path home) throws IOException {
    if (Files.size(file) > MOST_BYTES) {
      throw new IOException("manifest too large: file=" + file + " mostBytes=" + MOST_BYTES);
    }
    Properties keys = new Properties();
    keys.load(new StringReader(Files.readString(file, StandardCharsets.UTF_8)));
    try {
      String command =
          required(keys, "command")
              .replace("${java}", java.toString())
              .replace("${libexec}", home.resolve("libexec").toString())
              .replace("${lib}", home.resolve("lib").toString());
      return new EngineManifest(
          new EngineId(required(keys, "id")),
          Arrays.asList(command.strip().split("\\s+")),
          classes(keys, "auth"),
          classes(keys, "notify"),
          number(keys, "memoryMiB", 256),
          number(keys, "processes", 64),
          number(keys, "openFiles", 512),
          number(keys, "cpuPercent", 0));
    } catch (IllegalArgumentException e) {
      throw new IllegalArgumentException("bad manifest: file=" + file + " " + e.getMessage(), e);
    }
  }

  private static String required(Properties keys, String key) {
    String value = keys.getProperty(key, "").strip();
    if (value.isEmpty()) {
      throw new IllegalArgumentException("key missing: key=" + key);
    }
    return value;
  }

  private static Set<EventClass> classes(Properties keys, String key) {
    String value = keys.getProperty(key, "").strip();
    if (value.isEmpty()) {
      return Set.of();
    }
    return Arrays.stream(value.split("\\s*,\\s*"))
        .map(name -> EventClass.valueOf(name.toUpperCase(Locale.ROOT)))
        .collect(Collectors.toCollection(() -> EnumSet.noneOf(EventClass.class)));
  }

  private static int number(Properties keys, String key, int standard) {
    String value = keys.getProperty(key, "").strip();
    try {
      return value.isEmpty() ? standard : Integer.parseInt(value);
    } catch (NumberFormatException e) {
      throw new IllegalArgumentException("not a number: " + key + "=" + value, e);
    }
  }

  private static void requireRange(String name, int value, int least, int most) {
    if (value < least || value > most) {
      throw new IllegalArgumentException(
          "out of range " + least + " to " + most + ": " + name + "=" + value);
    }
  }
}
