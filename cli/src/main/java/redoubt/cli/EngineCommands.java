package redoubt.cli;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.file.Path;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.function.UnaryOperator;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import redoubt.agent.policy.PolicyException;
import redoubt.agent.registry.EngineLimits;
import redoubt.agent.registry.EngineManifest;
import redoubt.agent.registry.EngineRights;
import redoubt.agent.registry.Register;
import redoubt.core.model.EngineId;
import redoubt.core.wire.ControlRequest;

/// What is below `redoubt engines`: which engines there are, and what each may.
final class EngineCommands {
  private static final String ALL = "all";

  private static final String RIGHTS =
      "judge:exec|open|scan, observe:CLASS, file-content, network:HOST:PORT, socket:PATH,"
          + " respond:kill|kill_tree|freeze|collect, or all that it asks for.";

  private EngineCommands() {}

  /// Reads an engine's id.
  static EngineId idOf(String word) {
    try {
      return new EngineId(word);
    } catch (IllegalArgumentException e) {
      throw new Problem(
          ExitCode.USAGE, "not an engine's id: engine=" + word, "see redoubt engines");
    }
  }

  private static EngineRights rightsOf(List<String> words, EngineRights all) {
    if (words.equals(List.of(ALL))) {
      return all;
    }
    try {
      return EngineRights.of(words);
    } catch (IllegalArgumentException e) {
      throw new Problem(ExitCode.USAGE, String.valueOf(e.getMessage()), "rights are " + RIGHTS);
    }
  }

  private static Register.Entry require(Session session, EngineId id) {
    try {
      return session.register().require(id);
    } catch (PolicyException e) {
      throw PolicyChanges.problem(e);
    }
  }

  private static String inWords(EngineRights rights) {
    List<String> words = rights.words();
    return words.isEmpty() ? "nothing" : Printable.of(String.join(" ", words));
  }

  /// `redoubt engines add`.
  @Command(
      name = "add",
      description = {
        "Register an engine, by its manifest.",
        "",
        "It is confined, started at once, and told of the events that it asks for; to judge them, or"
            + " to get the files in question, it needs a grant."
      })
  static final class Add extends Subcommand {
    @Parameters(arity = "1", paramLabel = "MANIFEST", description = "The file that describes it.")
    private Path manifest = Path.of("");

    Add(Session session) {
      super(session);
    }

    @Override
    public Integer call() {
      try {
        EngineManifest added = session().register().add(manifest.toAbsolutePath());
        String when = PolicyChanges.tell(session(), new ControlRequest.ReloadEngines());
        EngineRights rights = added.asks().observing();
        if (wantsJson()) {
          terminal().json(describe(added.id(), added.asks(), rights).put("effect", when));
        } else {
          terminal().line("added " + added.id() + ", " + when);
          terminal().line("asks for  " + inWords(added.asks()));
          terminal().line("may       " + inWords(rights));
          terminal().line("to grant  redoubt engines grant " + added.id() + " RIGHT...");
        }
        return ExitCode.OK;
      } catch (PolicyException e) {
        throw PolicyChanges.problem(e);
      }
    }
  }

  /// `redoubt engines remove`.
  @Command(
      name = "remove",
      description = "End an engine that was added, and forget it and its rights.")
  static final class Remove extends Subcommand {
    @Parameters(arity = "1", paramLabel = "ENGINE", description = "Its id.")
    private String engine = "";

    Remove(Session session) {
      super(session);
    }

    @Override
    public Integer call() {
      EngineId id = idOf(engine);
      try {
        session().register().remove(id);
        String when = PolicyChanges.tell(session(), new ControlRequest.ReloadEngines());
        if (wantsJson()) {
          terminal().json(object().put("engine", id.value()).put("effect", when));
        } else {
          terminal().line("removed " + id + ", " + when);
        }
        return ExitCode.OK;
      } catch (PolicyException e) {
        throw PolicyChanges.problem(e);
      }
    }
  }

  /// `redoubt engines inspect`.
  @Command(
      name = "inspect",
      description = "Show what an engine is, asks for, may and can use, also without an agent.")
  static final class Inspect extends Subcommand {
    @Parameters(arity = "1", paramLabel = "ENGINE", description = "Its id.")
    private String engine = "";

    Inspect(Session session) {
      super(session);
    }

    @Override
    public Integer call() {
      Register.Entry entry = require(session(), idOf(engine));
      EngineManifest manifest = entry.manifest();
      if (wantsJson()) {
        terminal().json(json(entry));
        return ExitCode.OK;
      }
      EngineLimits limits = manifest.limits();
      terminal().line("engine    " + manifest.id());
      terminal().line("came      " + cameBy(entry.source()));
      terminal().line("manifest  " + Printable.of(entry.file().toString()));
      terminal().line("command   " + Printable.of(String.join(" ", manifest.command())));
      terminal().line("asks for  " + inWords(manifest.asks()));
      terminal().line("may       " + inWords(entry.rights()));
      terminal()
          .line(
              "sees      its own files"
                  + manifest.view().files().stream()
                      .map(file -> " " + Printable.of(file.toString()))
                      .reduce("", String::concat)
                  + ", and what runs "
                  + manifest.view().runtime());
      terminal()
          .line(
              "limits    %d MiB of memory, %d processes, %d open files each, %s, %d MiB of scratch"
                  .formatted(
                      limits.memoryMiB(),
                      limits.processes(),
                      limits.openFiles(),
                      limits.cpuPercent() == 0
                          ? "no limit of processor time"
                          : limits.cpuPercent() + " % of a core",
                      limits.scratchMiB()));
      return ExitCode.OK;
    }

    private static String cameBy(Register.Source source) {
      return switch (source) {
        case INSTALLATION -> "with the installation";
        case OWNER -> "by redoubt engines add";
        case BUNDLE -> "as a bundle";
      };
    }

    private static ObjectNode json(Register.Entry entry) {
      EngineManifest manifest = entry.manifest();
      ObjectNode node = describe(manifest.id(), manifest.asks(), entry.rights());
      node.put("manifest", entry.file().toString());
      node.put("source", entry.source().name().toLowerCase(Locale.ROOT));
      manifest.command().forEach(node.putArray("command")::add);
      node.put("runtime", manifest.view().runtime().name());
      manifest.view().files().forEach(file -> node.withArray("files").add(file.toString()));
      node.putObject("limits")
          .put("memoryMiB", manifest.limits().memoryMiB())
          .put("processes", manifest.limits().processes())
          .put("openFiles", manifest.limits().openFiles())
          .put("cpuPercent", manifest.limits().cpuPercent())
          .put("scratchMiB", manifest.limits().scratchMiB());
      return node;
    }
  }

  private static ObjectNode describe(EngineId id, EngineRights asked, EngineRights granted) {
    ObjectNode node = Subcommand.object();
    node.put("engine", id.value());
    asked.words().forEach(node.putArray("rightsAsked")::add);
    granted.words().forEach(node.putArray("rightsGranted")::add);
    return node;
  }

  /// What `grant` and `revoke` share.
  abstract static class Decision extends Subcommand {
    @Parameters(index = "0", arity = "1", paramLabel = "ENGINE", description = "Its id.")
    private String engine = "";

    @Parameters(index = "1", arity = "1..*", paramLabel = "RIGHT", description = RIGHTS)
    private List<String> words = List.of();

    Decision(Session session) {
      super(session);
    }

    abstract EngineRights decide(EngineRights now, EngineRights named);

    /// Refuses what should not be decided in passing.
    void consider(EngineId id, EngineRights rights) {}

    @Override
    public Integer call() {
      EngineId id = idOf(engine);
      Register.Entry entry = require(session(), id);
      EngineRights asked = entry.manifest().asks();
      EngineRights named = rightsOf(words, allOf(asked, entry.rights()));
      UnaryOperator<EngineRights> change = now -> decide(now, named);
      consider(id, change.apply(entry.rights()).within(asked));
      Instant at = session().clock().instant().truncatedTo(ChronoUnit.SECONDS);
      try {
        EngineRights rights = session().register().decide(id, change, ProcessUser.loginId(), at);
        String when = PolicyChanges.tell(session(), new ControlRequest.ReloadEngines());
        if (wantsJson()) {
          terminal().json(describe(id, asked, rights).put("effect", when));
        } else {
          terminal().line(id + " may " + inWords(rights) + ", " + when);
          noteUnasked(named, asked);
        }
        return ExitCode.OK;
      } catch (PolicyException e) {
        throw PolicyChanges.problem(e);
      }
    }

    abstract EngineRights allOf(EngineRights asked, EngineRights granted);

    private void noteUnasked(EngineRights named, EngineRights asked) {
      List<String> unasked = new ArrayList<>(named.words());
      unasked.removeAll(named.within(asked).words());
      if (!unasked.isEmpty()) {
        terminal()
            .line(
                "it does not ask for "
                    + Printable.of(String.join(" ", unasked))
                    + ": that changes nothing");
      }
    }
  }

  /// `redoubt engines grant`.
  @Command(
      name = "grant",
      description = {
        "Let an engine do what it asks for. It is started again with its new rights.",
        "",
        "Rights: judge makes operations wait for its verdict; observe tells it of them; file-content"
            + " gives it the file in question; network lets it reach a peer, socket a program of this"
            + " host; respond does to processes what it wishes. all stands for all that it asks for"
            + " but the last three."
      })
  static final class GrantRights extends Decision {
    @Option(
        names = "--files-may-leave",
        description =
            "Needed for file-content together with network or socket: it could send files away.")
    private boolean filesMayLeave;

    GrantRights(Session session) {
      super(session);
    }

    @Override
    EngineRights decide(EngineRights now, EngineRights named) {
      return now.with(named);
    }

    @Override
    EngineRights allOf(EngineRights asked, EngineRights granted) {
      return asked.withoutPeersAndResponses();
    }

    @Override
    void consider(EngineId id, EngineRights rights) {
      if (!rights.couldSendFilesTo().isEmpty() && !filesMayLeave) {
        throw new Problem(
            ExitCode.NO,
            "with the right to reach others and file-content together, "
                + id
                + " could send any file that is executed or opened on this host to "
                + String.join(", ", rights.couldSendFilesTo()),
            "if you want that, say so: --files-may-leave");
      }
    }
  }

  /// `redoubt engines revoke`.
  @Command(
      name = "revoke",
      description = "Take rights away from an engine, at once. It is started again without them.")
  static final class Revoke extends Decision {
    Revoke(Session session) {
      super(session);
    }

    @Override
    EngineRights decide(EngineRights now, EngineRights named) {
      return now.without(named);
    }

    @Override
    EngineRights allOf(EngineRights asked, EngineRights granted) {
      return granted;
    }
  }
}
