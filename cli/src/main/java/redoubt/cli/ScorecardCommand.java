package redoubt.cli;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import redoubt.agent.policy.PolicyException;
import redoubt.agent.policy.PrivateFile;
import redoubt.cli.Table.Cell;
import redoubt.core.content.ContentException;
import redoubt.core.content.OwnerKey;
import redoubt.core.content.SignedDocument;
import redoubt.core.wire.ControlReply;

/// `redoubt scorecard` and what is below it.
@Command(
    name = "scorecard",
    synopsisSubcommandLabel = "[mark|unmark|marks|verify]",
    description = {
      "Compare the engines of this host, whoever made them: what they cost, how they answer, what they"
          + " denied and found.",
      "",
      "Costs, answers and restarts are since the agent's start; DENIED and FOUND are of the last days"
          + " in the journal, and FALSE is how many of those you have marked as no threat."
    })
final class ScorecardCommand extends Subcommand {
  /// What an exported one is.
  static final String TYPE = "application/vnd.redoubt.scorecard+json";

  /// What a server of a fleet exports (`spec/fleet-api.yaml`).
  static final String FLEET_TYPE = "application/vnd.redoubt.fleet-scorecard+json";

  private static final JsonMapper JSON = new JsonMapper();
  private static final int MOST_DAYS = 3_650;
  private static final long MIB = 1 << 20;

  @Option(
      names = "--days",
      paramLabel = "N",
      description = "How many days of the journal to read, 1 to 3650. Default: 30.")
  private int days = 30;

  @Option(
      names = "--export",
      paramLabel = "FILE",
      description =
          "Also write it to a new file, signed with this host's owner key: for a vendor or an auditor."
              + " Needs root.")
  private @Nullable Path export;

  ScorecardCommand(Session session) {
    super(session);
  }

  @Override
  public Integer call() {
    requireRange("days", days, 1, MOST_DAYS);
    ControlReply.Status status = session().agent().status();
    JournalAccess.require(session());
    Scorecard card;
    try {
      card =
          Scorecard.of(
              status,
              session().journal(),
              marks(session()).read(),
              session().clock().instant(),
              days);
    } catch (PolicyException e) {
      throw PolicyChanges.problem(e);
    } catch (IOException e) {
      throw JournalAccess.problem(session(), e);
    }
    if (export != null) {
      export(card, export);
    }
    if (wantsJson()) {
      terminal().json(card.json());
    } else {
      print(card);
    }
    return card.rows().isEmpty() ? ExitCode.NO : ExitCode.OK;
  }

  private static Marks marks(Session session) {
    return Marks.in(session.directories().state());
  }

  private void print(Scorecard card) {
    if (card.rows().isEmpty()) {
      terminal().line("no engine is registered");
      return;
    }
    terminal()
        .line(
            "since "
                + Times.local(card.since(), session().clock().getZone())
                + "; DENIED, FOUND and FALSE in the last "
                + card.days()
                + " days");
    Table table =
        new Table(
            "ENGINE",
            "VENDOR",
            "ASKED",
            "P50",
            "P99",
            "LATE",
            "CPU %",
            "MIB",
            "RESTARTS",
            "DENIED",
            "FOUND",
            "FALSE");
    for (Scorecard.Row row : card.rows()) {
      ControlReply.Engine engine = row.engine();
      table.add(
          Cell.of(engine.id()),
          Cell.of(engine.vendor()),
          Cell.of(engine.asked()),
          EngineTable.latency(engine, engine.latencyP50Micros()),
          EngineTable.latency(engine, engine.latencyP99Micros()),
          Cell.of(engine.missed()),
          Cell.of(String.format(Locale.ROOT, "%.2f", row.cpuPercent())),
          Cell.of(engine.costs().residentBytes() / MIB),
          Cell.of(engine.restarts()),
          Cell.of(row.said().denied()),
          Cell.of(row.said().found()),
          Cell.of(row.said().wrong()));
    }
    table.print(terminal());
  }

  private void export(Scorecard card, Path file) {
    try {
      OwnerKey key = OwnerKey.loadOrCreate(session().directories().state());
      byte[] payload = JSON.writeValueAsBytes(card.json());
      SignedDocument signed = SignedDocument.sign(key.id(), key::sign, TYPE, payload);
      Files.write(file, signed.json(), StandardOpenOption.CREATE_NEW);
      terminal()
          .err()
          .println(
              "signed by owner key "
                  + key.id()
                  + ": "
                  + Printable.of(file.toString())
                  + "; give owner.pub along");
    } catch (ContentException e) {
      throw new Problem(
          ExitCode.PERMISSION, String.valueOf(e.getMessage()), "run as root, who has the key");
    } catch (IOException e) {
      throw new Problem(
          ExitCode.USAGE,
          "cannot be written: file=" + file + " error=" + PrivateFile.reasonOf(e),
          "name a file that is not there yet");
    }
  }

  abstract static class Marking extends Subcommand {
    @Parameters(index = "0", paramLabel = "ENGINE", description = "Whose it is.")
    private String engine = "";

    @Parameters(
        index = "1",
        paramLabel = "RULE",
        description = "By which of its rules, as redoubt events shows it.")
    private String rule = "";

    @Parameters(
        index = "2",
        arity = "0..1",
        paramLabel = "SUBJECT",
        description = "Only about this file or program, by its path.")
    private String subject = "";

    Marking(Session session) {
      super(session);
    }

    @Override
    public Integer call() {
      try {
        return mark(marks(session()), engine, rule, subject);
      } catch (PolicyException e) {
        throw PolicyChanges.problem(e);
      } catch (IOException e) {
        throw PolicyChanges.unwritten("the marks cannot be written: " + PrivateFile.reasonOf(e), e);
      }
    }

    abstract int mark(Marks marks, String engine, String rule, String subject)
        throws PolicyException, IOException;

    static String words(String engine, String rule, String subject) {
      String what = engine + " " + rule + (subject.isEmpty() ? "" : " about " + subject);
      return Printable.of(what);
    }
  }

  /// `redoubt scorecard mark`.
  @Command(
      name = "mark",
      description = {
        "Say that what an engine denied or found was no threat. Needs root.",
        "",
        "It changes no decision, only what the scorecard counts. To let something run whatever"
            + " engines say: redoubt allow."
      })
  static final class Mark extends Marking {
    @Option(names = "--reason", paramLabel = "TEXT", description = "Why, for those who read it.")
    private String reason = "";

    Mark(Session session) {
      super(session);
    }

    @Override
    int mark(Marks marks, String engine, String rule, String subject)
        throws PolicyException, IOException {
      Marks.Mark mark = new Marks.Mark(engine, rule, subject, reason, session().clock().instant());
      marks.add(mark);
      if (wantsJson()) {
        terminal().json(Marks.json(mark));
      } else {
        terminal().line("no threat: " + words(engine, rule, subject));
      }
      return ExitCode.OK;
    }
  }

  /// `redoubt scorecard unmark`.
  @Command(name = "unmark", description = "Take a mark back. Needs root.")
  static final class Unmark extends Marking {
    Unmark(Session session) {
      super(session);
    }

    @Override
    int mark(Marks marks, String engine, String rule, String subject)
        throws PolicyException, IOException {
      boolean found = marks.remove(engine, rule, subject);
      if (wantsJson()) {
        terminal().json(object().put("removed", found));
      } else {
        terminal().line((found ? "taken back: " : "not marked: ") + words(engine, rule, subject));
      }
      return found ? ExitCode.OK : ExitCode.NO;
    }
  }

  /// `redoubt scorecard marks`.
  @Command(name = "marks", description = "List what was marked as no threat.")
  static final class ListMarks extends Subcommand {
    ListMarks(Session session) {
      super(session);
    }

    @Override
    public Integer call() {
      List<Marks.Mark> marks;
      try {
        marks = marks(session()).read();
      } catch (PolicyException e) {
        throw PolicyChanges.problem(e);
      }
      if (wantsJson()) {
        ObjectNode node = object();
        ArrayNode array = node.putArray("marks");
        marks.forEach(mark -> array.add(Marks.json(mark)));
        terminal().json(node);
      } else {
        Table table = new Table("ENGINE", "RULE", "SUBJECT", "SINCE", "REASON");
        for (Marks.Mark mark : marks) {
          table.add(
              Cell.of(mark.engine()),
              Cell.of(mark.rule()),
              Cell.of(mark.subject().isEmpty() ? "any" : mark.subject()),
              Cell.of(Times.local(mark.at(), session().clock().getZone())),
              Cell.of(mark.reason()));
        }
        table.print(terminal());
      }
      return marks.isEmpty() ? ExitCode.NO : ExitCode.OK;
    }
  }

  /// `redoubt scorecard verify`.
  @Command(
      name = "verify",
      description = {
        "Say whether an exported scorecard, of a host or of a fleet, is what the owner of a key signed,"
            + " and print it.",
        "",
        "Works anywhere. The exit status is 1 if it is not. The form is DSSE, which other tools read"
            + " too."
      })
  static final class Verify extends Subcommand {
    @Parameters(arity = "1", paramLabel = "FILE", description = "The exported scorecard.")
    private Path file = Path.of("");

    @Option(
        names = "--key",
        required = true,
        paramLabel = "FILE",
        description =
            "The public key: owner.pub of the host's state directory, or what redoubt fleet engines"
                + " --export-key writes.")
    private Path key = Path.of("");

    Verify(Session session) {
      super(session);
    }

    @Override
    public Integer call() {
      try {
        SignedDocument document = parsed(bytes(file, SignedDocument.MOST_BYTES));
        if (!Set.of(TYPE, FLEET_TYPE).contains(document.type())
            || !document.isSignedBy(bytes(key, SignedDocument.MOST_BYTES))) {
          throw new Problem(
              ExitCode.NO,
              "not a scorecard that this key signed: file=" + file + " says=" + document.keyId(),
              "ask its owner for the right key");
        }
        JsonNode card = JSON.readTree(document.payload().toArray());
        terminal().json(card);
        return ExitCode.OK;
      } catch (ContentException e) {
        throw new Problem(
            ExitCode.USAGE,
            e.getMessage() + ": file=" + key,
            "name the host's owner.pub, or the fleet's public key");
      } catch (JsonProcessingException e) {
        throw new Problem(ExitCode.NO, "not JSON: file=" + file, "ask its owner for another");
      } catch (IOException e) {
        throw new Problem(
            ExitCode.USAGE,
            "cannot be read: file=" + file + " error=" + PrivateFile.reasonOf(e),
            "name an exported scorecard");
      }
    }

    private SignedDocument parsed(byte[] bytes) {
      try {
        return SignedDocument.parse(bytes);
      } catch (IOException e) {
        throw new Problem(
            ExitCode.NO,
            "not a signed document: file=" + file + " error=" + e.getMessage(),
            "ask its owner for another");
      }
    }

    private static byte[] bytes(Path file, int most) throws IOException {
      if (Files.size(file) > most) {
        throw new IOException("longer than is read: limit=" + most);
      }
      return Files.readAllBytes(file);
    }
  }
}
