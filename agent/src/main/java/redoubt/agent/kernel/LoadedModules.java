package redoubt.agent.kernel;

import java.io.IOException;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;

/// The modules that the kernel has, from the two places where it shows them: `/proc/modules` and
/// `/sys/module`. A module that hides from the first may have forgotten the second.
record LoadedModules(KernelPlaces places) {
  private static final String TABLE = "modules";
  private static final String FOLDER = "module/";
  private static final int MOST_FOLDERS = 65_536;
  private static final int MOST_TEXT_CHARS = 256;

  /// What was found.
  ///
  /// @param table what `/proc/modules` lists, empty if there is no such file
  /// @param hidden what it does not list and `/sys/module` has
  record Found(Optional<ModuleTable> table, List<ModuleTable.Row> hidden) {
    Found {
      hidden = List.copyOf(hidden);
    }
  }

  Found look() {
    Optional<ModuleTable> table = table();
    List<String> missing = missingIn(table, folders());
    if (!missing.isEmpty()) {
      missing = missingIn(table(), missing); // what was loaded in between is listed now
    }
    return new Found(table, missing.stream().map(this::fromFolder).toList());
  }

  /// The flags that the module left, by its folder.
  String taintLetters(String module) {
    return text(module, "taint").replaceAll("[^A-Z]", "");
  }

  /// What the module says of its version and source, at most 256 characters.
  String text(String module, String file) {
    String folder = folderOf(module);
    if (folder.equals(".") || folder.equals("..")) {
      return "";
    }
    String text = places.findSys(FOLDER + folder + "/" + file).orElse("").strip();
    return text.substring(0, Math.min(text.length(), MOST_TEXT_CHARS));
  }

  private Optional<ModuleTable> table() {
    return places.findProc(TABLE).map(ModuleTable::parse);
  }

  private List<String> missingIn(Optional<ModuleTable> table, List<String> folders) {
    Set<String> listed = new HashSet<>();
    table.ifPresent(found -> found.rows().forEach(row -> listed.add(folderOf(row.name()))));
    return folders.stream()
        .filter(folder -> !listed.contains(folder) && !text(folder, "initstate").isEmpty())
        .toList();
  }

  /// A slash in a name is an exclamation mark in sysfs.
  private static String folderOf(String module) {
    return module.replace('/', '!');
  }

  private List<String> folders() {
    List<String> names = new ArrayList<>();
    Path folder = places.sys().resolve(FOLDER);
    try (DirectoryStream<Path> entries = Files.newDirectoryStream(folder)) {
      for (Path entry : entries) {
        if (names.size() == MOST_FOLDERS) {
          break;
        }
        names.add(entry.getFileName().toString());
      }
    } catch (IOException | DirectoryIteratorException _) {
      return names; // no sysfs, nothing to compare with
    }
    return names;
  }

  private ModuleTable.Row fromFolder(String folder) {
    OptionalInt size = KernelSettings.parseNumber(text(folder, "coresize"));
    OptionalInt references = KernelSettings.parseNumber(text(folder, "refcnt"));
    String state =
        switch (text(folder, "initstate")) {
          case "coming" -> "Loading";
          case "going" -> "Unloading";
          default -> "Live";
        };
    return new ModuleTable.Row(
        folder, size.orElse(0), references.orElse(-1), List.of(), state, taintLetters(folder));
  }
}
