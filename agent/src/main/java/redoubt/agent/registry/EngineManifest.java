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
import java.util.Optional;
import java.util.Properties;
import java.util.Set;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;
import redoubt.core.content.PlatformRelease;
import redoubt.core.content.ProgramFolder;
import redoubt.core.model.EngineId;
import redoubt.core.model.EventClass;
import redoubt.core.model.ResponseAction;
import redoubt.core.model.Sha256;

/// What a vendor says of an engine: how to start it, and what it asks for.
///
/// @param id the engine's name on this host
/// @param command the program and its arguments, an absolute path first
/// @param asks the rights that it asks for
/// @param content what kind of content it takes from the owner
/// @param view what it sees of the host's files
/// @param limits what it may use
/// @param release the digest of the bundle that it came in, if it came in one
public record EngineManifest(
    EngineId id,
    List<String> command,
    EngineRights asks,
    ContentKind content,
    EngineView view,
    EngineLimits limits,
    Optional<Sha256> release) {
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
    if (id.released().isPresent() || id.equals(PlatformRelease.ENGINE)) {
      throw new IllegalArgumentException("releases go under this id: id=" + id);
    }
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
    return read(file, java, home, keys -> keys);
  }

  /// Reads the manifest of an engine that came as a bundle, which lies in the folder of the
  /// engine's files. In it `${here}` stands for that folder, all of which the engine sees, and
  /// nothing else of the host but what its language needs. The folder's own permissions are the
  /// caller's concern.
  ///
  /// @param folder where the engine's files are
  /// @param engine the engine that it must be
  /// @param release the digest of that bundle; empty while it is made
  /// @throws IOException if there is none, or it is too large
  /// @throws IllegalArgumentException naming the file and what is wrong
  public static EngineManifest ofRelease(
      Path folder, EngineId engine, Optional<Sha256> release, Path java, Path home)
      throws IOException {
    Path file = folder.resolve(ProgramFolder.MANIFEST);
    EngineManifest manifest =
        read(file, java, home, text -> text.replace("${here}", folder.toString()));
    try {
      requireOwn(manifest, folder, engine, java);
    } catch (IllegalArgumentException e) {
      throw new IllegalArgumentException("bad manifest: file=" + file + " " + e.getMessage(), e);
    }
    return new EngineManifest(
        engine,
        manifest.command,
        manifest.asks,
        manifest.content,
        new EngineView(manifest.view.runtime(), List.of(folder)),
        manifest.limits,
        release);
  }

  /// The same program with one more argument.
  public EngineManifest withArgument(String argument) {
    List<String> longer = new ArrayList<>(command);
    longer.add(argument);
    return new EngineManifest(id, longer, asks, content, view, limits, release);
  }

  private static void requireOwn(EngineManifest manifest, Path folder, EngineId engine, Path java) {
    if (!manifest.id.equals(engine)) {
      throw new IllegalArgumentException("of another engine: id=" + manifest.id);
    }
    Path program = Path.of(manifest.command.getFirst());
    boolean isLanguage =
        switch (manifest.view.runtime()) {
          case C -> false;
          case JAVA -> program.equals(java);
          case PYTHON -> program.equals(EngineView.PYTHON);
        };
    if (!isLanguage && !isBelow(program, folder)) {
      throw new IllegalArgumentException(
          "the program must be below ${here}, or that of its runtime: command=" + program);
    }
    for (Path file : manifest.view.files()) {
      if (!file.equals(program) && !isBelow(file, folder)) {
        throw new IllegalArgumentException("files must be below ${here}: files=" + file);
      }
    }
  }

  private static boolean isBelow(Path file, Path folder) {
    return file.equals(file.normalize()) && file.startsWith(folder);
  }

  private static EngineManifest read(Path file, Path java, Path home, UnaryOperator<String> places)
      throws IOException {
    if (Files.size(file) > MOST_BYTES) {
      throw new IOException("manifest too large: file=" + file + " mostBytes=" + MOST_BYTES);
    }
    Properties keys = new Properties();
    keys.load(new StringReader(Files.readString(file, StandardCharsets.UTF_8)));
    try {
      List<String> command = words(places.apply(required(keys, "command")), java, home);
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
          new EngineView(runtime(keys), ownFiles(keys, command.getFirst(), java, home, places)),
          limits(keys),
          Optional.empty());
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

  private static List<Path> ownFiles(
      Properties keys, String program, Path java, Path home, UnaryOperator<String> places) {
    List<Path> files = new ArrayList<>(List.of(Path.of(program)));
    String value = places.apply(keys.getProperty("files", "").strip());
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
