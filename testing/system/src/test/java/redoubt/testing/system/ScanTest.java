package redoubt.testing.system;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import redoubt.agent.journal.JournalLine;

/// `redoubt scan`, and YARA rules: files are looked at on demand, once.
class ScanTest {
  private static final String EVIL = "this is EVIL-FOR-A-TEST, says a rule\n";

  private static final String RULES =
      """
      rule evil_for_a_test {
        meta:
          description = "A word that is evil in tests"
        strings:
          $word = "EVIL-FOR-A-TEST"
        condition:
          $word
      }
      """;

  private static final JsonMapper JSON = new JsonMapper();

  private static Path content;
  private static ScratchFileSystem scratch;
  private static RunningAgent agent;

  @BeforeAll
  static void startAgent() throws Exception {
    content = Folders.make("redoubt-scan-");
    Files.writeString(content.resolve("evil.yar"), RULES);
    Files.writeString(content.resolve("broken.yar"), "rule broken { condition: nonsense }");
    Path list = KnownBad.writeList(content.resolve("known.hashes"));
    assertTrue(Files.exists(list));
    scratch = ScratchFileSystem.ext4(64);
    agent = RunningAgent.start(scratch, "--content", content);
  }

  @AfterAll
  static void stopAgent() throws Exception {
    agent.close();
    scratch.close();
    Outcome.of("rm", "-rf", content).requireSuccess();
  }

  private static Path folder(String name) throws Exception {
    return Files.createDirectories(scratch.path(name));
  }

  private static void fill(Path folder, int files) throws Exception {
    for (int i = 0; i < files; i++) {
      Files.writeString(folder.resolve("file-" + i), "nothing bad: " + i);
    }
  }

  private static List<JsonNode> scan(int status, Object... words) throws Exception {
    List<Object> command = new ArrayList<>(List.of("scan", "--json"));
    command.addAll(List.of(words));
    Outcome outcome = agent.command(command.toArray());
    assertEquals(status, outcome.status(), outcome::toString);
    List<JsonNode> lines = new ArrayList<>();
    for (String line : outcome.output().lines().toList()) {
      lines.add(JSON.readTree(line));
    }
    return lines;
  }

  private static JsonNode summary(List<JsonNode> lines) {
    return lines.getLast().path("summary");
  }

  @Test
  void whatIsBadIsFoundAndNamed() throws Exception {
    Path folder = folder("mixed");
    fill(folder, 40);
    Path evil = Files.writeString(folder.resolve("evil"), EVIL);
    Path listed = Files.write(folder.resolve("listed"), Specimen.PROGRAM.bad());
    List<JsonNode> lines = scan(1, folder);
    assertEquals(3, lines.size());
    JsonNode byRule =
        lines.stream()
            .filter(line -> line.path("path").asText().equals(evil.toString()))
            .findFirst()
            .orElseThrow();
    assertEquals("found", byRule.path("state").asText());
    assertEquals("evil_for_a_test", byRule.at("/hits/0/rule").asText());
    assertEquals("scanner", byRule.at("/hits/0/engine").asText());
    assertTrue(byRule.at("/hits/0/reason").asText().contains("evil in tests"));
    assertTrue(
        lines.stream().anyMatch(line -> line.path("path").asText().equals(listed.toString())));
    assertEquals(42, summary(lines).path("files").asInt());
    assertEquals(2, summary(lines).path("found").asInt());
    JournalLine finding =
        agent.awaitLine(
            "the finding",
            line ->
                line.kind() == JournalLine.Kind.FINDING && line.raw().contains(evil.toString()));
    assertTrue(finding.raw().contains("evil_for_a_test"), finding.raw());
    String text = agent.command("scan", evil).output();
    assertTrue(text.startsWith("found: " + evil), text);
    assertTrue(text.contains("1 files"), text);
  }

  @Test
  void anUnchangedFileIsLookedAtOnce() throws Exception {
    Path folder = folder("twice");
    fill(folder, 100);
    // Contents whose change is too young are looked at again.
    Thread.sleep(50);
    assertEquals(0, summary(scan(0, folder)).path("known").asInt());
    JsonNode second = summary(scan(0, folder));
    assertEquals(100, second.path("known").asInt());
    assertEquals(100, second.path("clean").asInt());
    Files.writeString(folder.resolve("file-7"), EVIL);
    JsonNode third = summary(scan(1, folder));
    assertEquals(99, third.path("known").asInt());
    assertEquals(1, third.path("found").asInt());
    assertEquals(0, summary(scan(1, "--anew", folder)).path("known").asInt());
  }

  @Test
  void aRuleDeniesExecutionToo() throws Exception {
    Path program = scratch.program("evil-program", script("# " + EVIL));
    Outcome denied = Outcome.of(program);
    assertTrue(denied.denied(), () -> denied + agent.log());
    assertEquals(0, Outcome.of(scratch.program("good-program", script("exit 0"))).status());
  }

  private static byte[] script(String text) {
    return ("#!/bin/sh\n" + text + "\n").getBytes(StandardCharsets.UTF_8);
  }

  @Test
  void whatIsNoFileHoldsNothingUp() throws Exception {
    Path folder = folder("odd");
    fill(folder, 2);
    Outcome.of("mkfifo", folder.resolve("fifo")).requireSuccess();
    Outcome.of("mknod", folder.resolve("null"), "c", "1", "3").requireSuccess();
    Outcome.of("ln", "-s", "/", folder.resolve("link")).requireSuccess();
    Outcome.of("truncate", "-s", "200G", folder.resolve("sparse")).requireSuccess();
    List<JsonNode> lines = scan(2, folder);
    assertEquals(3, summary(lines).path("files").asInt());
    assertEquals(1, summary(lines).path("unscanned").asInt());
    assertTrue(lines.getFirst().path("path").asText().endsWith("sparse"));
  }

  /// A name is bytes; to hide behind one that is no text must not work.
  @Test
  void aNameThatIsNoTextHidesNothing() throws Exception {
    Path folder = folder("bytes");
    Outcome.of(
            "sh",
            "-c",
            "printf '%s' '" + EVIL.strip() + "' >\"" + folder + "/$(printf 'a\\377\\n\\033')\"")
        .requireSuccess();
    assertEquals(1, summary(scan(1, folder)).path("found").asInt());
    String text = agent.command("scan", folder).output();
    assertFalse(text.contains("\u001b"), text);
  }

  @Test
  void whatTheOwnerExceptsIsNoFinding() throws Exception {
    Path folder = folder("excepted");
    Path file = Files.writeString(folder.resolve("evil"), EVIL + "excepted");
    String digest = Outcome.of("sha256sum", file).requireSuccess().output().substring(0, 64);
    agent.command("allow", "add", "--comment", "a test", digest).requireSuccess();
    assertEquals(1, summary(scan(0, folder)).path("excepted").asInt());
  }

  @Test
  void excludedAndMountedPlacesCanBeLeftOut() throws Exception {
    Path folder = folder("places");
    fill(folder, 3);
    Files.createDirectories(folder.resolve("cache/deep"));
    fill(folder.resolve("cache/deep"), 5);
    assertEquals(8, summary(scan(0, folder)).path("files").asInt());
    assertEquals(3, summary(scan(0, "--exclude", "cache", folder)).path("files").asInt());
    assertEquals(
        7, summary(scan(0, "--exclude", folder + "/file-0", folder)).path("files").asInt());
    try (ScratchFileSystem other = ScratchFileSystem.tmpfs()) {
      fill(other.root(), 4);
      Path mounted = Files.createDirectory(folder.resolve("mounted"));
      Outcome.of("mount", "--bind", other.root(), mounted).requireSuccess();
      try {
        assertEquals(12, summary(scan(0, folder)).path("files").asInt());
        assertEquals(8, summary(scan(0, "--one-file-system", folder)).path("files").asInt());
      } finally {
        Outcome.of("umount", mounted).requireSuccess();
      }
    }
  }

  @Test
  void aReportInSarifNamesRuleAndPlace() throws Exception {
    Path folder = folder("sarif");
    Path evil = Files.writeString(folder.resolve("evil file"), EVIL);
    Outcome outcome = agent.command("scan", "--sarif", folder);
    assertEquals(1, outcome.status(), outcome::toString);
    JsonNode run = JSON.readTree(outcome.output()).path("runs").path(0);
    assertEquals("scanner/evil_for_a_test", run.at("/results/0/ruleId").asText());
    assertEquals(
        evil.toUri().toString(),
        run.at("/results/0/locations/0/physicalLocation/artifactLocation/uri").asText());
    assertTrue(run.at("/invocations/0/executionSuccessful").asBoolean());
  }

  @Test
  void mistakesAreNamed() throws Exception {
    Outcome missing = agent.command("scan", "/no/such/place");
    assertEquals(2, missing.status(), missing::toString);
    assertTrue(missing.output().contains("no such file: path=/no/such/place"), missing::toString);
    Outcome pattern = agent.command("scan", "--exclude", "[", "/tmp");
    assertEquals(2, pattern.status(), pattern::toString);
    assertTrue(pattern.output().contains("not a pattern"), pattern::toString);
  }

  @Test
  void whatIsWrongWithARuleIsReported() throws Exception {
    JournalLine report =
        agent.awaitLine(
            "the report",
            line -> line.raw().contains("broken.yar") && line.raw().contains("nonsense"));
    assertEquals(JournalLine.Kind.FINDING, report.kind());
    JsonNode engines = agent.status().path("engines");
    assertTrue(
        StreamSupport.stream(engines.spliterator(), false)
            .anyMatch(engine -> engine.path("contentEntries").asInt() > 1));
  }
}
