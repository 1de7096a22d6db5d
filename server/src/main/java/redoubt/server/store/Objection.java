package redoubt.server.store;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;
import redoubt.core.model.EngineId;
import redoubt.core.model.Sha256;

/// What an engine said against something: a finding that it reported, or a file that it would have
/// denied or denied, also where its word did not count. Immutable.
///
/// @param engine what the host calls it
/// @param rule which of its rules said so; may be empty
/// @param subject the path of the file, or else of the program, that it is about; empty if it is
///   not known
/// @param content the SHA-256 of the file, in hexadecimal digits; empty if it is not known
/// @param denied whether it is about a denial; a finding otherwise
public record Objection(
    String engine, String rule, String subject, String content, boolean denied) {
  /// The longest rule or subject that is told from others, characters.
  static final int MOST_CHARS = 4_096;

  /// A host has no more engines.
  private static final int MOST_OPINIONS = 64;

  private static final Pattern DIGEST = Pattern.compile("[0-9a-f]{64}");
  private static final JsonMapper JSON = new JsonMapper();

  /// Cuts what is too long.
  public Objection {
    rule = kept(rule);
    subject = kept(subject);
  }

  /// What a finding says, if an engine of a host says it.
  ///
  /// @param line a JSON text, as a host wrote it
  public static Optional<Objection> ofFinding(String line) {
    return of(OcsfClass.FINDING, line).stream().findAny();
  }

  /// What is said in a line of a journal. Hosts may write anything: what makes no sense says
  /// nothing.
  static List<Objection> of(int classUid, String line) {
    boolean decided = classUid == OcsfClass.FILE || classUid == OcsfClass.PROCESS;
    // Nearly all decisions are none: they are not taken apart.
    if (classUid != OcsfClass.FINDING && !(decided && line.contains("\"DENY\""))) {
      return List.of();
    }
    try {
      JsonNode event = JSON.readTree(line);
      return decided ? ofDecision(event) : ofFinding(event).stream().toList();
    } catch (JsonProcessingException _) {
      return List.of();
    }
  }

  private static Optional<Objection> ofFinding(JsonNode event) {
    String program = "";
    JsonNode file = JSON.missingNode();
    for (JsonNode evidence : event.path("evidences")) {
      file = evidence.has("file") ? evidence.path("file") : file;
      program = evidence.at("/process/path").asText(program);
    }
    String path = file.path("path").asText("");
    return said(
        event.at("/unmapped/engine"),
        event.at("/finding_info/analytic/name"),
        path.isEmpty() ? program : path,
        file,
        false);
  }

  /// Several engines may have objected to the same, each once.
  private static List<Objection> ofDecision(JsonNode event) {
    JsonNode file = event.has("file") ? event.path("file") : event.at("/process/file");
    Map<String, Objection> all = new LinkedHashMap<>();
    for (JsonNode opinion : event.at("/unmapped/opinions")) {
      if (opinion.path("verdict").asText().equals("DENY") && all.size() < MOST_OPINIONS) {
        said(opinion.path("engine"), opinion.path("rule"), file.path("path").asText(""), file, true)
            .ifPresent(each -> all.putIfAbsent(each.engine(), each));
      }
    }
    return List.copyOf(all.values());
  }

  private static Optional<Objection> said(
      JsonNode engine, JsonNode rule, String subject, JsonNode file, boolean denied) {
    String content = file.at("/hashes/0/value").asText("");
    try {
      return Optional.of(
          new Objection(
              new EngineId(engine.asText("")).value(),
              rule.asText(""),
              subject,
              DIGEST.matcher(content).matches() ? content : "",
              denied));
    } catch (IllegalArgumentException _) {
      return Optional.empty(); // No engine says it.
    }
  }

  /// A digest of who says it, by which rule, and about what.
  String what() {
    return digestOf(engine, rule, content + ' ' + subject);
  }

  /// What a mark may cover that covers this: all of the rule, the path, the content; empty if the
  /// path or the content is not known.
  List<String> keys() {
    return List.of(
        digestOf(engine, rule, ""),
        subject.isEmpty() ? "" : digestOf(engine, rule, subject),
        content.isEmpty() ? "" : digestOf(engine, rule, content));
  }

  /// A digest of an engine, one of its rules, and a path, a content, or nothing.
  static String digestOf(String engine, String rule, String subject) {
    return Sha256.ofText(engine + ' ' + rule.length() + ' ' + rule + ' ' + subject).toString();
  }

  /// As much of a text as is kept, without what some database cannot keep.
  static String kept(String text) {
    String cut = text.length() <= MOST_CHARS ? text : text.substring(0, MOST_CHARS);
    return new String(cut.getBytes(StandardCharsets.UTF_8), StandardCharsets.UTF_8)
        .replace('\0', '\ufffd');
  }
}
