package redoubt.cli;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.file.Path;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
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

/// What the commands for the owner's lists have in common: exceptions, and what is trusted.
final class EntryCommands {
  private EntryCommands() {}

  /// One entry in one line for people.
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

  /// Adds an entry.
  abstract static class Add extends Subcommand {
    private final ExceptionsFile file;

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

    Add(Session session, ExceptionsFile file) {
      super(session);
      this.file = file;
    }

    /// The engine that the entry is for.
    String engine() {
      return ExceptionEntry.EVERY_ENGINE;
    }

    @Override
    public Integer call() {
      Instant now = session().clock().instant().truncatedTo(ChronoUnit.SECONDS);
      try {
        ExceptionEntry entry =
            file.add(
                new ExceptionsFile.Proposal(subject(), engine(), end(now), comment),
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
      return until == null ? null : Times.requireEnd(until, now, session().clock().getZone());
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

  /// Shows the entries.
  abstract static class ListAll extends Subcommand {
    private final ExceptionsFile file;
    private final @Nullable ExceptionsFile ofFleet;
    private final String plural;

    /// @param ofFleet where the same stands that the owner of the fleet wants: then each entry may
    ///   be for one engine; null if there is no such thing
    /// @param plural what the entries are called
    ListAll(Session session, ExceptionsFile file, @Nullable ExceptionsFile ofFleet, String plural) {
      super(session);
      this.file = file;
      this.ofFleet = ofFleet;
      this.plural = plural;
    }

    /// @param from whose the entries are
    private record Listed(String from, Exceptions exceptions) {}

    @Override
    public Integer call() {
      try {
        List<Listed> all = new ArrayList<>(List.of(new Listed("owner", file.read())));
        if (ofFleet != null) {
          all.add(new Listed("fleet", ofFleet.read()));
        }
        if (wantsJson()) {
          printJson(all);
        } else {
          print(all);
        }
        return ExitCode.OK;
      } catch (PolicyException e) {
        throw PolicyChanges.problem(e);
      }
    }

    private void print(List<Listed> all) {
      if (all.stream().allMatch(listed -> listed.exceptions().entries().isEmpty())) {
        terminal().line("no " + plural);
        return;
      }
      Table table =
          ofFleet != null
              ? new Table("ID", "FROM", "KIND", "VALUE", "ENGINE", "UNTIL", "STATE", "COMMENT")
              : new Table("ID", "KIND", "VALUE", "UNTIL", "STATE", "COMMENT");
      for (Listed listed : all) {
        for (ExceptionEntry entry : listed.exceptions().entries()) {
          table.add(cells(listed, entry));
        }
      }
      table.print(terminal());
    }

    private Cell[] cells(Listed listed, ExceptionEntry entry) {
      Instant until = entry.until();
      List<Cell> cells = new ArrayList<>(List.of(Cell.of(entry.id())));
      if (ofFleet != null) {
        cells.add(Cell.of(listed.from()));
      }
      cells.add(Cell.of(entry.kind().toString()));
      cells.add(Cell.of(entry.value()));
      if (ofFleet != null) {
        cells.add(Cell.of(entry.engine()));
      }
      cells.add(Cell.of(until == null ? "-" : Times.local(until, session().clock().getZone())));
      cells.add(state(listed.exceptions(), entry));
      cells.add(Cell.of(entry.comment()));
      return cells.toArray(Cell[]::new);
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

    private void printJson(List<Listed> all) {
      ObjectNode node = object();
      node.put(
          "generation", all.stream().mapToLong(listed -> listed.exceptions().generation()).sum());
      ArrayNode entries = node.putArray(ofFleet != null ? "exceptions" : "trusted");
      for (Listed listed : all) {
        for (ExceptionEntry entry : listed.exceptions().entries()) {
          ObjectNode shown = json(entry);
          if (ofFleet != null) {
            shown.put("from", listed.from());
          }
          shown.put("inForce", entry.isInForce(session().clock().instant()));
          listed
              .exceptions()
              .findProblem(entry)
              .ifPresent(problem -> shown.put("problem", problem));
          entries.add(shown);
        }
      }
      terminal().json(node);
    }
  }

  /// Removes entries.
  abstract static class Remove extends Subcommand {
    private final ExceptionsFile file;

    @Parameters(
        arity = "1",
        paramLabel = "ID|HASH|PATH|PACKAGE",
        description = "As the list shows it.")
    private String name = "";

    Remove(Session session, ExceptionsFile file) {
      super(session);
      this.file = file;
    }

    @Override
    public Integer call() {
      try {
        List<ExceptionEntry> removed = file.remove(name);
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
