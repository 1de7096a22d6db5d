package redoubt.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import redoubt.core.model.PlatformNotice;

/// What other programs are handed, over a journal that the real journal wrote; with names of files
/// that try to be more than one field.
class EventFormatTest {
  private static final JsonMapper JSON = new JsonMapper();
  private static final String PATH = "/tmp/a\nMESSAGE=forged\n\nPRIORITY=0 \u2028\"]<165>1 \u00e4";

  @TempDir Path temporary;
  private CommandHost host;
  private String raw;

  @BeforeEach
  void recordAnEvent() throws Exception {
    host = new CommandHost(temporary);
    host.record(
        host.denied(PATH, CommandHost.digestOf("x"), 12),
        CommandHost.notice(PlatformNotice.Kind.GAP, "the agent was gone for 1 s"));
    raw = host.run("events", "--json", "--denied").out().strip();
  }

  private String events(String format) {
    CommandHost.Result result = host.run("events", "--denied", "--format", format);
    assertEquals(ExitCode.OK, result.status(), result.err());
    return result.out();
  }

  @Test
  void otlpHasWhatACollectorSortsBy() throws Exception {
    List<String> lines = events("otlp").lines().toList();
    assertEquals(1, lines.size());
    JsonNode told = JSON.readTree(lines.getFirst());
    Map<String, String> resource = attributes(told.at("/resourceLogs/0/resource/attributes"));
    assertEquals("redoubt", resource.get("service.name"));
    assertFalse(resource.getOrDefault("host.name", "").isEmpty());
    JsonNode log = told.at("/resourceLogs/0/scopeLogs/0/logRecords/0");
    long millis = JSON.readTree(raw).path("time").asLong();
    assertEquals(Long.toString(millis * 1_000_000), log.path("timeUnixNano").asText());
    assertTrue(log.path("timeUnixNano").isTextual(), "64 bits are a text in protobuf's JSON");
    assertEquals("redoubt.decision", log.path("eventName").asText());
    Map<String, String> attributes = attributes(log.path("attributes"));
    assertEquals(PATH, attributes.get("file.path"));
    assertEquals("12", attributes.get("process.pid"));
    assertEquals("scanner", attributes.get("redoubt.engine"));
    assertEquals("bad-tool", attributes.get("redoubt.rule"));
    assertEquals(raw, attributes.get("ocsf"));
    int severity = log.path("severityNumber").asInt();
    assertTrue(severity >= 9 && severity <= 21, log::toString);
  }

  private static Map<String, String> attributes(JsonNode list) {
    Map<String, String> attributes = new HashMap<>();
    for (JsonNode attribute : list) {
      JsonNode value = attribute.path("value");
      assertEquals(1, value.size(), attribute::toString);
      attributes.put(attribute.path("key").asText(), value.elements().next().asText());
    }
    return attributes;
  }

  @Test
  void syslogIsOneMessageWhateverAFileIsCalled() {
    List<String> lines = Arrays.asList(events("syslog").split("\n", -1));
    assertEquals(2, lines.size(), lines::toString);
    Matcher message =
        Pattern.compile(
                "(?s)<(8[0-7])>1 (\\d{4}-\\d\\d-\\d\\dT\\S+Z) ([!-~]+) redoubt - decision - (\\{.*\\})")
            .matcher(lines.getFirst());
    assertTrue(message.matches(), lines.getFirst());
    assertEquals(raw, message.group(4));
  }

  @Test
  void journaldIsOneEntryWhateverAFileIsCalled() throws Exception {
    List<String> lines = new ArrayList<>(Arrays.asList(events("journald").split("\n", -1)));
    assertEquals(List.of("", ""), lines.subList(lines.size() - 2, lines.size()));
    Map<String, String> fields = new HashMap<>();
    for (String line : lines.subList(0, lines.size() - 2)) {
      assertTrue(line.matches("(?s)[A-Z_0-9]+=.*"), line);
      String before =
          fields.put(line.substring(0, line.indexOf('=')), line.substring(line.indexOf('=') + 1));
      assertEquals(null, before, line);
    }
    assertEquals(raw, fields.get("REDOUBT_EVENT"));
    assertEquals("DENY", fields.get("REDOUBT_ANSWER"));
    assertTrue(
        fields.getOrDefault("REDOUBT_PATH", "").contains("\\u{a}MESSAGE=forged"), fields::toString);
    assertEquals(
        JSON.readTree(raw).path("time").asLong() * 1_000,
        Long.parseLong(fields.get("__REALTIME_TIMESTAMP")));
  }

  @Test
  void eachEventIsAnEntryOfItsOwn() {
    String all = host.run("events", "--format", "journald").out();
    assertEquals(2, all.split("\n\n").length, all);
    assertEquals(2, host.run("events", "--format", "otlp").out().lines().count());
    assertEquals(raw, events("ocsf").strip());
    assertEquals(ExitCode.USAGE, host.run("events", "--json", "--format", "otlp").status());
    assertEquals(ExitCode.USAGE, host.run("events", "--format", "cef").status());
  }
}
