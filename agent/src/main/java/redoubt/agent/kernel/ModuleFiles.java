package redoubt.agent.kernel;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// Which file each module most likely came from, by depmod's own lists: those that `modprobe` goes
/// by. Immutable.
///
/// @param folder the folder of the running kernel's modules, empty if it is not on this host
/// @param byName the file of each module as `modules.dep` spells it, mostly relative to the folder
/// @param builtIn the names of what others have as modules and this kernel has built in
record ModuleFiles(Optional<Path> folder, Map<String, String> byName, Set<String> builtIn) {
  static final int MOST_FILES = 65_536;
  private static final int MOST_BYTES = 16 << 20;
  private static final int MOST_PATH_CHARS = 4096;
  private static final Pattern FILE = Pattern.compile("([^/]{1,128})\\.ko(?:\\.(?:gz|xz|zst))?");

  /// Where the kernel's own modules lie; what others add goes elsewhere (`updates`, `extra`).
  private static final String OWN_FOLDER = "kernel/";

  ModuleFiles {
    byName = Map.copyOf(byName);
    builtIn = Set.copyOf(builtIn);
  }

  /// Reads the lists of a release.
  ///
  /// @param folders where the folders of releases are looked for, in this order
  static ModuleFiles of(String release, List<Path> folders) {
    for (Path all : folders) {
      Path folder = all.resolve(release);
      if (Files.isDirectory(folder)) {
        return new ModuleFiles(
            Optional.of(folder),
            parseDependencies(read(folder.resolve("modules.dep"))),
            parseBuiltIn(read(folder.resolve("modules.builtin"))));
      }
    }
    return new ModuleFiles(Optional.empty(), Map.of(), Set.of());
  }

  /// Whether there is a list in which the running kernel's modules should be.
  boolean isKnown() {
    return folder.isPresent() && !byName.isEmpty();
  }

  /// Finds the file of a module; it exists.
  Optional<Path> find(String name) {
    String path = byName.get(normal(name));
    if (path == null || folder.isEmpty()) {
      return Optional.empty();
    }
    try {
      return Optional.of(folder.get().resolve(path)).filter(Files::isRegularFile);
    } catch (InvalidPathException _) {
      return Optional.empty(); // a name that this process's locale cannot spell
    }
  }

  /// Whether a file lies among those that are built with the kernel.
  boolean isAmongTheKernels(Path file) {
    return folder.isPresent() && file.startsWith(folder.get().resolve(OWN_FOLDER));
  }

  /// Whether the kernel has this built in, so that no module of that name belongs to it.
  boolean isBuiltIn(String name) {
    return builtIn.contains(normal(name));
  }

  /// Reads `modules.dep`: a line for each file, `path: paths of what it needs`. Of several files of
  /// one name the first counts. Never fails; what is no file of a module is left out.
  static Map<String, String> parseDependencies(String text) {
    Map<String, String> files = new HashMap<>();
    for (String line : text.lines().toList()) {
      int colon = line.indexOf(':');
      String path = colon < 0 ? "" : line.substring(0, colon);
      String name = moduleOf(path);
      if (!name.isEmpty() && files.size() < MOST_FILES) {
        files.putIfAbsent(name, path);
      }
    }
    return files;
  }

  /// Reads `modules.builtin`: a line for each, the path that it would have. Never fails.
  static Set<String> parseBuiltIn(String text) {
    Set<String> names = new HashSet<>();
    for (String line : text.lines().toList()) {
      String name = moduleOf(line);
      if (!name.isEmpty() && names.size() < MOST_FILES) {
        names.add(name);
      }
    }
    return names;
  }

  /// The name of the module in a file, empty if it is none: `a/snd-pcm.ko.xz` holds `snd_pcm`.
  static String moduleOf(String path) {
    if (path.length() > MOST_PATH_CHARS || path.indexOf('\0') >= 0) {
      return "";
    }
    Matcher file = FILE.matcher(path.substring(path.lastIndexOf('/') + 1));
    return file.matches() ? normal(file.group(1)) : "";
  }

  private static String normal(String name) {
    return name.replace('-', '_').replace(',', '_');
  }

  private static String read(Path list) {
    try (InputStream file = Files.newInputStream(list)) {
      return new String(file.readNBytes(MOST_BYTES), StandardCharsets.UTF_8);
    } catch (IOException _) {
      return ""; // a release without this list
    }
  }
}
