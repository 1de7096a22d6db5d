package redoubt.agent.kernel;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/// What `/proc/modules` lists.
///
/// @param rows the modules, the newest first as the kernel has them
/// @param unread how many lines have another form than the kernel gives them, or were too many
record ModuleTable(List<Row> rows, int unread) {
  static final int MOST_MODULES = 4096;
  private static final int MOST_NAME_CHARS = 64;
  private static final int FIELDS = 6;
  private static final int UNKNOWN = -1;

  ModuleTable {
    rows = List.copyOf(rows);
  }

  /// One line.
  ///
  /// @param name the module's name, any characters but spaces
  /// @param sizeBytes what it takes up in memory
  /// @param references how often it is in use, -1 if the kernel does not count
  /// @param usedBy the modules that use it
  /// @param state `Live`, `Loading` or `Unloading`
  /// @param taintLetters the letters of the flags that it left, empty for none
  record Row(
      String name,
      long sizeBytes,
      int references,
      List<String> usedBy,
      String state,
      String taintLetters) {
    Row {
      usedBy = List.copyOf(usedBy);
    }
  }

  /// Reads the whole text. Never fails: what cannot be read is counted.
  static ModuleTable parse(String text) {
    List<Row> rows = new ArrayList<>();
    int unread = 0;
    for (String line : text.lines().toList()) {
      Optional<Row> row = rows.size() < MOST_MODULES ? parseLine(line) : Optional.empty();
      row.ifPresent(rows::add);
      unread += row.isPresent() || line.isEmpty() ? 0 : 1;
    }
    return new ModuleTable(rows, unread);
  }

  /// `name size references users state address[ (letters)]`, from `m_show` of the kernel's
  /// `module/procfs.c`. `users` is `-` or names that each end with a comma.
  private static Optional<Row> parseLine(String line) {
    String[] words = line.strip().split(" ", FIELDS + 2);
    if (words.length < FIELDS
        || words.length > FIELDS + 1
        || words[0].isEmpty()
        || words[0].length() > MOST_NAME_CHARS
        || !words[1].matches("[0-9]{1,18}")
        || !words[2].matches("-|-?[0-9]{1,9}")
        || !words[4].matches("[A-Za-z]{1,16}")) {
      return Optional.empty();
    }
    String letters = words.length > FIELDS ? words[FIELDS] : "()";
    if (!letters.matches("\\([A-Z]{0,32}[+-]?\\)")) {
      return Optional.empty();
    }
    return Optional.of(
        new Row(
            words[0],
            Long.parseLong(words[1]),
            words[2].equals("-") ? UNKNOWN : Integer.parseInt(words[2]),
            usersIn(words[3]),
            words[4],
            letters.replaceAll("[^A-Z]", "")));
  }

  private static List<String> usersIn(String word) {
    return Stream.of(word.split(",", -1))
        .filter(user -> !user.isEmpty() && !user.equals("-") && !user.equals("[permanent]"))
        .toList();
  }
}
