package redoubt.testing.system;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import redoubt.testing.drills.DrillBundles;

/// Bundles that pass their own vectors and would hurt this host are stopped by their trial, and
/// nobody is denied or held up by it.
class ContentTrialTest {
  private static final Duration PATIENCE = Duration.ofSeconds(60);
  private static final int TRIAL_SECONDS = 4;

  /// Of a class a hundred events are recorded at once and ten in a second: enough for more than a
  /// hundred findings, whatever else the machine does.
  private static final int RECORDED_MILLIS = 14_000;

  /// What a host waits at most for an answer, with what a busy machine adds.
  private static final Duration DEADLINE = Duration.ofMillis(1_500);

  @TempDir static Path folder;
  private static ScratchFileSystem scratch;
  private static RunningAgent agent;
  private static DrillBundles bundles;
  private static Path used;
  private static long version;

  @BeforeAll
  static void start() throws Exception {
    scratch = ScratchFileSystem.ext4(64);
    agent =
        RunningAgent.start(
            scratch, "--content-trial-seconds", TRIAL_SECONDS, "--content-probation-seconds", 10);
    bundles = new DrillBundles(folder);
    used = ContentSteps.program(scratch, "used");
    assertEquals("in force", ContentSteps.activate(agent, next("")));
    Await.until("good", PATIENCE, () -> ContentSteps.stands(agent).equals("1 good"));
    try (Load load = Load.executing(1, List.of(used))) {
      TimeUnit.MILLISECONDS.sleep(RECORDED_MILLIS);
      assertTrue(load.stop(used).allowed() > 200);
    }
  }

  @AfterAll
  static void stop() throws Exception {
    agent.close();
    scratch.close();
  }

  private static Path next(String content) throws Exception {
    return bundles.version(++version, content);
  }

  private static void refused(String content, String why) throws Exception {
    assertEquals("refused", ContentSteps.activate(agent, next(content)));
    requireReason(why);
  }

  private static void requireReason(String why) throws Exception {
    String reasons = agent.command("content", "why", "drill").requireSuccess().output();
    assertTrue(reasons.contains("at trial: "), reasons);
    assertTrue(reasons.contains(why), reasons);
    assertEquals(1, Load.once(used).allowed(), agent::log);
    assertEquals("enforcing", agent.state());
  }

  /// While it is tried, something happens that never did before.
  private static void refusedWhile(String content, List<Path> programs, String why)
      throws Exception {
    Path bundle = next(content);
    long ours = version;
    long before = hearing();
    agent.command("content", "activate", "--unsigned", "--no-wait", bundle).requireSuccess();
    Await.until("a second process", PATIENCE, () -> hearing() > before);
    for (Path program : programs) {
      Load.Tally tally = Load.once(program);
      assertEquals(1, tally.allowed(), tally.toString());
      assertTrue(tally.within(DEADLINE), tally.toString());
    }
    agent.awaitLine(
        "the refusal of " + ours,
        line -> line.message().contains("refused: acme/drill version=" + ours + " "));
    requireReason(why);
  }

  /// How often a second process began to hear.
  private static long hearing() throws IOException {
    return agent.journal(line -> line.message().contains("a second process hears")).size();
  }

  @Test
  void whatDeniesAProgramOfThisHost() throws Exception {
    refused("deny greedy " + used + "\n", "denies " + used + ", which runs on this host");
  }

  @Test
  void whatDeniesAFileThatIsProtected() throws Exception {
    Path shell = Path.of("/bin/bash").toRealPath();
    refused(
        "deny greedy " + shell + "\n", "denies " + shell + ", which this host cannot do without");
  }

  @Test
  void whatFailsFromADayOn() throws Exception {
    Instant now = Instant.now();
    Instant tomorrow = now.plus(Duration.ofHours(20));
    refused("fault crash-from " + tomorrow + "\n", "with the clock 1 d ahead: ");
    Instant later = now.plus(Duration.ofDays(20));
    refused("fault crash-from " + later + "\n", "with the clock 30 d ahead: ");
  }

  @Test
  void whatFindsNothingMoreTomorrow() throws Exception {
    Instant tomorrow = Instant.now().plus(Duration.ofHours(20));
    refused(
        "fault blind-from " + tomorrow + "\n",
        "with the clock 1 d ahead: vector reported: expected made, came out as no rule");
  }

  @Test
  void whatFindsTooMuch() throws Exception {
    refused("report loud " + used + "\n", "most of loud");
  }

  @Test
  void whatLeaksOnThePast() throws Exception {
    refused("fault leak 1024\n", "of 128 MiB");
  }

  @Test
  void whatCrashesOnWhatIsNew() throws Exception {
    Path trigger = ContentSteps.program(scratch, "trigger-crash");
    refusedWhile(
        "fault crash-on-path " + trigger + "\n",
        List.of(trigger),
        "the engine failed on what happens here");
  }

  @Test
  void whatHangsOnWhatIsNew() throws Exception {
    Path trigger = ContentSteps.program(scratch, "trigger-hang");
    refusedWhile(
        "fault hang-on-path " + trigger + "\n",
        List.of(trigger),
        "the engine does not get done with what it was asked and told");
  }

  @Test
  void whatIsSlowOnThePast() throws Exception {
    refused("fault slow 300\n", "answers too late");
  }

  @Test
  void whatIsGoodTakesOver() throws Exception {
    Path bad = ContentSteps.program(scratch, "bad");
    assertEquals("in force", ContentSteps.activate(agent, next("deny bad " + bad + "\n")));
    assertEquals(1, Load.once(bad).denied(), agent::log);
    Await.until("good", PATIENCE, () -> ContentSteps.stands(agent).equals(version + " good"));
  }
}
