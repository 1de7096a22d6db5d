package redoubt.testing.system;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import redoubt.core.model.PlatformNotice;

/// One file of the owner's, brought into force while the agent runs, and kept over its end.
class ConfigurationTest {
  private static final Duration PATIENCE = Duration.ofSeconds(20);
  private static final JsonMapper JSON = new JsonMapper();

  private ScratchFileSystem scratch;
  private RunningAgent agent;
  private Path bad;

  @BeforeEach
  void start() throws Exception {
    scratch = ScratchFileSystem.ext4(64);
    agent = RunningAgent.start(scratch);
    bad = scratch.program("bad", Specimen.SCRIPT.bad());
  }

  @AfterEach
  void stop() throws Exception {
    agent.close();
    scratch.close();
  }

  private void configure(String text) throws Exception {
    Path file = agent.configDirectory().resolve("redoubt.yaml");
    Files.writeString(file, text);
    Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-r--r--"));
  }

  private String state() throws Exception {
    Outcome shown = agent.command("config", "show", "--json").requireSuccess();
    return JSON.readTree(shown.output()).path("state").asText();
  }

  private void awaitProtection(int before) throws Exception {
    // The control socket comes after the marks.
    Await.until(
        "another agent",
        PATIENCE,
        () -> agent.command("status").status() == 0 && agent.pid() != before);
  }

  @Test
  void aChangeCountsAtOnceAndStays() throws Exception {
    int pid = agent.pid();
    assertTrue(Outcome.of(bad).denied());

    configure("mode: monitor\n");
    Outcome taken = agent.command("config", "reload").requireSuccess();
    assertTrue(taken.output().contains("scanner is in mode monitor"), taken::output);
    assertFalse(Outcome.of(bad).denied());
    assertEquals(pid, agent.pid());
    assertEquals("in-force", state());

    // One that is wrong changes nothing, now and at the next start.
    configure("mode: enforce\nmoed: monitor\n");
    Outcome refused = agent.command("config", "reload");
    assertEquals(1, refused.status(), refused::output);
    assertTrue(refused.output().contains("redoubt.yaml:2: no such setting: moed"), refused::output);
    ProcessHandle.of(pid).orElseThrow().destroyForcibly();
    awaitProtection(pid);
    assertFalse(Outcome.of(bad).denied());
    assertTrue(agent.printed("the last that was good") > 0, agent::log);
    assertEquals("wrong", state());

    // A good one is taken by the next start too.
    configure("mode: enforce\n");
    pid = agent.pid();
    ProcessHandle.of(pid).orElseThrow().destroyForcibly();
    awaitProtection(pid);
    assertTrue(Outcome.of(bad).denied());
    assertEquals("in-force", state());
  }

  @Test
  void enginesAndTheirRulesFollowIt() throws Exception {
    Path rules = Files.createDirectories(agent.configDirectory().resolve("rules"));
    rule(rules, "first", "redoubt-test-one");
    configure("rules: " + rules + "\n");
    Outcome taken = agent.command("config", "reload").requireSuccess();
    assertTrue(taken.output().contains("sigma started"), taken::output);
    awaitFinding("redoubt-test-one", "first");

    rule(rules, "second", "redoubt-test-two");
    taken = agent.command("config", "reload").requireSuccess();
    assertTrue(taken.output().contains("sigma judges with other content"), taken::output);
    awaitFinding("redoubt-test-two", "second");
    assertEquals(
        "no engine is concerned",
        agent.command("config", "reload").requireSuccess().output().strip());

    configure("");
    taken = agent.command("config", "reload").requireSuccess();
    assertTrue(taken.output().contains("sigma ended"), taken::output);
  }

  private static void rule(Path rules, String name, String word) throws Exception {
    Files.writeString(
        rules.resolve(name + ".yml"),
        """
        title: The %1$s rule
        id: 00000000-0000-4000-8000-0000000000%2$02d
        status: test
        logsource:
          category: process_creation
          product: linux
        detection:
          selection:
            CommandLine|contains: %3$s
          condition: selection
        level: high
        """
            .formatted(name, name.length(), word));
  }

  private void awaitFinding(String word, String rule) throws Exception {
    Await.until(
        "a finding of the rule " + rule,
        PATIENCE,
        () -> {
          Outcome.of("sh", "-c", ": " + word + "; sleep 0.05").requireSuccess();
          return !agent
              .journal(
                  line -> line.raw().contains("The " + rule + " rule") && line.raw().contains(word))
              .isEmpty();
        });
  }

  @Test
  void whatIsFixedNeedsAnotherStartAndSaysSo() throws Exception {
    int pid = agent.pid();
    configure("mode: monitor\nsoft-deadline-ms: 150\n");
    Outcome refused = agent.command("config", "reload");
    assertNotEquals(0, refused.status());
    assertTrue(refused.output().contains("for=soft-deadline-ms"), refused::output);
    assertTrue(Outcome.of(bad).denied(), "as a whole or not at all");

    agent.command("config", "reload", "--restart").requireSuccess();
    awaitProtection(pid);
    assertFalse(Outcome.of(bad).denied());
    assertEquals("in-force", state());
  }

  /// The agent takes as long to find out as it takes a file system to say what it is.
  @Test
  void aHostIsProtectedThoughItsConfigurationCannotBe() throws Exception {
    configure("mode: monitor\n");
    agent.command("config", "reload").requireSuccess();
    // An engine's manifest that is no manifest: whoever starts with it ends with 78.
    Path manifest = agent.configDirectory().resolve("broken.engine");
    Files.writeString(manifest, "nonsense\n");
    configure("mode: monitor\nkill-late: true\nengine: " + manifest + "\n");
    int pid = agent.pid();
    agent.command("config", "reload", "--restart").requireSuccess();
    awaitProtection(pid);
    // What it was last protected with counts.
    assertFalse(Outcome.of(bad).denied());
    assertTrue(agent.printed("does not start with the configuration") > 0, agent::log);
    assertEquals("taken", state());
  }

  @Test
  void anEngineThatIsStartedForItHasToGetReady() throws Exception {
    Path rules = Files.createDirectories(agent.configDirectory().resolve("rules"));
    Files.writeString(rules.resolve("first.yml"), "title: [\n");
    configure("mode: monitor\nrules: " + rules + "\n");
    Outcome refused = agent.command("config", "reload");
    assertNotEquals(0, refused.status(), refused::output);
    assertTrue(refused.output().contains("engines=sigma"), refused::output);
    assertTrue(Outcome.of(bad).denied(), "as a whole or not at all");
    assertFalse(agent.status().path("engines").toString().contains("sigma"));
  }

  @Test
  void rulesThatNoEngineTakesChangeNothing() throws Exception {
    Path rules = Files.createDirectories(agent.configDirectory().resolve("rules"));
    rule(rules, "first", "redoubt-test-one");
    configure("rules: " + rules + "\n");
    agent.command("config", "reload").requireSuccess();
    awaitFinding("redoubt-test-one", "first");
    Files.writeString(rules.resolve("first.yml"), "title: [\n");
    configure("mode: monitor\nrules: " + rules + "\n");
    Outcome refused = agent.command("config", "reload");
    assertNotEquals(0, refused.status(), refused::output);
    assertTrue(refused.output().contains("refused its content"), refused::output);
    assertTrue(refused.output().contains("first.yml:2: not YAML"), refused::output);
    assertTrue(Outcome.of(bad).denied(), "as a whole or not at all");
    awaitFinding("redoubt-test-one again", "first");
  }

  @Test
  void aHostIsProtectedWithoutWhatHasGone() throws Exception {
    Path canary = Files.writeString(scratch.root().resolve("canary"), "nobody touches this\n");
    configure("ransomware: report\ncanary: " + canary + "\n");
    agent.command("config", "reload").requireSuccess();
    Files.delete(canary);
    int pid = agent.pid();
    ProcessHandle.of(pid).orElseThrow().destroyForcibly();
    awaitProtection(pid);
    assertTrue(Outcome.of(bad).denied());
    agent.awaitLine(
        "that it is gone",
        line ->
            line.code().equals(PlatformNotice.Kind.POLICY_CHANGED.name())
                && line.message().contains("left out: canary=" + canary));
    JsonNode engines = agent.status().path("engines");
    assertTrue(engines.toString().contains("ransomware"), engines::toString);
  }
}
