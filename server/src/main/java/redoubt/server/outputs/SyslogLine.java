package redoubt.server.outputs;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.nio.charset.StandardCharsets;
import java.time.temporal.ChronoUnit;
import redoubt.server.store.OutputStore;
import redoubt.server.store.OutputStore.Outgoing;

/// What is told, as a message of RFC 5424 whose text is the JSON. Stateless.
final class SyslogLine {
  private static final JsonMapper JSON = new JsonMapper();
  private static final int MOST_HOST_CHARS = 255;
  private static final char FIRST_PRINTABLE = 33;
  private static final char LAST_PRINTABLE = 126;
  private static final String NOTHING = "-";

  /// RFC 5424, table 1: "security/authorization messages" and "log audit".
  private static final int FACILITY_FINDING = 10;

  private static final int FACILITY_AUDIT = 13;
  private static final int NOTICE = 5;

  /// RFC 5424's severities for OCSF's `severity_id`, from 0, unknown, to 6, fatal.
  private static final int[] SEVERITIES = {NOTICE, 6, 5, 4, 3, 2, 1};

  private SyslogLine() {}

  /// @param here the name of this machine, for what is of no host
  static byte[] of(Outgoing told, String here) {
    JsonNode body = body(told);
    boolean isFinding = told.kind() == OutputStore.Kind.FINDING;
    int severity = body.path("record").path("severity_id").asInt(0);
    int priority =
        isFinding
            ? FACILITY_FINDING * 8
                + (severity < 0 || severity >= SEVERITIES.length ? NOTICE : SEVERITIES[severity])
            : FACILITY_AUDIT * 8 + NOTICE;
    String head =
        "<"
            + priority
            + ">1 "
            + told.at().truncatedTo(ChronoUnit.MILLIS)
            + " "
            + word(isFinding ? body.path("host").path("name").asText() : here)
            + " redoubt-fleet - "
            + OutputStore.word(told.kind())
            + " "
            + NOTHING
            + " ";
    return (head + told.body()).getBytes(StandardCharsets.UTF_8);
  }

  private static JsonNode body(Outgoing told) {
    try {
      return JSON.readTree(told.body());
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("we wrote it: sequence=" + told.sequence(), e);
    }
  }

  /// A name as a header has it: a host may call itself anything.
  private static String word(String name) {
    StringBuilder word = new StringBuilder();
    name.chars()
        .limit(MOST_HOST_CHARS)
        .forEach(c -> word.append(c >= FIRST_PRINTABLE && c <= LAST_PRINTABLE ? (char) c : '_'));
    return word.isEmpty() ? NOTHING : word.toString();
  }
}
