package redoubt.agent.journal;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Optional;

/// Reads journal lines. Any bytes are safe to give it; what is no line of the journal is empty.
///
/// Members that it does not know are skipped, so that it reads what later versions write.
final class JournalLineParser {
  private static final JsonFactory FACTORY = new JsonFactory();

  private final JsonParser json;

  private int classUid = -1;
  private long timeMillis;
  private long sequence;
  private String code = "";
  private long decision;
  private String path = "";
  private int pid;
  private String image = "";
  private long userId = -1;
  private String sha256 = "";
  private String action = "";
  private String basis = "";
  private String exception = "";
  private String message = "";
  private Objection objection = Objection.NONE;

  private JournalLineParser(JsonParser json) {
    this.json = json;
  }

  /// Reads one line without its line feed.
  static Optional<JournalLine> parse(byte[] line) {
    try (JsonParser json = FACTORY.createParser(line)) {
      JournalLineParser parser = new JournalLineParser(json);
      if (json.nextToken() != JsonToken.START_OBJECT) {
        return Optional.empty();
      }
      parser.event();
      return json.nextToken() == null ? parser.result(line) : Optional.empty();
    } catch (IOException _) {
      return Optional.empty();
    }
  }

  private Optional<JournalLine> result(byte[] line) {
    JournalLine.Kind kind;
    switch (classUid) {
      case 1001, 1007 -> kind = JournalLine.Kind.DECISION;
      case 2004 -> kind = JournalLine.Kind.FINDING;
      case 0, 6002 -> kind = JournalLine.Kind.NOTICE;
      default -> {
        return Optional.empty();
      }
    }
    boolean decided = kind == JournalLine.Kind.DECISION;
    return Optional.of(
        new JournalLine(
            new String(line, StandardCharsets.UTF_8),
            timeMillis,
            sequence,
            kind,
            decided ? (classUid == 1007 ? "EXEC" : "OPEN") : code,
            decision,
            path,
            pid,
            image,
            userId,
            sha256,
            decided ? (action.equals("Denied") ? "DENY" : "ALLOW") : "",
            basis,
            objection.engine,
            objection.rule,
            objection.reason,
            exception,
            message));
  }

  private void event() throws IOException {
    while (nextMember()) {
      switch (json.currentName()) {
        case "time" -> timeMillis = number();
        case "class_uid" -> classUid = (int) number();
        case "message" -> message = text();
        case "action" -> action = text();
        case "actor" -> object(this::actor);
        case "process" -> object(this::process);
        case "file" -> object(this::file);
        case "finding_info" -> object(this::findingInfo);
        case "evidences" -> items(this::evidence);
        case "metadata" -> object(this::metadata);
        case "unmapped" -> object(this::unmapped);
        default -> skip();
      }
    }
  }

  private void actor() throws IOException {
    while (nextMember()) {
      switch (json.currentName()) {
        case "process" -> object(this::actorProcess);
        case "user" -> object(this::user);
        default -> skip();
      }
    }
  }

  private void actorProcess() throws IOException {
    while (nextMember()) {
      switch (json.currentName()) {
        case "pid" -> pid = (int) number();
        case "path" -> image = text();
        default -> skip();
      }
    }
  }

  private void user() throws IOException {
    while (nextMember()) {
      if (json.currentName().equals("uid")) {
        userId = userId(text());
      } else {
        skip();
      }
    }
  }

  private void process() throws IOException {
    while (nextMember()) {
      switch (json.currentName()) {
        case "pid" -> pid = (int) number();
        case "path" -> image = text();
        case "file" -> object(this::file);
        default -> skip();
      }
    }
  }

  private void file() throws IOException {
    while (nextMember()) {
      switch (json.currentName()) {
        case "path" -> path = text();
        case "hashes" -> items(this::hash);
        default -> skip();
      }
    }
  }

  private void hash() throws IOException {
    while (nextMember()) {
      if (json.currentName().equals("value")) {
        sha256 = text();
      } else {
        skip();
      }
    }
  }

  private void findingInfo() throws IOException {
    while (nextMember()) {
      if (json.currentName().equals("analytic")) {
        object(this::analytic);
      } else {
        skip();
      }
    }
  }

  private void analytic() throws IOException {
    while (nextMember()) {
      if (json.currentName().equals("name")) {
        objection = new Objection(objection.engine, false, text(), "");
      } else {
        skip();
      }
    }
  }

  private void evidence() throws IOException {
    while (nextMember()) {
      switch (json.currentName()) {
        case "file" -> object(this::file);
        case "process" -> object(this::process);
        default -> skip();
      }
    }
  }

  private void metadata() throws IOException {
    while (nextMember()) {
      switch (json.currentName()) {
        case "sequence" -> sequence = number();
        case "event_code" -> code = text();
        default -> skip();
      }
    }
  }

  private void unmapped() throws IOException {
    while (nextMember()) {
      switch (json.currentName()) {
        case "basis" -> basis = text();
        case "decision" -> decision = number();
        case "exception" -> exception = text();
        case "engine" -> objection = new Objection(text(), false, objection.rule, "");
        case "opinions" -> items(this::opinion);
        default -> skip();
      }
    }
  }

  private void opinion() throws IOException {
    String engine = "";
    String rule = "";
    String reason = "";
    boolean enforced = false;
    boolean denied = false;
    while (nextMember()) {
      switch (json.currentName()) {
        case "engine" -> engine = text();
        case "mode" -> enforced = text().equals("ENFORCE");
        case "verdict" -> denied = text().equals("DENY");
        case "rule" -> rule = text();
        case "reason" -> reason = text();
        default -> skip();
      }
    }
    boolean first = objection.engine.isEmpty() || (enforced && !objection.enforced);
    if (denied && first) {
      objection = new Objection(engine, enforced, rule, reason);
    }
  }

  /// Moves to the value of the object's next member, false at its end.
  private boolean nextMember() throws IOException {
    if (json.nextToken() != JsonToken.FIELD_NAME) {
      return false;
    }
    json.nextToken();
    return true;
  }

  private void object(Members members) throws IOException {
    if (json.currentToken() == JsonToken.START_OBJECT) {
      members.read();
    } else {
      skip();
    }
  }

  private void items(Members members) throws IOException {
    if (json.currentToken() != JsonToken.START_ARRAY) {
      skip();
      return;
    }
    while (json.nextToken() != JsonToken.END_ARRAY) {
      object(members);
    }
  }

  private String text() throws IOException {
    if (json.currentToken() == JsonToken.VALUE_STRING) {
      return json.getText();
    }
    skip();
    return "";
  }

  private long number() throws IOException {
    if (json.currentToken() == JsonToken.VALUE_NUMBER_INT) {
      return json.getLongValue();
    }
    skip();
    return 0;
  }

  private void skip() throws IOException {
    json.skipChildren();
  }

  private static long userId(String text) {
    try {
      return Long.parseLong(text);
    } catch (NumberFormatException _) {
      return -1;
    }
  }

  @FunctionalInterface
  private interface Members {
    void read() throws IOException;
  }

  /// The DENY, or the finding, that the line is about.
  private record Objection(String engine, boolean enforced, String rule, String reason) {
    static final Objection NONE = new Objection("", false, "", "");
  }
}
