package redoubt.engine.drill;

import java.util.ArrayList;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import redoubt.core.model.Sha256;

/// What a drill's content says, one thing a line; empty lines and those that begin with `#` say
/// nothing:
///
/// - `report RULE PATH`: when a process starts the program at that path, the rule is reported;
/// - `deny RULE PATH`: a file at that path is denied; a `*` at the end stands for any rest;
/// - `fault NAME [ARGUMENT]`: what goes wrong, see [Fault].
///
/// Immutable.
///
/// @param reports rules by path
/// @param denials rules by path, in their order
/// @param faults what goes wrong, with its argument
record DrillContent(
    Map<String, String> reports, Map<String, String> denials, Map<Fault, String> faults) {
  /// The longest content, in bytes.
  static final int MOST_BYTES = 64 * 1024;

  /// The form of the content, for whoever makes some.
  private static final String SCHEMA = "redoubt drill content 1";

  private static final String ANY = "*";

  /// What can go wrong. Each name is its own in content, in small letters with `-`.
  enum Fault {
    /// The process ends while it loads.
    LOAD_CRASH(false),
    /// Loading never ends, without work.
    LOAD_HANG(false),
    /// Loading never ends, and works.
    LOAD_SPIN(false),
    /// Loading takes memory, as many MiB as the argument says.
    LOAD_MEMORY(true),
    /// The process ends when it handles its Nth event, a start or a question.
    CRASH_AT_EVENT(true),
    /// The process ends when a program's or a file's path contains the argument.
    CRASH_ON_PATH(true),
    /// An event with such a path is never done.
    HANG_ON_PATH(true),
    /// The process ends from that time on, such as `2022-01-01T00:00:00Z`, by the host's clock.
    CRASH_FROM(true),
    /// Nothing is found or denied from that time on.
    BLIND_FROM(true),
    /// Each event takes so many milliseconds of work.
    SLOW(true),
    /// Each event keeps so many KiB.
    LEAK(true),
    /// Each argument of a program is held against a regular expression that backtracks.
    BACKTRACK(false),
    /// The filter leaves out what the rules need.
    NARROW_FILTER(false),
    /// Every start of a program is reported, under the argument as the rule.
    REPORT_ALL(true),
    /// Every file is denied, by the argument as the rule.
    DENY_ALL(true),
    /// Nothing is judged.
    ABSTAIN(false);

    private final boolean hasArgument;

    Fault(boolean hasArgument) {
      this.hasArgument = hasArgument;
    }

    private static Fault of(String word) {
      return valueOf(word.toUpperCase(Locale.ROOT).replace('-', '_'));
    }
  }

  DrillContent {
    reports = Map.copyOf(reports);
    faults = Map.copyOf(faults);
  }

  /// The hash of the schema that this engine's content is written in.
  static String schemaHash() {
    return Sha256.ofText(SCHEMA).toString();
  }

  /// How many rules it has.
  int rules() {
    return reports.size() + denials.size();
  }

  /// The argument of a fault that the content has; empty text for one without.
  Optional<String> fault(Fault fault) {
    return Optional.ofNullable(faults.get(fault));
  }

  /// The number that a fault has as its argument, if the content has the fault.
  Optional<Integer> number(Fault fault) {
    return fault(fault).map(Integer::valueOf);
  }

  /// The rule that denies a path, if there is one.
  Optional<String> denial(String path) {
    return denials.entrySet().stream()
        .filter(entry -> matches(entry.getKey(), path))
        .map(Map.Entry::getValue)
        .findFirst();
  }

  private static boolean matches(String pattern, String path) {
    return pattern.endsWith(ANY)
        ? path.startsWith(pattern.substring(0, pattern.length() - 1))
        : path.equals(pattern);
  }

  /// Reads content.
  ///
  /// @throws IllegalArgumentException naming each line that says nothing that is known
  static DrillContent parse(String text) {
    Map<String, String> reports = new LinkedHashMap<>();
    Map<String, String> denials = new LinkedHashMap<>();
    Map<Fault, String> faults = new EnumMap<>(Fault.class);
    List<String> problems = new ArrayList<>();
    int number = 0;
    for (String line : text.lines().toList()) {
      number++;
      String[] words = line.strip().split("\\s+", 3);
      try {
        switch (words[0]) {
          case "" -> {}
          case "report" -> reports.put(argument(words, 2), argument(words, 1));
          case "deny" -> denials.put(argument(words, 2), argument(words, 1));
          case "fault" -> {
            Fault fault = Fault.of(argument(words, 1));
            faults.put(fault, fault.hasArgument ? argument(words, 2) : "");
          }
          default -> {
            if (!words[0].startsWith("#")) {
              problems.add(number + ": not report, deny or fault");
            }
          }
        }
      } catch (IllegalArgumentException e) {
        problems.add(number + ": " + e.getMessage());
      }
    }
    if (!problems.isEmpty()) {
      throw new IllegalArgumentException(String.join("; ", problems));
    }
    return new DrillContent(reports, denials, faults);
  }

  private static String argument(String[] words, int index) {
    if (words.length <= index) {
      throw new IllegalArgumentException("says too little");
    }
    return words[index];
  }
}
