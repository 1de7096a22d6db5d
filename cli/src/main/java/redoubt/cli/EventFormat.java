package redoubt.cli;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Locale;
import redoubt.agent.journal.JournalLine;

/// How `redoubt events` hands events to other programs. Each has the whole line of the journal in
/// it, and beside it what that program sorts by.
enum EventFormat {
  /// The line of the journal, JSON in the words of OCSF.
  OCSF {
    @Override
    String of(JournalLine line) {
      return line.raw();
    }
  },
  /// A line for the OpenTelemetry Collector: the JSON of OTLP, as its File Exporter specification
  /// has it, with the names of its semantic conventions.
  OTLP {
    @Override
    String of(JournalLine line) {
      JsonNode event = parse(line);
      ObjectNode root = Subcommand.object();
      ObjectNode ofHost = root.putArray("resourceLogs").addObject();
      ArrayNode resource = ofHost.putObject("resource").putArray("attributes");
      attribute(resource, "service.name", "redoubt");
      attribute(resource, "host.name", host(event));
      ObjectNode scope = ofHost.putArray("scopeLogs").addObject();
      scope.putObject("scope").put("name", "redoubt");
      ObjectNode told = scope.putArray("logRecords").addObject();
      told.put("timeUnixNano", Long.toString(line.timeMillis() * NANOS_PER_MILLI));
      told.put("severityNumber", OTLP_SEVERITIES[severity(event)]);
      told.put("severityText", event.path("severity").asText());
      told.put("eventName", "redoubt." + word(line));
      told.putObject("body").put("stringValue", line.message());
      ArrayNode attributes = told.putArray("attributes");
      attribute(attributes, "file.path", line.path());
      attribute(attributes, "process.executable.path", line.image());
      if (line.pid() > 0) {
        number(attributes, "process.pid", line.pid());
      }
      attribute(attributes, "user.id", line.userId() < 0 ? "" : Long.toString(line.userId()));
      attribute(attributes, "redoubt.engine", line.engine());
      attribute(attributes, "redoubt.rule", line.rule());
      attribute(attributes, "redoubt.answer", line.answer());
      attribute(attributes, "redoubt.code", line.code());
      attribute(attributes, "ocsf", line.raw());
      return root.toString();
    }
  },
  /// A message of RFC 5424 whose text is the line of the journal.
  SYSLOG {
    @Override
    String of(JournalLine line) {
      JsonNode event = parse(line);
      return "<"
          + (FACILITY_AUTHPRIV * 8 + SYSLOG_SEVERITIES[severity(event)])
          + ">1 "
          + Instant.ofEpochMilli(line.timeMillis()).truncatedTo(ChronoUnit.MILLIS)
          + " "
          + host(event)
          + " redoubt - "
          + word(line)
          + " - "
          + line.raw();
    }
  },
  /// An entry of the journal of systemd, in its export format, for `systemd-journal-remote`.
  JOURNALD {
    @Override
    String of(JournalLine line) {
      JsonNode event = parse(line);
      StringBuilder entry = new StringBuilder();
      field(entry, "__REALTIME_TIMESTAMP", Long.toString(line.timeMillis() * MICROS_PER_MILLI));
      field(entry, "_HOSTNAME", host(event));
      field(entry, "SYSLOG_IDENTIFIER", "redoubt");
      field(entry, "PRIORITY", Integer.toString(SYSLOG_SEVERITIES[severity(event)]));
      field(entry, "MESSAGE", line.message());
      field(entry, "REDOUBT_KIND", word(line));
      field(entry, "REDOUBT_CODE", line.code());
      field(entry, "REDOUBT_ENGINE", line.engine());
      field(entry, "REDOUBT_RULE", line.rule());
      field(entry, "REDOUBT_ANSWER", line.answer());
      field(entry, "REDOUBT_PATH", line.path());
      field(entry, "REDOUBT_PROGRAM", line.image());
      field(entry, "REDOUBT_SHA256", line.sha256());
      // JSON has no line feed but between its parts, and there the journal writes none.
      entry.append("REDOUBT_EVENT=").append(line.raw()).append('\n');
      return entry.toString();
    }
  };

  private static final JsonMapper JSON = new JsonMapper();
  private static final long NANOS_PER_MILLI = 1_000_000;
  private static final long MICROS_PER_MILLI = 1_000;
  private static final int MOST_HOST_CHARS = 255;

  /// RFC 5424, table 1: "security/authorization messages".
  private static final int FACILITY_AUTHPRIV = 10;

  /// RFC 5424's severities for OCSF's `severity_id`, from 0, unknown, to 6, fatal.
  private static final int[] SYSLOG_SEVERITIES = {5, 6, 5, 4, 3, 2, 1};

  /// OpenTelemetry's severity numbers for the same.
  private static final int[] OTLP_SEVERITIES = {0, 9, 10, 13, 17, 19, 21};

  /// One event, without the line feed behind it.
  abstract String of(JournalLine line);

  private static JsonNode parse(JournalLine line) {
    try {
      return JSON.readTree(line.raw());
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("a line of the journal is no JSON", e);
    }
  }

  private static int severity(JsonNode event) {
    int severity = event.path("severity_id").asInt(0);
    return severity < 0 || severity >= SYSLOG_SEVERITIES.length ? 0 : severity;
  }

  /// As a header has it: a host may call itself anything.
  private static String host(JsonNode event) {
    StringBuilder name = new StringBuilder();
    event
        .at("/device/hostname")
        .asText()
        .chars()
        .limit(MOST_HOST_CHARS)
        .forEach(c -> name.append(c > ' ' && c <= '~' ? (char) c : '_'));
    return name.isEmpty() ? "-" : name.toString();
  }

  private static String word(JournalLine line) {
    return line.kind().name().toLowerCase(Locale.ROOT);
  }

  private static void attribute(ArrayNode attributes, String key, String value) {
    if (!value.isEmpty()) {
      attributes.addObject().put("key", key).putObject("value").put("stringValue", value);
    }
  }

  /// Whole numbers are texts in the JSON of protobuf.
  private static void number(ArrayNode attributes, String key, long value) {
    attributes.addObject().put("key", key).putObject("value").put("intValue", Long.toString(value));
  }

  /// A line feed in a text would begin another field.
  private static void field(StringBuilder entry, String name, String value) {
    if (!value.isEmpty()) {
      entry.append(name).append('=').append(Printable.of(value)).append('\n');
    }
  }
}
