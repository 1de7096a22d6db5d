package redoubt.cli;

import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import picocli.CommandLine;
import picocli.CommandLine.Model.OptionSpec;
import redoubt.agent.policy.SettingsFile;

/// A setting: an option of `redoubt run`, by the same name without its dashes.
///
/// @param name as in the configuration
/// @param kind what its value is
/// @param isRepeatable whether it may have several values
/// @param words the values that it may have, empty if any
/// @param description what it does, in sentences
record ConfigKey(
    String name, Kind kind, boolean isRepeatable, List<String> words, String description) {
  private static final Set<String> OF_THE_COMMAND = Set.of("help", "version", "json");
  private static final Pattern DEFAULT = Pattern.compile("Default: ([^.]+)\\.");
  private static final Pattern RANGE = Pattern.compile("(\\d+) to (\\d+)");

  /// What a value is.
  enum Kind {
    /// `true` or `false`.
    FLAG,
    /// A whole number.
    NUMBER,
    /// A file or a folder, as an absolute path.
    PATH,
    /// Anything else.
    TEXT
  }

  ConfigKey {
    words = List.copyOf(words);
  }

  /// All settings, in the order of the help.
  static List<ConfigKey> all(Session session) {
    return new CommandLine(new RunCommand(session))
        .getCommandSpec().options().stream()
            .filter(option -> !OF_THE_COMMAND.contains(name(option)))
            .map(ConfigKey::of)
            .toList();
  }

  /// The one of a name.
  static Optional<ConfigKey> find(List<ConfigKey> keys, String name) {
    return keys.stream().filter(key -> key.name().equals(name)).findFirst();
  }

  private static ConfigKey of(OptionSpec option) {
    Kind kind;
    Class<?> type = option.auxiliaryTypes()[0];
    if (option.arity().max() == 0) {
      kind = Kind.FLAG;
    } else if (type == int.class) {
      kind = Kind.NUMBER;
    } else if (type == Path.class) {
      kind = Kind.PATH;
    } else {
      kind = Kind.TEXT;
    }
    String label = option.paramLabel();
    List<String> words = label.contains("|") ? Arrays.asList(label.split("\\|")) : List.of();
    return new ConfigKey(
        name(option), kind, option.isMultiValue(), words, String.join(" ", option.description()));
  }

  private static String name(OptionSpec option) {
    return option.longestName().substring(2);
  }

  /// What it is without a value, as the description says; empty if it is off.
  Optional<String> standard() {
    Matcher found = DEFAULT.matcher(description);
    return found.find() ? Optional.of(found.group(1)) : Optional.empty();
  }

  /// The least and the most of a number, if the description says so.
  Optional<long[]> range() {
    Matcher found = RANGE.matcher(description);
    return kind == Kind.NUMBER && found.find()
        ? Optional.of(new long[] {Long.parseLong(found.group(1)), Long.parseLong(found.group(2))})
        : Optional.empty();
  }

  /// Whether a change needs another start of the agent.
  boolean needsStart() {
    return SettingsFile.FIXED.contains(name);
  }

  /// What its value may be, for people.
  String form() {
    String one =
        switch (kind) {
          case FLAG -> "true or false";
          case NUMBER ->
              range().map(range -> "a number, " + range[0] + " to " + range[1]).orElse("a number");
          case PATH -> "an absolute path";
          case TEXT -> words.isEmpty() ? "text" : String.join(", ", words);
        };
    return isRepeatable ? one + "; or a list" : one;
  }
}
