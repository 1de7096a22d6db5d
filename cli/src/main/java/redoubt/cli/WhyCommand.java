package redoubt.cli;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;
import redoubt.agent.journal.JournalLine;
import redoubt.agent.policy.ExceptionEntry;
import redoubt.cli.Terminal.Tone;

/// `redoubt why`.
@Command(
    name = "why",
    description = {
      "Show why a file was denied or allowed: who said what, under which content, and what to do.",
      "",
      "For a path, the newest decision about that path or about the same content. For a process id,"
          + " the decision that started the process."
    })
final class WhyCommand extends Subcommand {
  private static final JsonMapper JSON = new JsonMapper();

  @Parameters(arity = "1", paramLabel = "PATH|PID", description = "A file, or a process id.")
  private String subject = "";

  WhyCommand(Session session) {
    super(session);
  }

  @Override
  public Integer call() {
    JournalAccess.require(session());
    try {
      return subject.matches("[0-9]{1,10}") ? explainProcess() : explainFile();
    } catch (IOException e) {
      throw JournalAccess.problem(session(), e);
    }
  }

  private int explainProcess() throws IOException {
    long pid = Long.parseLong(subject);
    Optional<JournalLine> found =
        session()
            .journal()
            .findNewest(
                line -> isDecision(line) && line.pid() == pid && line.code().equals("EXEC"));
    return found.map(this::explain).orElseGet(() -> unknown("process " + pid));
  }

  private int explainFile() throws IOException {
    SubjectFile file = SubjectFile.of(subject);
    Optional<JournalLine> found =
        session().journal().findNewest(line -> isDecision(line) && file.isMeant(line));
    return found.map(line -> explain(line, file)).orElseGet(() -> unknown(file.path().toString()));
  }

  private int explain(JournalLine line) {
    return explain(line, SubjectFile.of(line.path()));
  }

  private int explain(JournalLine line, SubjectFile file) {
    Applying applying = Applying.find(session(), line, file);
    if (wantsJson()) {
      terminal().json(json(line, file, applying));
    } else {
      print(line, file, applying);
    }
    return ExitCode.OK;
  }

  private int unknown(String what) {
    String sentence =
        "the agent was never asked about it, or the journal no longer goes back so far";
    if (wantsJson()) {
      ObjectNode node = object();
      node.put("subject", what);
      node.put("found", false);
      node.put("message", sentence);
      terminal().json(node);
    } else {
      terminal().line(Printable.of(what) + ": " + sentence);
      terminal().line("to see what is covered: redoubt status");
    }
    return ExitCode.NO;
  }

  private void print(JournalLine line, SubjectFile file, Applying applying) {
    boolean denied = line.answer().equals("DENY");
    terminal()
        .line(
            terminal().paint(denied ? Tone.BAD : Tone.GOOD, denied ? "denied" : "allowed")
                + "  "
                + line.code().toLowerCase(Locale.ROOT)
                + " of "
                + Printable.of(line.path()));
    field("when", Times.local(line.timeMillis(), session().clock().getZone()));
    field("by", EventText.actor(line));
    field("content", line.sha256().isEmpty() ? "not hashed" : "sha256 " + line.sha256());
    if (file.differsFrom(line)) {
      field("note", "the file has changed since: it is now sha256 " + file.digestText());
    } else if (!file.isNamedBy(line)) {
      field("note", "decided about the same content at another path");
    }
    field("because", sentence(line));
    field("took", took(event(line).path("unmapped")));
    for (JsonNode opinion : opinions(line)) {
      field("engine", opinionText(opinion));
    }
    printAdvice(line, applying, denied);
  }

  private void printAdvice(JournalLine line, Applying applying, boolean denied) {
    for (ExceptionEntry entry : applying.entries()) {
      field("exception", EntryCommands.textOf(entry, session()));
    }
    applying.problem().ifPresent(problem -> field("exception", Printable.of(problem)));
    if (!denied) {
      return;
    }
    if (line.basis().equals("KERNEL_POLICY")) {
      field("to allow", "start the agent without --kernel deny; no exception counts here");
    } else if (applying.covers(line.engine())) {
      field("now", "the exception above lets it run: try again");
    } else {
      field("to allow", terminal().paint(Tone.TITLE, Printable.of(allowCommand(line))));
    }
  }

  /// The digest says exactly what was judged, so it is proposed wherever it is known.
  static String allowCommand(JournalLine line) {
    String what = line.sha256().isEmpty() ? Printable.shellWord(line.path()) : line.sha256();
    if (line.engine().equals(TrustCommands.ENGINE)) {
      return "redoubt trust add " + what;
    }
    String engine = line.engine().isEmpty() ? "" : " --engine " + line.engine();
    return "redoubt allow add " + what + engine;
  }

  /// What each basis means; the names are those of [redoubt.core.model.DecisionBasis].
  static String sentence(JournalLine line) {
    String basis = line.basis();
    return switch (basis) {
      case "SELF" -> "the agent or one of its engines asked, and they are answered first";
      case "PROTECTED" -> "the file is in the protected set: nothing may deny it";
      case "EXCEPTION" -> "the owner's exception " + Printable.of(line.exception()) + " counted";
      case "CACHE" -> "the engines had judged this content before";
      case "ENGINES" ->
          line.engine().isEmpty()
              ? "no engine objected"
              : "engine " + Printable.of(line.engine()) + " objected";
      case "MISS_POLICY" -> "an engine was silent past its deadline: the owner's miss policy";
      case "OVERLOAD" -> "too many operations were waiting: answered unscanned, scanned afterwards";
      case "NO_ENFORCER" -> "no engine in enforce mode asks for such events";
      case "KERNEL_POLICY" -> "the owner lets nobody open a module of the kernel (--kernel deny)";
      case "NOT_JUDGED" -> "it is no regular file, and nothing else is judged";
      default -> Printable.of(basis);
    };
  }

  private static String opinionText(JsonNode opinion) {
    StringBuilder text = new StringBuilder(opinion.path("engine").asText());
    text.append(" (").append(opinion.path("mode").asText().toLowerCase(Locale.ROOT)).append(") ");
    String missing = opinion.path("missing").asText();
    if (!missing.isEmpty()) {
      String reason = opinion.path("reason").asText();
      return Printable.of(
          text
              + "has no opinion: "
              + missing.toLowerCase(Locale.ROOT)
              + (reason.isEmpty() ? "" : ", reason: " + reason));
    }
    text.append("said ").append(opinion.path("verdict").asText());
    append(text, ", rule ", opinion.path("rule"));
    append(text, ", reason: ", opinion.path("reason"));
    append(text, ", content ", opinion.path("content_version"));
    text.append(opinion.path("cached").asBoolean() ? "" : ", took " + took(opinion));
    text.append(opinion.path("late").asBoolean() ? ", too late" : "");
    text.append(opinion.path("cached").asBoolean() ? ", from an earlier answer" : "");
    return Printable.of(text.toString());
  }

  private static String took(JsonNode timed) {
    return Times.micros(timed.path("latency_ns").asLong() / 1000);
  }

  private static void append(StringBuilder text, String label, JsonNode value) {
    if (!value.asText().isEmpty()) {
      text.append(label).append(value.asText());
    }
  }

  private static boolean isDecision(JournalLine line) {
    return line.kind() == JournalLine.Kind.DECISION;
  }

  private static JsonNode opinions(JournalLine line) {
    return event(line).path("unmapped").path("opinions");
  }

  private static JsonNode event(JournalLine line) {
    try {
      return JSON.readTree(line.raw());
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("the journal's reader passed a line that is no JSON", e);
    }
  }

  private ObjectNode json(JournalLine line, SubjectFile file, Applying applying) {
    ObjectNode node = object();
    node.put("found", true);
    node.put("answer", line.answer());
    node.put("basis", line.basis());
    node.put("eventClass", line.code());
    node.put("path", line.path());
    node.put("sha256", line.sha256());
    node.put("engine", line.engine());
    node.put("rule", line.rule());
    node.put("reason", line.reason());
    node.put("exception", line.exception());
    node.put("pid", line.pid());
    node.put("timeMillis", line.timeMillis());
    node.put("changedSince", file.differsFrom(line));
    node.set("opinions", opinions(line));
    ArrayNode exceptions = node.putArray("exceptionsNow");
    List<ExceptionEntry> entries = applying.entries();
    entries.forEach(entry -> exceptions.add(EntryCommands.json(entry)));
    if (line.answer().equals("DENY") && !applying.covers(line.engine())) {
      node.put("toAllow", allowCommand(line));
    }
    node.set("event", event(line));
    return node;
  }
}
