package redoubt.cli;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.TreeSet;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import redoubt.agent.policy.PolicyException;
import redoubt.agent.updates.UpdatePolicy;
import redoubt.agent.updates.UpdateWindow;
import redoubt.agent.updates.UpdatesFile;
import redoubt.cli.Table.Cell;
import redoubt.core.content.life.Life;
import redoubt.core.content.life.Release;
import redoubt.core.model.EngineId;
import redoubt.core.tuf.policy.PublishedBundle;
import redoubt.core.wire.ControlRequest;

/// Which updates of content this host takes by itself: `redoubt content follow|pin|freeze|update`.
/// What is decided is on disk, and counts at the agent's next look.
final class ContentUpdateCommands {
  private static final String ENGINE =
      "The engine, as redoubt engines shows it; ENGINE.engine for its releases.";

  private ContentUpdateCommands() {}

  private static UpdatesFile file(Session session) {
    return new UpdatesFile(session.directories().state());
  }

  static Map<EngineId, UpdatePolicy> read(Session session) {
    try {
      return file(session).read();
    } catch (PolicyException e) {
      throw PolicyChanges.problem(e);
    }
  }

  static ObjectNode json(UpdatePolicy policy) {
    ObjectNode node = Subcommand.object();
    node.put("engine", policy.engine().value());
    node.put("vendor", policy.vendor());
    node.put("name", policy.name());
    policy.channels().forEach(node.putArray("channels")::add);
    node.put("behind", policy.behind());
    policy.windows().forEach(window -> node.withArray("windows").add(window.toString()));
    node.put("frozen", policy.frozen());
    policy.pin().ifPresent(version -> node.put("pin", version));
    return node;
  }

  static String sentence(UpdatePolicy policy) {
    StringBuilder text =
        new StringBuilder(policy.engine() + " follows " + policy.vendor() + "/" + policy.name());
    text.append(policy.channels().size() > 1 ? ", channels " : ", channel ")
        .append(String.join(", ", policy.channels()));
    if (policy.behind() > 0) {
      text.append(", ").append(policy.behind()).append(" behind the newest");
    }
    if (!policy.windows().isEmpty()) {
      text.append(", at ").append(windows(policy));
    }
    policy.pin().ifPresent(version -> text.append(", pinned to version ").append(version));
    return text.append(policy.frozen() ? ", frozen" : "").toString();
  }

  private static String windows(UpdatePolicy policy) {
    return policy.windows().stream().map(UpdateWindow::toString).collect(Collectors.joining("; "));
  }

  /// What changes the owner's word on one engine.
  abstract static class Change extends Subcommand {
    Change(Session session) {
      super(session);
    }

    final int change(EngineId engine, UnaryOperator<@Nullable UpdatePolicy> step) {
      UpdatePolicy now;
      try {
        now = file(session()).change(engine, step);
      } catch (PolicyException e) {
        throw PolicyChanges.problem(e);
      }
      if (wantsJson()) {
        terminal().json(now == null ? object().put("engine", engine.value()) : json(now));
      } else {
        terminal().line(now == null ? engine + " follows nothing" : sentence(now));
      }
      return ExitCode.OK;
    }

    /// What is said of an engine that follows something.
    final UpdatePolicy followed(EngineId engine, @Nullable UpdatePolicy policy) {
      if (policy == null) {
        throw new Problem(
            ExitCode.NO,
            "this engine follows nothing, so nothing comes by itself: engine=" + engine,
            "redoubt content follow " + engine + " VENDOR/NAME");
      }
      return policy;
    }
  }

  /// `redoubt content follow`.
  @Command(
      name = "follow",
      customSynopsis = {
        "redoubt content follow [--json]",
        "redoubt content follow [--json] [--channel NAME]... [--behind N] [--window WHEN]... ENGINE"
            + " VENDOR/NAME",
        "redoubt content follow [--json] --off ENGINE"
      },
      description = {
        "Say which updates this host takes by itself, or show it. Changing it needs root.",
        "",
        "About once an hour the agent looks for newer bundles of VENDOR/NAME in the repository that this"
            + " host trusts for the vendor, and has the newest tried as redoubt content activate does. It"
            + " takes nothing for an engine that follows nothing. A pin and a freeze stay as they are."
      })
  static final class Follow extends Change {
    @Parameters(index = "0", arity = "0..1", paramLabel = "ENGINE", description = ENGINE)
    private @Nullable String engine;

    @Parameters(
        index = "1",
        arity = "0..1",
        paramLabel = "VENDOR/NAME",
        description = "Whose content, and which.")
    private @Nullable String content;

    @Option(
        names = "--channel",
        paramLabel = "NAME",
        description =
            "Take bundles of this channel of the vendor's; may be repeated. Default: stable.")
    private List<String> channels = List.of(PublishedBundle.STABLE);

    @Option(
        names = "--behind",
        paramLabel = "N",
        description = "Stay so many versions behind the newest, 0 to 9. Default: 0.")
    private int behind;

    @Option(
        names = "--window",
        paramLabel = "WHEN",
        description =
            "Bring updates into force only then, by this host's clock: 22:00-05:00, or sat,sun"
                + " 02:00-06:00. May be repeated. Default: always.")
    private List<String> windows = new ArrayList<>();

    @Option(names = "--off", description = "Follow nothing any more; a pin and a freeze go too.")
    private boolean off;

    Follow(Session session) {
      super(session);
    }

    @Override
    public Integer call() {
      if (engine == null) {
        return show();
      }
      EngineId id = EngineCommands.idOf(engine);
      if (off) {
        return change(id, _ -> null);
      }
      if (content == null || content.indexOf('/') < 1) {
        throw new Problem(ExitCode.USAGE, "whose content, and which?", "name it: acme/linux-rules");
      }
      String vendor = content.substring(0, content.indexOf('/'));
      String name = content.substring(vendor.length() + 1);
      try {
        UpdatePolicy wanted =
            new UpdatePolicy(
                id,
                vendor,
                name,
                new TreeSet<>(channels),
                behind,
                windows.stream().map(UpdateWindow::parse).toList(),
                false,
                OptionalLong.empty());
        return change(
            id,
            was ->
                was == null || !was.vendor().equals(vendor) || !was.name().equals(name)
                    ? wanted
                    : wanted.frozen(was.frozen()).pinned(was.pin()));
      } catch (IllegalArgumentException e) {
        throw new Problem(
            ExitCode.USAGE,
            Printable.of(String.valueOf(e.getMessage())),
            "redoubt content follow --help");
      }
    }

    private int show() {
      Map<EngineId, UpdatePolicy> all = read(session());
      if (wantsJson()) {
        ArrayNode array = JsonNodeFactory.instance.arrayNode();
        all.values().forEach(policy -> array.add(json(policy)));
        terminal().json(array);
      } else if (all.isEmpty()) {
        terminal().line("nothing is followed: no update comes by itself");
      } else {
        Table table = new Table("ENGINE", "FOLLOWS", "CHANNELS", "BEHIND", "WINDOWS", "");
        all.values()
            .forEach(policy ->
                table.add(
                    Cell.of(policy.engine().value()),
                    Cell.of(policy.vendor() + "/" + policy.name()),
                    Cell.of(String.join(", ", policy.channels())),
                    Cell.of(policy.behind()),
                    Cell.of(policy.windows().isEmpty() ? "always" : windows(policy)),
                    Cell.of(stands(policy))));
        table.print(terminal());
      }
      return ExitCode.OK;
    }

    private static String stands(UpdatePolicy policy) {
      if (policy.frozen()) {
        return "frozen";
      }
      return policy.pin().isPresent() ? "pinned to " + policy.pin().getAsLong() : "";
    }
  }

  /// `redoubt content pin`.
  @Command(
      name = "pin",
      customSynopsis = {
        "redoubt content pin [--json] ENGINE [VERSION]",
        "redoubt content pin [--json] --off ENGINE"
      },
      description = {
        "Have an engine that follows content take one version and no other. Needs root.",
        "",
        "Without a VERSION it is the one in force: nothing comes by itself until --off. Only versions"
            + " newer than any before are taken; redoubt content rollback goes back."
      })
  static final class Pin extends Change {
    @Parameters(index = "0", paramLabel = "ENGINE", description = ENGINE)
    private String engine = "";

    @Parameters(index = "1", arity = "0..1", paramLabel = "VERSION", description = "Which one.")
    private @Nullable Long version;

    @Option(names = "--off", description = "Take the newest again.")
    private boolean off;

    Pin(Session session) {
      super(session);
    }

    @Override
    public Integer call() {
      EngineId id = EngineCommands.idOf(engine);
      if (off) {
        return change(id, was -> followed(id, was).pinned(OptionalLong.empty()));
      }
      Life life = ContentLifeCommands.life(session(), id);
      return change(
          id,
          was -> {
            UpdatePolicy policy = followed(id, was);
            return policy.pinned(OptionalLong.of(version(policy, life)));
          });
    }

    private long version(UpdatePolicy policy, Life life) {
      long active =
          life.active().filter(each -> isOf(policy, each)).map(Release::version).orElse(0L);
      long wanted = version == null ? active : version;
      if (wanted < 1) {
        throw new Problem(
            ExitCode.NO,
            "no version of it is in force: content=" + policy.vendor() + "/" + policy.name(),
            "name one: redoubt content pin " + policy.engine() + " VERSION");
      }
      long newest = life.newestOf(policy.vendor(), policy.name());
      if (wanted != active && wanted <= newest) {
        throw new Problem(
            ExitCode.NO,
            "not newer than what was taken: version=" + wanted + " newest=" + newest,
            "redoubt content rollback " + policy.engine() + " goes back to what was in force");
      }
      return wanted;
    }

    private static boolean isOf(UpdatePolicy policy, Release release) {
      return release.vendor().equals(policy.vendor()) && release.name().equals(policy.name());
    }
  }

  /// `redoubt content freeze`.
  @Command(
      name = "freeze",
      customSynopsis = "redoubt content freeze [--json] [--off] ENGINE",
      description = {
        "Have an engine take no update by itself, or take them again. Needs root.",
        "",
        "What is in force stays, and what goes wrong with it is still taken back. redoubt content"
            + " activate works all the same."
      })
  static final class Freeze extends Change {
    @Parameters(paramLabel = "ENGINE", description = ENGINE)
    private String engine = "";

    @Option(names = "--off", description = "Take updates again.")
    private boolean off;

    Freeze(Session session) {
      super(session);
    }

    @Override
    public Integer call() {
      EngineId id = EngineCommands.idOf(engine);
      return change(id, was -> followed(id, was).frozen(!off));
    }
  }

  /// `redoubt content update`.
  @Command(
      name = "update",
      customSynopsis = "redoubt content update [--json] [ENGINE]",
      description = {
        "Have the agent look for updates now, and take what it would take at its next look. Needs root"
            + " and a running agent.",
        "",
        "What becomes of a bundle that is taken: redoubt content list, redoubt content history."
      })
  static final class Update extends Subcommand {
    @Parameters(
        arity = "0..1",
        paramLabel = "ENGINE",
        description = "Only this engine, as redoubt engines shows it.")
    private @Nullable String engine;

    Update(Session session) {
      super(session);
    }

    @Override
    public Integer call() {
      String id = engine == null ? "" : EngineCommands.idOf(engine).value();
      Map<EngineId, UpdatePolicy> followed = read(session());
      if (!id.isEmpty() && !followed.containsKey(new EngineId(id))) {
        throw new Problem(
            ExitCode.NO,
            "this engine follows nothing: engine=" + id,
            "redoubt content follow " + id + " VENDOR/NAME");
      }
      ProgressLine progress = new ProgressLine(terminal(), () -> !wantsJson());
      progress.show("looking");
      String answer;
      try {
        answer = session().agent().fetching().change(new ControlRequest.UpdateContent(id));
      } finally {
        progress.clear();
      }
      if (wantsJson()) {
        terminal().json(object().put("message", answer));
      } else {
        terminal()
            .line(
                Printable.of(
                    answer.isEmpty() ? "nothing is followed: no update comes by itself" : answer));
      }
      return ExitCode.OK;
    }
  }
}
