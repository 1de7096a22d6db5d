package redoubt.agent.registry;

import java.io.IOException;
import java.io.StringReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Properties;
import java.util.Set;
import java.util.stream.Collectors;
import redoubt.core.model.EngineId;
import redoubt.core.model.EventClass;
import redoubt.core.model.ResponseAction;

/// What a vendor says of an engine: how to start it, and what it asks for.
///
/// @param id the engine's name on this host
/// @param command the program and its arguments, an absolute path first
/// @param asks the rights that it asks for
/// @param content what kind of content it takes from the owner
/// @param view what it sees of the host's files
/// @param limits what it may use
public record EngineManifest(
    EngineId id,
    List<String> command,
    EngineRights asks,
    ContentKind content,
    EngineView view,
    EngineLimits limits) {
  /// The longest manifest.
  public static final int MOST_BYTES = 64 * 1024;

  /// What an engine's content is made of.
  public enum ContentKind {
    /// Nothing that this platform can make for it.
    OTHER,
    /// A list of digests, such as `--content` names.
    HASH_LIST,
    /// A list of digests, or a folder of YARA rules and such lists packed as a ZIP file, such as
    /// `--content` names.
    SCAN_RULES,
    /// A folder of Sigma rules, such as `--rules` names, packed as a ZIP file.
    SIGMA_RULES,
    /// A list of canaries and programs, such as `--canary` names.
    WATCH_LIST
  }

  /// @throws IllegalArgumentException if a value is out of range
  public EngineManifest {
    command = List.copyOf(command);
    if (command.isEmpty() || !command.getFirst().startsWith("/")) {
      throw new IllegalArgumentException("command must start with an absolute path: " + command);
    }
  }

  /// Reads a manifest: Java properties with the keys `id`, `command`, `auth`, `notify`,
  /// `fileContent`, `network`, `sockets`, `respond`, `content`, `runtime`, `files`, `memoryMiB`,
  /// `processes`, `openFiles`, `cpuPercent`, `scratchMiB`. In command and files `${java}` stands
  /// for the JVM, `${lib}` and `${libexec}` for those directories of the installation. The
  /// command's program is always among the engine's own files.
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
      List<String> command = words(required(keys, "command"), java, home);
      return new EngineManifest(
          new EngineId(required(keys, "id")),
          command,
          new EngineRights(
              classes(keys, "auth"),
              classes(keys, "notify"),
              yes(keys, "fileContent"),
              Set.copyOf(Arrays.asList(list(keys, "network"))),
              Arrays.stream(list(keys, "sockets")).map(Path::of).collect(Collectors.toSet()),
              responses(keys)),
          contentKind(keys),
          new EngineView(runtime(keys), ownFiles(keys, command.getFirst(), java, home)),
          limits(keys));
    } catch (IllegalArgumentException e) {
      throw new IllegalArgumentException("bad manifest: file=" + file + " " + e.getMessage(), e);
    }
  }

  private static List<String> words(String text, Path java, Path home) {
    return Arrays.asList(
        text.replace("${java}", java.toString())
            .replace("${libexec}", home.resolve("libexec").toString())
            .replace("${lib}", home.resolve("lib").toString())
            .strip()
            .split("\\s+"));
  }

  private static List<Path> ownFiles(Properties keys, String program, Path java, Path home) {
    List<Path> files = new ArrayList<>(List.of(Path.of(program)));
    String value = keys.getProperty("files", "").strip();
    if (!value.isEmpty()) {
      words(value, java, home).forEach(word -> files.add(Path.of(word)));
    }
    return files;
  }

  private static ContentKind contentKind(Properties keys) {
    String value = keys.getProperty("content", "").strip();
    return switch (value) {
      case "" -> ContentKind.OTHER;
      case "hash-list" -> ContentKind.HASH_LIST;
      case "scan-rules" -> ContentKind.SCAN_RULES;
      case "sigma-rules" -> ContentKind.SIGMA_RULES;
      case "watch-list" -> ContentKind.WATCH_LIST;
      default ->
          throw new IllegalArgumentException(
              "not hash-list, scan-rules, sigma-rules or watch-list: content=" + value);
    };
  }

  private static boolean yes(Properties keys, String key) {
    String value = keys.getProperty(key, "no").strip();
    return switch (value.toLowerCase(Locale.ROOT)) {
      case "yes" -> true;
      case "no" -> false;
      default -> throw new IllegalArgumentException("not yes or no: " + key + "=" + value);
    };
  }

  private static EngineView.Language runtime(Properties keys) {
    String value = keys.getProperty("runtime", "c").strip().toUpperCase(Locale.ROOT);
    return Arrays.stream(EngineView.Language.values())
        .filter(runtime -> runtime.name().equals(value))
        .findFirst()
        .orElseThrow(() -> new IllegalArgumentException("not c, java or python: runtime=" + value));
  }

  private static EngineLimits limits(Properties keys) {
    EngineLimits standard = EngineLimits.STANDARD;
    return new EngineLimits(
        number(keys, "memoryMiB", standard.memoryMiB()),
        number(keys, "processes", standard.processes()),
        number(keys, "openFiles", standard.openFiles()),
        number(keys, "cpuPercent", standard.cpuPercent()),
        number(keys, "scratchMiB", standard.scratchMiB()));
  }

  private static String required(Properties keys, String key) {
    String value = keys.getProperty(key, "").strip();
    if (value.isEmpty()) {
      throw new IllegalArgumentException("key missing: key=" + key);
    }
    return value;
  }

  private static Set<EventClass> classes(Properties keys, String key) {
    return Arrays.stream(list(keys, key))
        .map(name -> EventClass.valueOf(name.toUpperCase(Locale.ROOT)))
        .collect(Collectors.toCollection(() -> EnumSet.noneOf(EventClass.class)));
  }

  private static Set<ResponseAction> responses(Properties keys) {
    return EngineRights.of(
            Arrays.stream(list(keys, "respond")).map(name -> "respond:" + name).toList())
        .respond();
  }

  private static String[] list(Properties keys, String key) {
    String value = keys.getProperty(key, "").strip();
    return value.isEmpty() ? new String[0] : value.split("\\s*,\\s*");
  }

  private static int number(Properties keys, String key, int standard) {
    String value = keys.getProperty(key, "").strip();
    try {
      return value.isEmpty() ? standard : Integer.parseInt(value);
    } catch (NumberFormatException e) {
      throw new IllegalArgumentException("not a number: " + key + "=" + value, e);
    }
  }
}
