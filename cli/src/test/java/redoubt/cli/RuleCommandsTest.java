package redoubt.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// `rules` and `replay`, which need no agent.
final class RuleCommandsTest {
  private static final String RULE =
      """
      title: Somebody reads the shadow file
      id: 8a0c1f5e-2f5f-4d52-9f0d-6a3c3c6f0001
      tags:
        - attack.t1003.008
      logsource:
        product: linux
        category: process_creation
      detection:
        sel:
          CommandLine|contains: /etc/shadow
        condition: sel
      level: high
      """;

  @TempDir Path temporary;
  private CommandHost host;
  private Path rules;
  private Path recording;

  @BeforeEach
  void createFiles() throws Exception {
    host = new CommandHost(temporary);
    rules = Files.createDirectories(temporary.resolve("rules"));
    Files.writeString(rules.resolve("shadow.yml"), RULE);
    recording =
        Files.writeString(
            temporary.resolve("recording.jsonl"),
            "{\"CommandLine\": \"ls\"}\n{\"CommandLine\": \"cat /etc/SHADOW\"}\n");
  }

  private String rules() {
    return rules.toString();
  }

  @Test
  void checkSaysThatAllCanBeUsed() throws Exception {
    CommandHost.Result result = host.run("rules", "check", rules());
    assertEquals(ExitCode.OK, result.status());
    assertEquals("1 files: 1 rules can be used, 0 refused\n", result.out());
    assertEquals(1, host.run("rules", "check", "--json", rules()).json().path("rules").asInt());
  }

  @Test
  void checkNamesFileLineAndReason() throws Exception {
    Path broken = rules.resolve("broken.yml");
    Files.writeString(broken, RULE.replace("0001", "0002").replace("contains", "contain"));
    CommandHost.Result result = host.run("rules", "check", rules());
    assertEquals(ExitCode.NO, result.status());
    assertTrue(
        result.out().contains(broken + ":10: unknown modifier: modifier=contain"), result.out());
    assertTrue(result.out().contains("1 refused (modifier 1)"), result.out());
    JsonNode refused = host.run("rules", "check", "--json", rules()).json().path("refused").path(0);
    assertEquals(10, refused.path("line").asInt());
    assertEquals("MODIFIER", refused.path("kind").asText());
  }

  @Test
  void listShowsWhatIsAskedFor() throws Exception {
    assertTrue(host.run("rules", "list", rules()).out().contains("linux/process_creation/-"));
    assertTrue(
        host.run("rules", "list", "--tag", "attack.t1003.008", rules()).out().contains("high"));
    assertEquals(ExitCode.NO, host.run("rules", "list", "--level", "critical", rules()).status());
    assertEquals(
        "high", host.run("rules", "list", "--json", rules()).json().path("level").asText());
  }

  @Test
  void explainSaysInWords() {
    CommandHost.Result result = host.run("rules", "explain", rules());
    assertEquals(ExitCode.OK, result.status());
    assertTrue(result.out().contains("CommandLine contains '/etc/shadow'"), result.out());
    assertTrue(result.out().contains("linux/process_creation/-"), result.out());
    assertEquals(ExitCode.NO, host.run("rules", "explain", "--rule", "other", rules()).status());
    assertTrue(
        host.run("rules", "explain", "--json", "--rule", "Somebody reads the shadow file", rules())
            .out()
            .contains("looksFor"));
  }

  @Test
  void testHoldsRulesAgainstTheirEvents() throws Exception {
    CommandHost.Result untested = host.run("rules", "test", rules());
    assertEquals(ExitCode.NO, untested.status());
    assertTrue(untested.out().contains("nothing to match"), untested.out());
    Path match = rules.resolve("shadow.match.jsonl");
    Path miss = rules.resolve("shadow.miss.jsonl");
    Files.writeString(match, "{\"CommandLine\": \"head /etc/shadow\"}\n");
    Files.writeString(miss, "{\"CommandLine\": \"head /etc/passwd\"}\n");
    CommandHost.Result right = host.run("rules", "test", rules());
    assertEquals(ExitCode.OK, right.status(), right.out());
    assertEquals("1 rules held against 2 records, 0 wrong\n", right.out());
    Files.move(miss, rules.resolve("other"));
    Files.copy(match, miss);
    Files.copy(rules.resolve("other"), match, StandardCopyOption.REPLACE_EXISTING);
    CommandHost.Result wrong = host.run("rules", "test", rules());
    assertEquals(ExitCode.NO, wrong.status());
    assertTrue(wrong.out().contains(match + ":1: not matched"), wrong.out());
    assertTrue(wrong.out().contains(miss + ":1: matched by"), wrong.out());
    assertEquals(2, host.run("rules", "test", "--json", rules()).json().path("faults").size());
  }

  @Test
  void everyStarterRuleIsRight() throws Exception {
    Path starter = Path.of("..", "packaging", "content", "rules");
    CommandHost.Result result = host.run("rules", "test", starter.toString());
    assertEquals(ExitCode.OK, result.status(), result.out());
    JsonNode node = host.run("rules", "test", "--json", starter.toString()).json();
    assertTrue(node.path("rules").asInt() >= 20, node.toString());
  }

  @Test
  void replayUsesTheStarterRulesOfTheInstallation() throws Exception {
    Path installed = host.directories.home().resolve("content/rules");
    Files.createDirectories(installed);
    Files.copy(rules.resolve("shadow.yml"), installed.resolve("shadow.yml"));
    CommandHost.Result result =
        host.run(
            "replay", "--product", "Linux", "--category", "process_creation", recording.toString());
    assertEquals(ExitCode.OK, result.status(), result.err());
    assertTrue(result.out().contains("1 findings"), result.out());
  }

  @Test
  void whatIsMissingIsSaid() {
    CommandHost.Result missing = host.run("rules", "check", temporary + "/nowhere");
    assertEquals(ExitCode.USAGE, missing.status());
    assertTrue(missing.err().contains("no such file or folder"), missing.err());
    CommandHost.Result empty = host.run("rules", "check", host.directories.home().toString());
    assertEquals(ExitCode.USAGE, empty.status());
    assertTrue(empty.err().contains("no rules there"), empty.err());
    assertEquals(ExitCode.USAGE, host.run("rules").status());
    CommandHost.Result recordingMissing =
        host.run("replay", "--rules", rules(), temporary + "/nowhere");
    assertEquals(ExitCode.USAGE, recordingMissing.status());
    assertTrue(recordingMissing.err().contains("no such file"), recordingMissing.err());
  }

  @Test
  void replayPrintsWhatRulesFindAndWhy() {
    CommandHost.Result result =
        host.run(
            "replay",
            "--rules",
            rules(),
            "--product",
            "linux",
            "--category",
            "process_creation",
            recording.toString());
    assertEquals(ExitCode.OK, result.status(), result.err());
    assertTrue(result.out().contains("Somebody reads the shadow file"), result.out());
    assertTrue(result.out().contains(recording + ":2"), result.out());
    assertTrue(result.out().contains("CommandLine: cat /etc/SHADOW"), result.out());
    assertTrue(
        result.out().contains("2 records: 1 findings of 1 rules, 0 unreadable"), result.out());
  }

  @Test
  void replaySpeaksJson() throws Exception {
    JsonNode finding =
        host.run(
                "replay",
                "--json",
                "--rules",
                rules(),
                "--product",
                "linux",
                "--category",
                "process_creation",
                recording.toString())
            .json();
    assertEquals("8a0c1f5e-2f5f-4d52-9f0d-6a3c3c6f0001", finding.path("rule").asText());
    assertEquals("attack.t1003.008", finding.at("/tags/0").asText());
    assertEquals(2, finding.path("record").asInt());
    assertEquals("cat /etc/SHADOW", finding.at("/because/0/value").asText());
  }

  @Test
  void replayFindsNothingInOtherLogs() {
    CommandHost.Result result =
        host.run("replay", "--rules", rules(), "--product", "macos", recording.toString());
    assertEquals(ExitCode.OK, result.status());
    assertFalse(result.out().contains("shadow file"), result.out());
  }

  @Test
  void replayTellsOfRecordsThatCannotBeRead() throws Exception {
    Files.writeString(recording, "{\"CommandLine\": \"x\"}\n{\"Command\n");
    CommandHost.Result result = host.run("replay", "--rules", rules(), recording.toString());
    assertEquals(ExitCode.NO, result.status());
    assertTrue(result.err().contains(recording + ":2: not JSON"), result.err());
  }

  @Test
  void replayNeedsARuleThatCanBeUsed() throws Exception {
    Files.writeString(rules.resolve("shadow.yml"), RULE.replace("sel\n", "nobody\n"));
    CommandHost.Result result = host.run("replay", "--rules", rules(), recording.toString());
    assertEquals(ExitCode.USAGE, result.status());
    assertTrue(result.err().contains("redoubt rules check"), result.err());
  }
}
