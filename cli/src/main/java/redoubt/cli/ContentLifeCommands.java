package redoubt.cli;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import redoubt.agent.journal.JournalLine;
import redoubt.agent.updates.UpdatePolicy;
import redoubt.cli.Table.Cell;
import redoubt.core.content.life.Life;
import redoubt.core.content.life.LifeFolders;
import redoubt.core.content.life.LifeStore;
import redoubt.core.content.life.Release;
import redoubt.core.model.EngineId;
import redoubt.core.wire.ControlRequest;

/// What is in force on this host and how it came there: `redoubt content list|why|history`, and
/// `rollback|retry`.
final class ContentLifeCommands {
  private static final int HISTORY_LINES = 200;

  private ContentLifeCommands() {}

  private static Problem unreadable(IOException e) {
    return e instanceof AccessDeniedException
        ? new Problem(
            ExitCode.PERMISSION,
            "the state of content may not be read: " + e.getMessage(),
            "try as root")
        : new Problem(
            ExitCode.INTERNAL,
            "the state of content cannot be read: " + e,
            "see whether the disk is sound");
  }

  private static LifeFolders folders(Session session) {
    return new LifeFolders(session.directories().state());
  }

  private static Map<EngineId, Life> lives(Session session) {
    try {
      Map<EngineId, Life> lives = new TreeMap<>();
      LifeFolders folders = folders(session);
      for (EngineId engine : folders.engines()) {
        lives.put(engine, folders.of(engine).read().life());
      }
      return lives;
    } catch (IOException e) {
      throw unreadable(e);
    }
  }

  /// What is known of an engine's content.
  static Life life(Session session, EngineId engine) {
    try {
      return folders(session).of(engine).read().life();
    } catch (IOException e) {
      throw unreadable(e);
    }
  }

  private static Life known(Session session, EngineId engine) {
    Life life = lives(session).get(engine);
    if (life == null) {
      throw new Problem(
          ExitCode.NO,
          "no bundle was ever brought to this engine: engine=" + engine,
          "redoubt engines shows what it judges with");
    }
    return life;
  }

  private static String word(Life.Stage stage) {
    return stage == Life.Stage.PROBATION ? "on probation" : stage.name().toLowerCase(Locale.ROOT);
  }

  private static ObjectNode json(EngineId engine, Release release, String stands) {
    return Subcommand.object()
        .put("engine", engine.value())
        .put("vendor", release.vendor())
        .put("name", release.name())
        .put("version", release.version())
        .put("stands", stands)
        .put("sha256", release.digest().toString());
  }

  /// `redoubt content list`.
  @Command(
      name = "list",
      description = {
        "Show the bundles of this host: what is in force, what is on its way, what it falls back to.",
        "",
        "Needs no running agent."
      })
  static final class ListAll extends Subcommand {
    ListAll(Session session) {
      super(session);
    }

    private interface Row {
      void add(EngineId engine, Release release, String stands, boolean active);
    }

    @Override
    public Integer call() {
      Map<EngineId, Life> lives = lives(session());
      if (wantsJson()) {
        ArrayNode array = JsonNodeFactory.instance.arrayNode();
        forEach(
            lives,
            (engine, release, stands, active) ->
                array.add(json(engine, release, stands).put("inForce", active)));
        terminal().json(array);
        return ExitCode.OK;
      }
      Table table = new Table("ENGINE", "CONTENT", "VERSION", "STANDS", "");
      boolean[] any = {false};
      forEach(
          lives,
          (engine, release, stands, active) -> {
            any[0] = true;
            table.add(
                Cell.of(engine.value()),
                Cell.of(release.vendor() + "/" + release.name()),
                Cell.of(release.version()),
                Cell.of(stands),
                active ? Cell.of("in force", Terminal.Tone.GOOD) : Cell.of(""));
          });
      if (any[0]) {
        table.print(terminal());
      } else {
        terminal().line("no bundle is on this host");
      }
      return ExitCode.OK;
    }

    private static void forEach(Map<EngineId, Life> lives, Row row) {
      lives.forEach((engine, life) -> {
        Optional<Release> active = life.active();
        life.candidate()
            .ifPresent(on ->
                row.add(
                    engine,
                    on.release(),
                    word(on.stage()),
                    active.filter(on.release()::equals).isPresent()));
        life.good()
            .ifPresent(
                good -> row.add(engine, good, "good", active.filter(good::equals).isPresent()));
        life.before().ifPresent(before -> row.add(engine, before, "good before", false));
      });
    }
  }

  /// `redoubt content why`.
  @Command(
      name = "why",
      description = {
        "Say why an engine judges with the content that it has, and what it never takes again.",
        "",
        "Needs no running agent."
      })
  static final class Why extends Subcommand {
    @Parameters(
        paramLabel = "ENGINE",
        description = "The engine, as redoubt engines shows it; ENGINE.engine for its releases.")
    private String engine = "";

    Why(Session session) {
      super(session);
    }

    @Override
    public Integer call() {
      EngineId id = EngineCommands.idOf(engine);
      Life life = known(session(), id);
      UpdatePolicy updates = ContentUpdateCommands.read(session()).get(id);
      if (wantsJson()) {
        ObjectNode node = json(id, life);
        if (updates != null) {
          node.set("follows", ContentUpdateCommands.json(updates));
        }
        terminal().json(node);
        return ExitCode.OK;
      }
      terminal().line(sentence(id, life));
      terminal()
          .line(
              updates == null
                  ? "no update comes by itself"
                  : ContentUpdateCommands.sentence(updates));
      if (life.starts() >= Life.TRIES) {
        terminal()
            .line(
                "the agent started "
                    + life.starts()
                    + " times and this host did not settle: "
                    + (life.starts() < 2 * Life.TRIES ? "the engine is off" : "nothing is decided")
                    + " at the next start; redoubt content retry "
                    + id
                    + " gives it another try");
      }
      for (Life.Refusal refusal : life.refusals()) {
        terminal()
            .line(
                "never again: "
                    + refusal.digest().toString().substring(0, 12)
                    + "  "
                    + Times.local(refusal.at(), session().clock().getZone())
                    + "  "
                    + Printable.of(refusal.reason()));
      }
      return ExitCode.OK;
    }

    private String sentence(EngineId id, Life life) {
      Optional<Release> active = life.active();
      if (active.isEmpty()) {
        return "no bundle is in force for " + id;
      }
      String text =
          active.get().vendor()
              + "/"
              + active.get().name()
              + " "
              + active.get().version()
              + " is in force: ";
      Optional<Life.Candidate> candidate =
          life.candidate().filter(on -> on.release().equals(active.get()));
      return text
          + candidate
              .map(on ->
                  "on probation since "
                      + Times.local(on.since(), session().clock().getZone())
                      + life.good()
                          .map(good -> ", falls back to version " + good.version())
                          .orElse(", with nothing of bundles to fall back to"))
              .orElse("good, its probation is over");
    }

    private static ObjectNode json(EngineId id, Life life) {
      ObjectNode node = object();
      node.put("engine", id.value());
      life.active()
          .ifPresent(active -> node.set("inForce", ContentLifeCommands.json(id, active, "")));
      life.candidate().ifPresent(on -> node.put("stage", word(on.stage())));
      node.put("starts", life.starts());
      ArrayNode refused = node.putArray("refused");
      for (Life.Refusal refusal : life.refusals()) {
        refused
            .addObject()
            .put("sha256", refusal.digest().toString())
            .put("at", refusal.at().toString())
            .put("reason", refusal.reason());
      }
      return node;
    }
  }

  /// `redoubt content history`.
  @Command(
      name = "history",
      description = {
        "Show what became of content on this host, the newest last, as far as the journal goes back.",
        "",
        "Needs no running agent."
      })
  static final class History extends Subcommand {
    @Parameters(
        paramLabel = "ENGINE",
        arity = "0..1",
        description = "Only of this engine, as redoubt engines shows it.")
    private @Nullable String engine;

    History(Session session) {
      super(session);
    }

    @Override
    public Integer call() {
      JournalAccess.require(session());
      Deque<JournalLine> last = new ArrayDeque<>();
      try {
        session()
            .journal()
            .newestFirst(line -> {
              if (isWanted(line)) {
                last.addFirst(line);
              }
              return last.size() < HISTORY_LINES;
            });
      } catch (IOException e) {
        throw JournalAccess.problem(session(), e);
      }
      for (JournalLine line : last) {
        terminal().line(wantsJson() ? line.raw() : text(line));
      }
      return last.isEmpty() ? ExitCode.NO : ExitCode.OK;
    }

    private boolean isWanted(JournalLine line) {
      return line.kind() == JournalLine.Kind.NOTICE
          && line.code().equals("CONTENT")
          && (engine == null || engine.equals(subject(line)));
    }

    private String text(JournalLine line) {
      String time = Times.local(line.timeMillis(), session().clock().getZone());
      return terminal().paint(Terminal.Tone.QUIET, time)
          + "  "
          + Printable.of(subject(line))
          + "  "
          + Printable.of(line.message());
    }

    private static String subject(JournalLine line) {
      try {
        return new JsonMapper().readTree(line.raw()).at("/unmapped/subject").asText();
      } catch (JsonProcessingException _) {
        return "";
      }
    }
  }

  /// What changes the life of an engine's content.
  abstract static class Change extends Subcommand {
    @Parameters(
        paramLabel = "ENGINE",
        description = "The engine, as redoubt engines shows it; ENGINE.engine for its releases.")
    private String engine = "";

    Change(Session session) {
      super(session);
    }

    EngineId engine() {
      return EngineCommands.idOf(engine);
    }

    /// Changes what is on disk; for hosts on which no agent runs.
    ///
    /// @throws Problem if it cannot be changed so
    Life here(UnaryOperator<Life> step) {
      Life life = known(session(), engine());
      LifeStore store = folders(session()).of(engine());
      try {
        Life next = step.apply(life);
        store.write(next);
        return next;
      } catch (IllegalStateException _) {
        throw new Problem(
            ExitCode.NO,
            "there is nothing to fall back to: engine=" + engine(),
            "redoubt content list shows what there is");
      } catch (IOException e) {
        throw unreadable(e);
      }
    }

    int tell(String answer) {
      if (wantsJson()) {
        terminal().json(object().put("message", answer));
      } else {
        terminal().line(Printable.of(answer));
      }
      return ExitCode.OK;
    }
  }

  /// `redoubt content rollback`.
  @Command(
      name = "rollback",
      customSynopsis = "redoubt content rollback [--json] [--reason TEXT] ENGINE",
      description = {
        "Take back the content of an engine that is in force: what was in force before is again, at"
            + " once, and this one never. Needs root.",
        "",
        "Without an agent it counts from the next start."
      })
  static final class RollBack extends Change {
    @Option(
        names = "--reason",
        paramLabel = "TEXT",
        description = "Why, for whoever offers it again.")
    private String reason = "";

    RollBack(Session session) {
      super(session);
    }

    @Override
    public Integer call() {
      EngineId id = engine();
      return tell(
          session()
              .agent()
              .changeOr(
                  new ControlRequest.RollBackContent(id.value(), reason),
                  () -> {
                    String why = reason.isEmpty() ? "the owner's word" : reason;
                    Instant at = Instant.now(session().clock());
                    Life next =
                        here(life ->
                            id.released().isPresent()
                                ? life.withdrawn(why, at)
                                : life.rolledBack(why, at));
                    return "rolled back: "
                        + next.active()
                            .map(now -> "version " + now.version() + " is in force")
                            .orElse("no bundle is in force");
                  }));
    }
  }

  /// `redoubt content retry`.
  @Command(
      name = "retry",
      description = {
        "Have the content in force tried again at the next start of the agent, though this host did"
            + " not settle with it. Needs root, and no running agent."
      })
  static final class Retry extends Change {
    Retry(Session session) {
      super(session);
    }

    @Override
    public Integer call() {
      if (session().agent().isThere()) {
        throw new Problem(
            ExitCode.USAGE, "an agent runs", "stop it, try this again, and start it: redoubt stop");
      }
      here(Life::retried);
      return tell("the content of " + engine() + " is tried again at the next start of the agent");
    }
  }
}
