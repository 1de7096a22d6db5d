package redoubt.cli;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.Consumer;
import picocli.CommandLine;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.UnmatchedArgumentException;

/// A configuration that was found good, or else is none: it says nothing that `redoubt run` would
/// not take.
///
/// @param file what was read
/// @param options the same as options of `redoubt run`
record Configuration(ConfigFile file, List<String> options) {
  /// Checks a configuration as a whole.
  ///
  /// @throws Problem naming the line and what is wrong there
  static Configuration check(Session session, ConfigFile file) {
    return check(session, file, RunCommand::check);
  }

  /// As [#check(Session, ConfigFile)], but for what is named and not there: at a start the agent
  /// leaves that out.
  static Configuration checkForms(Session session, ConfigFile file) {
    return check(session, file, RunCommand::requireConsistent);
  }

  private static Configuration check(
      Session session, ConfigFile file, Consumer<RunCommand> further) {
    List<ConfigKey> keys = ConfigKey.all(session);
    List<String> options = new ArrayList<>();
    for (Map.Entry<String, ConfigFile.Entry> entry : file.entries().entrySet()) {
      ConfigKey key =
          ConfigKey.find(keys, entry.getKey()).orElseThrow(() -> unknown(session, file, entry));
      options.addAll(options(file, key, entry.getValue()));
    }
    RunCommand run = new RunCommand(session);
    try {
      var _ =
          new CommandLine(run)
              .setCaseInsensitiveEnumValuesAllowed(true)
              .parseArgs(options.toArray(String[]::new));
      further.accept(run);
    } catch (ParameterException e) {
      throw placed(file, String.valueOf(e.getMessage()));
    } catch (Problem e) {
      throw placed(file, e.getMessage());
    }
    return new Configuration(file, List.copyOf(options));
  }

  private static List<String> options(ConfigFile file, ConfigKey key, ConfigFile.Entry entry) {
    if (entry.isList() && !key.isRepeatable()) {
      throw file.problem(entry.line(), "one value, no list: " + key.name(), key.name());
    }
    List<String> options = new ArrayList<>();
    for (String value : entry.values()) {
      switch (key.kind()) {
        case FLAG -> {
          if (isTrue(file, key, entry, value)) {
            options.add("--" + key.name());
          }
        }
        case PATH -> {
          if (!value.startsWith("/")) {
            throw file.problem(
                entry.line(), "no absolute path: " + key.name() + "=" + value, key.name());
          }
          options.add(option(key, value));
        }
        case NUMBER, TEXT -> options.add(option(key, value));
      }
    }
    return options;
  }

  private static String option(ConfigKey key, String value) {
    return "--" + key.name() + "=" + value;
  }

  private static boolean isTrue(
      ConfigFile file, ConfigKey key, ConfigFile.Entry entry, String value) {
    return switch (value.toLowerCase(Locale.ROOT)) {
      case "true" -> true;
      case "false" -> false;
      default ->
          throw file.problem(
              entry.line(), "not true or false: " + key.name() + "=" + value, key.name());
    };
  }

  private static Problem unknown(
      Session session, ConfigFile file, Map.Entry<String, ConfigFile.Entry> entry) {
    String perhaps = "";
    try {
      var _ = new CommandLine(new RunCommand(session)).parseArgs("--" + entry.getKey());
    } catch (UnmatchedArgumentException e) {
      List<String> similar = e.getSuggestions();
      perhaps = similar.isEmpty() ? "" : "; perhaps " + similar.getFirst().replaceFirst("^--", "");
    } catch (ParameterException _) {
      // It looks like an option and is none: nothing is similar.
    }
    return file.problem(entry.getValue().line(), "no such setting: " + entry.getKey() + perhaps);
  }

  /// The checks of `redoubt run` name its options: here they are settings, in a line.
  private static Problem placed(ConfigFile file, String message) {
    String said = message.replaceAll("--(?=[a-z])", "");
    return file.entries().entrySet().stream()
        .filter(entry -> message.matches("(?s).*\\b" + entry.getKey() + "\\b.*"))
        .max(Comparator.comparingInt(entry -> entry.getKey().length()))
        .map(entry -> file.problem(entry.getValue().line(), said, entry.getKey()))
        .orElseGet(() -> file.problem(1, said));
  }
}
