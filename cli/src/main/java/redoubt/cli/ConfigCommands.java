package redoubt.cli;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import redoubt.agent.policy.PolicyException;
import redoubt.agent.policy.PrivateFile;
import redoubt.agent.policy.SettingsFile;
import redoubt.core.wire.ControlRequest;

/// `redoubt config` and what is below it.
final class ConfigCommands {
  private ConfigCommands() {}

  static Path usualPlace(Session session) {
    return session.directories().config().resolve(SettingsFile.CONFIGURATION);
  }

  /// `redoubt config`.
  @Command(
      name = "config",
      synopsisSubcommandLabel = "check|show|explain|reload|schema",
      description = {
        "The configuration of this host: one file, redoubt.yaml, in /etc/redoubt.",
        "",
        "A setting is an option of redoubt run, by the same name without its dashes; one that may"
            + " be repeated takes a list. What is not there has its default. A configuration is in"
            + " force as a whole or not at all: one that is wrong changes nothing, and the last"
            + " good one stays, also over a restart."
      })
  static final class Group extends CommandGroup {
    Group(Session session) {
      super(session, "what to do with the configuration", "redoubt config --help");
    }
  }

  /// `redoubt config check`.
  @Command(
      name = "check",
      description = {
        "Say whether a configuration is good, and change nothing.",
        "",
        "The exit status is 1 if it is not; the problem names the line."
      })
  static final class Check extends Subcommand {
    @Parameters(
        arity = "0..1",
        paramLabel = "FILE",
        description = "The configuration. Default: redoubt.yaml in /etc/redoubt.")
    private @Nullable Path path;

    Check(Session session) {
      super(session);
    }

    @Override
    public Integer call() {
      Path file = path == null ? usualPlace(session()) : path.toAbsolutePath().normalize();
      Configuration good =
          Configuration.check(
              session(), path == null ? ConfigFile.read(file) : ConfigFile.readDraft(file));
      int settings = good.file().entries().size();
      if (wantsJson()) {
        terminal().json(object().put("file", file.toString()).put("settings", settings));
      } else {
        terminal()
            .line(
                Files.exists(file)
                    ? "good: " + Printable.of(file.toString()) + ", " + counted(settings)
                    : "no configuration, so every setting has its default: file="
                        + Printable.of(file.toString()));
      }
      return ExitCode.OK;
    }
  }

  private static String counted(int settings) {
    return settings == 1 ? "1 setting" : settings + " settings";
  }

  /// `redoubt config show`.
  @Command(
      name = "show",
      description = {
        "Show what the configuration says, and whether that is in force.",
        "",
        "Options behind redoubt run add to it, and are not shown here."
      })
  static final class Show extends Subcommand {
    @Option(names = "--all", description = "Show what has its default too.")
    private boolean all;

    Show(Session session) {
      super(session);
    }

    @Override
    public Integer call() {
      Path path = usualPlace(session());
      ConfigFile file = ConfigFile.read(path);
      State state = State.of(session(), file);
      if (wantsJson()) {
        print(file, state);
        return ExitCode.OK;
      }
      terminal().line(Printable.of(path.toString()) + "  " + state.words());
      Table table = new Table("SETTING", "VALUE", "FROM");
      List<ConfigKey> keys = ConfigKey.all(session());
      for (ConfigKey key : keys) {
        ConfigFile.Entry entry = file.entries().get(key.name());
        if (entry != null) {
          row(table, key.name(), String.join(", ", entry.values()), "line " + entry.line());
        } else if (all) {
          row(table, key.name(), key.standard().orElse(""), "default");
        }
      }
      file.entries()
          .forEach((name, entry) -> {
            if (ConfigKey.find(keys, name).isEmpty()) {
              String from = "line " + entry.line() + ", unknown";
              row(table, name, String.join(", ", entry.values()), from);
            }
          });
      if (all || !file.entries().isEmpty()) {
        table.print(terminal());
      }
      return ExitCode.OK;
    }

    private static void row(Table table, String name, String value, String from) {
      table.add(Table.Cell.of(name), Table.Cell.of(value), Table.Cell.of(from));
    }

    private void print(ConfigFile file, State state) {
      ObjectNode node = object();
      node.put("file", file.path().toString());
      node.put("state", state.name().toLowerCase(Locale.ROOT).replace('_', '-'));
      ArrayNode settings = node.putArray("settings");
      for (ConfigKey key : ConfigKey.all(session())) {
        ConfigFile.Entry entry = file.entries().get(key.name());
        if (entry != null) {
          ObjectNode one = settings.addObject().put("name", key.name()).put("line", entry.line());
          entry.values().forEach(one.putArray("values")::add);
        }
      }
      terminal().json(node);
    }
  }

  /// What a configuration counts for now.
  enum State {
    /// There is none.
    NONE("there is none: every setting has its default"),
    /// This host is protected with it.
    IN_FORCE("in force"),
    /// The next start takes it, or the last one could not.
    TAKEN("for the next start of the agent, unless that could not: redoubt events"),
    /// It is good, and has been changed since.
    CHANGED("changed since it came into force: redoubt config reload"),
    /// It is wrong, and what was good before counts.
    WRONG("wrong, so what was good before counts: redoubt config check");

    private final String words;

    State(String words) {
      this.words = words;
    }

    String words() {
      return words;
    }

    /// What the agent says that it protects with; nothing if it has not come to that.
    private static Optional<String> running(Session session) {
      try {
        return Optional.of(
            Files.readString(SettingsFile.runningIn(session.directories().run())).strip());
      } catch (IOException _) {
        return Optional.empty();
      }
    }

    private static boolean isOf(Path settings, String source) throws PolicyException {
      return SettingsFile.read(settings).filter(file -> file.source().equals(source)).isPresent();
    }

    static State of(Session session, ConfigFile file) {
      if (!Files.exists(file.path())) {
        return NONE;
      }
      try {
        Path state = session.directories().state();
        String source = file.source().toString();
        if (isOf(SettingsFile.in(state), source)) {
          return running(session).orElse(source).equals(source) ? IN_FORCE : TAKEN;
        }
        var _ = Configuration.check(session, file);
        return CHANGED;
      } catch (PolicyException e) {
        throw PolicyChanges.problem(e);
      } catch (Problem _) {
        return WRONG;
      }
    }
  }

  /// `redoubt config explain`.
  @Command(
      name = "explain",
      description =
          "Say what a setting does, what it may be and what it is; without one, list all.")
  static final class Explain extends Subcommand {
    @Parameters(arity = "0..1", paramLabel = "SETTING", description = "The setting's name.")
    private @Nullable String name;

    Explain(Session session) {
      super(session);
    }

    @Override
    public Integer call() {
      List<ConfigKey> keys = ConfigKey.all(session());
      if (name == null) {
        list(keys);
        return ExitCode.OK;
      }
      ConfigKey key =
          ConfigKey.find(keys, name)
              .orElseThrow(() ->
                  new Problem(
                      ExitCode.USAGE,
                      "no such setting: setting=" + name,
                      "redoubt config explain lists them"));
      explain(key, ConfigFile.read(usualPlace(session())));
      return ExitCode.OK;
    }

    private void list(List<ConfigKey> keys) {
      if (wantsJson()) {
        ArrayNode array = object().putArray("settings");
        keys.forEach(key -> array.add(describe(key)));
        terminal().json(object().set("settings", array));
        return;
      }
      for (ConfigKey key : keys) {
        String sentence = key.description().split("[.:] ", 2)[0].replaceFirst("[.]$", "");
        terminal().line(key.name() + " ".repeat(Math.max(1, 27 - key.name().length())) + sentence);
      }
    }

    private static ObjectNode describe(ConfigKey key) {
      ObjectNode node = object();
      node.put("name", key.name());
      node.put("description", key.description());
      node.put("form", key.form());
      node.put("needsStart", key.needsStart());
      return node;
    }

    private void explain(ConfigKey key, ConfigFile file) {
      ConfigFile.Entry entry = file.entries().get(key.name());
      if (wantsJson()) {
        ObjectNode node = describe(key);
        if (entry != null) {
          entry.values().forEach(node.putArray("values")::add);
          node.put("line", entry.line());
        }
        terminal().json(node);
        return;
      }
      terminal().line(key.name());
      field("does", key.description());
      field("value", key.form());
      field("now", now(key, entry));
      field(
          "changes",
          key.needsStart()
              ? "with another start of the agent: redoubt config reload --restart"
              : "at once: redoubt config reload"
                  + (key.name().equals(SettingsFile.FIXED_IF_ABSENT)
                      ? "; on and off with another start"
                      : ""));
    }

    private static String now(ConfigKey key, ConfigFile.@Nullable Entry entry) {
      return entry == null
          ? "its default" + key.standard().map(standard -> ", " + standard).orElse("")
          : Printable.of(String.join(", ", entry.values())) + " (line " + entry.line() + ")";
    }
  }

  /// `redoubt config reload`.
  @Command(
      name = "reload",
      description = {
        "Bring the configuration into force, as a whole or not at all. Needs root.",
        "",
        "Engines that it names are started or ended, and those whose rules or lists have changed"
            + " get them by a second process, while the first one goes on to judge. A few settings"
            + " are fixed while an agent runs; if one of those differs, nothing is changed unless"
            + " --restart is said."
      })
  static final class Reload extends Subcommand {
    @Option(
        names = "--restart",
        description =
            "Start the agent again where that is needed: nothing is protected for about two seconds.")
    private boolean restart;

    Reload(Session session) {
      super(session);
    }

    @Override
    public Integer call() {
      Path state = session().directories().state();
      Configuration good = Configuration.check(session(), ConfigFile.read(usualPlace(session())));
      String answer;
      if (session().agent().isThere()) {
        write(state, SettingsFile.proposedIn(state), good);
        // Engines may have minutes to get ready with other content.
        answer = session().agent().fetching().change(new ControlRequest.ReloadSettings(restart));
      } else {
        write(state, SettingsFile.in(state), good);
        answer = "in force with the next start of the agent";
      }
      if (wantsJson()) {
        terminal().json(object().put("message", answer));
      } else {
        terminal().line(Printable.of(answer));
      }
      return ExitCode.OK;
    }
  }

  /// `redoubt config compile`: what the supervisor runs before it starts an agent.
  @Command(
      name = "compile",
      hidden = true,
      description = "Take the configuration for the next start, if it is good. For the supervisor.")
  static final class Compile extends Subcommand {
    Compile(Session session) {
      super(session);
    }

    @Override
    public Integer call() {
      Path state = session().directories().state();
      ConfigFile file = ConfigFile.read(usualPlace(session()));
      write(state, SettingsFile.in(state), Configuration.checkForms(session(), file));
      return ExitCode.OK;
    }
  }

  /// `redoubt config schema`.
  @Command(
      name = "schema",
      description = "Print the JSON schema of the configuration, for editors and other tools.")
  static final class Schema extends Subcommand {
    Schema(Session session) {
      super(session);
    }

    @Override
    public Integer call() {
      terminal().json(ConfigSchema.of(ConfigKey.all(session())));
      return ExitCode.OK;
    }
  }

  private static void write(Path state, Path target, Configuration good) {
    try {
      PrivateFile.createDirectory(state);
      new SettingsFile(good.file().source().toString(), good.options()).write(target);
    } catch (IOException e) {
      throw PolicyChanges.unwritten(
          "cannot be written: file=" + target + " error=" + PrivateFile.reasonOf(e), e);
    }
  }
}
