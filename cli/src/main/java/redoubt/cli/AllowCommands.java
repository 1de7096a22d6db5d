package redoubt.cli;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.file.Path;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import redoubt.agent.policy.ExceptionEntry;
import redoubt.agent.policy.Exceptions;
import redoubt.agent.policy.ExceptionsFile;
import redoubt.agent.policy.PolicyException;
import redoubt.cli.Table.Cell;
import redoubt.cli.Terminal.Tone;
import redoubt.core.model.Sha256;
import redoubt.core.wire.ControlRequest;

/// `redoubt allow` and what is below it: the owner's exceptions.
final class AllowCommands {
  private AllowCommands() {}

  /// One exception in one line for people.
  static String textOf(ExceptionEntry entry, Session session) {
    Instant until = entry.until();
    return Printable.of(
        entry.id()
            + ": "
            + entry.kind()
            + " "
            + entry.value()
            + (entry.engine().equals(ExceptionEntry.EVERY_ENGINE)
                ? ""
                : " for engine " + entry.engine())
            + (until == null ? "" : " until " + Times.local(until, session.clock().getZone()))
            + (entry.comment().isEmpty() ? "" : " (" + entry.comment() + ")"));
  }

  static ObjectNode json(ExceptionEntry entry) {
    ObjectNode node = JsonNodeFactory.instance.objectNode();
    node.put("id", entry.id());
    node.put("kind", entry.kind().toString());
    node.put("value", entry.value());
    node.put("engine", entry.engine());
    Instant until = entry.until();
    node.put("until", until == null ? null : until.toString());
    node.put("addedBy", entry.addedBy());
    node.put("added", entry.added().toString());
    node.put("comment", entry.comment());
    return node;
  }

  /// `redoubt allow`.
  @Command(
      name = "allow",
      synopsisSubcommandLabel = "add|list|remove",
      description = {
        "Let something run whatever an engine says: the owner's exceptions.",
        "",
        "They count at once, also without a network and without a running agent, and outweigh every"
            + " DENY. Changing them needs root."
      })
  static final class Allow extends CommandGroup {
    Allow(Session session) {
      super(session, "what to do with exceptions: add, list or remove", "redoubt allow --help");
    }
  }

  /// `redoubt allow add`.
  @Command(
      name = "add",
      description = {
        "Add an exception.",
        "",
        "By hash it follows the content anywhere. By path it needs a file or directory that only"
            + " root can write. By package it covers the package's files."
      })
  static final class Add extends Subcommand {
    @Parameters(
        arity = "1",
        paramLabel = "HASH|PATH|PACKAGE",
        description = "64 hexadecimal digits, an absolute path, or the name of a package.")
    private String value = "";

    @Option(
        names = "--hash",
        description = "Take the content of the file at PATH instead of the path.")
    private boolean byContent;

    @Option(
        names = "--engine",
        paramLabel = "E",
        defaultValue = ExceptionEntry.EVERY_ENGINE,
        description = "Only against this engine. Default: every engine.")
    private String engine = ExceptionEntry.EVERY_ENGINE;

    @Option(
        names = "--until",
        paramLabel = "T",
        description = "When it ends: 90m, 12h, 7d, 2026-12-31, or date and time. Default: never.")
    private @Nullable String until;

    @Option(
        names = "--comment",
        paramLabel = "TEXT",
        defaultValue = "",
        description = "Why, for people.")
    private String comment = "";

    Add(Session session) {
      super(session);
    }

    @Override
    public Integer call() {
      Instant now = session().clock().instant().truncatedTo(ChronoUnit.SECONDS);
      try {
        ExceptionEntry entry =
            session()
                .exceptions()
                .add(
                    new ExceptionsFile.Proposal(subject(), engine, end(now), comment),
                    ProcessUser.loginId(),
                    now);
        report(entry, PolicyChanges.tell(session(), new ControlRequest.ReloadPolicy()));
        return ExitCode.OK;
      } catch (PolicyException e) {
        throw PolicyChanges.problem(e);
      }
    }

    /// A path is taken from here, as every other command takes it.
    private String subject() {
      if (byContent) {
        return contentOf(value);
      }
      return value.startsWith("./") || value.startsWith("../")
          ? Path.of(value).toAbsolutePath().toString()
          : value;
    }

    private static String contentOf(String path) {
      Sha256 sha256 = SubjectFile.of(path).sha256();
      if (sha256 == null) {
        throw new Problem(
            ExitCode.NO,
            "no file that can be read: path=" + path,
            "name a file, or its hash, which redoubt why shows");
      }
      return sha256.toString();
    }

    private @Nullable Instant end(Instant now) {
      if (until == null) {
        return null;
      }
      Optional<Instant> end = Times.parseEnd(until, now, session().clock().getZone());
      return end.orElseThrow(() ->
          new Problem(
              ExitCode.USAGE,
              "not a time: until=" + until,
              "say 90m, 12h, 7d, 2026-12-31 or 2026-12-31T18:00"));
    }

    private void report(ExceptionEntry entry, String when) {
      if (wantsJson()) {
        ObjectNode node = json(entry);
        node.put("effect", when);
        terminal().json(node);
      } else {
        terminal().line("added " + textOf(entry, session()));
        terminal().line(when);
      }
    }
  }

  /// `redoubt allow list`.
  @Command(name = "list", description = "Show the exceptions, and whether each can have an effect.")
  static final class ListAll extends Subcommand {
    ListAll(Session session) {
      super(session);
    }

    @Override
    public Integer call() {
      try {
        Exceptions exceptions = session().exceptions().read();
        if (wantsJson()) {
          printJson(exceptions);
        } else {
          print(exceptions);
        }
        return ExitCode.OK;
      } catch (PolicyException e) {
        throw PolicyChanges.problem(e);
      }
    }

    private void print(Exceptions exceptions) {
      if (exceptions.entries().isEmpty()) {
        terminal().line("no exceptions");
        return;
      }
      Table table = new Table("ID", "KIND", "VALUE", "ENGINE", "UNTIL", "STATE", "COMMENT");
      for (ExceptionEntry entry : exceptions.entries()) {
        Instant until = entry.until();
        table.add(
            Cell.of(entry.id()),
            Cell.of(entry.kind().toString()),
            Cell.of(entry.value()),
            Cell.of(entry.engine()),
            Cell.of(until == null ? "-" : Times.local(until, session().clock().getZone())),
            state(exceptions, entry),
            Cell.of(entry.comment()));
      }
      table.print(terminal());
    }

    private Cell state(Exceptions exceptions, ExceptionEntry entry) {
      if (!entry.isInForce(session().clock().instant())) {
        return Cell.of("ended", Tone.QUIET);
      }
      return exceptions
          .findProblem(entry)
          .map(problem -> Cell.of("no effect: " + problem, Tone.WARNING))
          .orElse(Cell.of("in force", Tone.GOOD));
    }

    private void printJson(Exceptions exceptions) {
      ObjectNode node = object();
      node.put("generation", exceptions.generation());
      ArrayNode entries = node.putArray("exceptions");
      for (ExceptionEntry entry : exceptions.entries()) {
        ObjectNode shown = json(entry);
        shown.put("inForce", entry.isInForce(session().clock().instant()));
        exceptions.findProblem(entry).ifPresent(problem -> shown.put("problem", problem));
        entries.add(shown);
      }
      terminal().json(node);
    }
  }

  /// `redoubt allow remove`.
  @Command(name = "remove", description = "Remove exceptions, by id or by what they name.")
  static final class Remove extends Subcommand {
    @Parameters(
        arity = "1",
        paramLabel = "ID|HASH|PATH|PACKAGE",
        description = "As redoubt allow list shows it.")
    private String name = "";

    Remove(Session session) {
      super(session);
    }

    @Override
    public Integer call() {
      try {
        List<ExceptionEntry> removed = session().exceptions().remove(name);
        String when = PolicyChanges.tell(session(), new ControlRequest.ReloadPolicy());
        if (wantsJson()) {
          ArrayNode array = JsonNodeFactory.instance.arrayNode();
          removed.forEach(entry -> array.add(json(entry)));
          terminal().json(array);
        } else {
          removed.forEach(entry -> terminal().line("removed " + textOf(entry, session())));
          terminal().line(when);
        }
        return ExitCode.OK;
      } catch (PolicyException e) {
        throw PolicyChanges.problem(e);
      }
    }
  }
}
