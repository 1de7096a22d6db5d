package redoubt.testing.system;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import redoubt.testing.drills.DrillBundles;

/// Bundles on a host: brought into force beside what judges, watched, and taken back, by a real
/// agent with a real engine. Without a trial, which would stop most of it ([ContentTrialTest]).
class ContentLifeTest {
  /// Within which a host is back on what was good.
  private static final Duration BACK = Duration.ofSeconds(10);

  private static final Duration PATIENCE = Duration.ofSeconds(30);

  @TempDir Path folder;

  @Test
  void contentChangesWhileTheEngineJudges() throws Exception {
    try (ScratchFileSystem scratch = ScratchFileSystem.ext4(64);
        RunningAgent agent = start(scratch, 10)) {
      DrillBundles bundles = new DrillBundles(folder);
      Path one = ContentSteps.program(scratch, "one");
      Path two = ContentSteps.program(scratch, "two");
      Path good = ContentSteps.program(scratch, "good");
      assertEquals(
          "in force", ContentSteps.activate(agent, bundles.version(1, "deny one " + one + "\n")));
      assertEquals(1, Load.once(one).denied(), agent::log);
      assertEquals(1, Load.once(two).allowed(), agent::log);
      Await.until("good", PATIENCE, () -> ContentSteps.stands(agent).equals("1 good"));
      try (Load load = Load.executing(2, List.of(good))) {
        assertEquals(
            "in force", ContentSteps.activate(agent, bundles.version(2, "deny two " + two + "\n")));
        Load.Tally tally = load.stop(good);
        assertEquals(0, tally.denied(), tally.toString());
        assertTrue(tally.allowed() > 10, tally.toString());
        assertTrue(tally.within(Duration.ofMillis(1_500)), tally.toString());
      }
      assertEquals(1, Load.once(two).denied(), agent::log);
      assertEquals(1, Load.once(one).allowed(), agent::log);
      assertEquals("2 on probation, 1 good", ContentSteps.stands(agent));
      agent.command("content", "rollback", "drill", "--reason", "too much").requireSuccess();
      assertEquals("1 good", ContentSteps.stands(agent));
      Await.until("the first again", BACK, () -> Load.once(one).denied() == 1);
      assertTrue(agent.command("content", "why", "drill").output().contains("too much"));
      assertTrue(agent.command("content", "history", "drill").output().contains("rolled back"));
    }
  }

  @Test
  void whatGoesWrongBringsTheOneBeforeBack() throws Exception {
    try (ScratchFileSystem scratch = ScratchFileSystem.ext4(64);
        RunningAgent agent = start(scratch, 10)) {
      DrillBundles bundles = new DrillBundles(folder);
      Path bad = ContentSteps.program(scratch, "bad");
      Path trigger = ContentSteps.program(scratch, "trigger");
      String rules = "deny bad " + bad + "\n";
      ContentSteps.activate(agent, bundles.version(1, rules));
      Await.until("good", PATIENCE, () -> ContentSteps.stands(agent).equals("1 good"));

      assertEquals(
          "refused", ContentSteps.activate(agent, bundles.version(2, "fault load-crash\n")));
      Path crashing = bundles.version(3, "fault crash-on-path " + trigger + "\n");
      assertEquals("in force", ContentSteps.activate(agent, crashing));
      Load.once(trigger);
      Await.until("back after a crash", BACK, () -> Load.once(bad).denied() == 1);
      assertEquals("1 good", ContentSteps.stands(agent));
      Outcome again = agent.command("content", "activate", "--unsigned", crashing);
      assertEquals(1, again.status(), again::output);
      assertTrue(again.output().contains("refused before: the engine failed"), again::output);

      assertEquals(
          "in force",
          ContentSteps.activate(agent, bundles.version(4, "fault hang-on-path " + trigger + "\n")));
      for (int i = 0; i < 8; i++) {
        Load.once(ContentSteps.program(scratch, "trigger-" + i));
      }
      Await.until("back after misses", BACK, () -> ContentSteps.stands(agent).equals("1 good"));
      Await.until("the first again", BACK, () -> Load.once(bad).denied() == 1);

      Path greedy = bundles.version(5, "deny most " + scratch.root() + "/most*\n");
      assertEquals("in force", ContentSteps.activate(agent, greedy));
      for (int i = 0; i < 30; i++) {
        Load.once(ContentSteps.program(scratch, "most-" + i));
      }
      Await.until("back after denials", BACK, () -> ContentSteps.stands(agent).equals("1 good"));
      Await.until("the first again", BACK, () -> Load.once(bad).denied() == 1);
      assertEquals(1, Load.once(ContentSteps.program(scratch, "most-last")).allowed(), agent::log);
      assertEquals("enforcing", agent.state());
    }
  }

  /// An agent that dies again and again before its host has settled does without what is new, then
  /// without the engine, then decides nothing.
  @Test
  void anAgentThatDiesDoesWithoutWhatItStartedWith() throws Exception {
    try (ScratchFileSystem scratch = ScratchFileSystem.ext4(64);
        RunningAgent agent = start(scratch, 600)) {
      DrillBundles bundles = new DrillBundles(folder);
      Path bad = ContentSteps.program(scratch, "bad");
      ContentSteps.activate(agent, bundles.version(1, "deny bad " + bad + "\n"));
      killTwice(agent);
      assertEquals("1 on probation", ContentSteps.stands(agent));
      kill(agent);
      assertEquals("", ContentSteps.stands(agent));
      assertTrue(
          agent.command("content", "why", "drill").output().contains("did not settle with it"));
      assertEquals(1, Load.once(bad).allowed(), agent::log);

      ContentSteps.activate(agent, bundles.version(2, "deny bad " + bad + "\n"));
      assertEquals(1, Load.once(bad).denied(), agent::log);
      Outcome retry = agent.command("content", "retry", "drill");
      assertEquals(2, retry.status(), "an agent runs: " + retry.output());
    }
  }

  /// The engine of what is good is not started once the host has not settled with it either.
  @Test
  void anEngineIsLeftOutAndThenNothingIsDecided() throws Exception {
    try (ScratchFileSystem scratch = ScratchFileSystem.ext4(64);
        RunningAgent agent = start(scratch, 10)) {
      DrillBundles bundles = new DrillBundles(folder);
      ContentSteps.activate(agent, bundles.version(1, ""));
      Await.until("good", PATIENCE, () -> ContentSteps.stands(agent).equals("1 good"));
      killTwice(agent);
      assertTrue(hasEngine(agent, "drill"), agent::log);
      kill(agent);
      Await.until("the engine is left out", PATIENCE, () -> !hasEngine(agent, "drill"));
      assertEquals("enforcing", agent.state());
      killTwice(agent);
      Await.until("nothing is decided", PATIENCE, () -> agent.state().equals("observing"));
      agent.stop();
      assertTrue(agent.command("content", "why", "drill").output().contains("nothing is decided"));
      agent.command("content", "retry", "drill").requireSuccess();
      assertFalse(agent.command("content", "why", "drill").output().contains("nothing is decided"));
    }
  }

  private static RunningAgent start(ScratchFileSystem scratch, int probationSeconds)
      throws Exception {
    return RunningAgent.start(
        scratch, "--content-skip", "trial", "--content-probation-seconds", probationSeconds);
  }

  private static boolean hasEngine(RunningAgent agent, String id) throws IOException {
    for (JsonNode engine : agent.status().get("engines")) {
      if (engine.get("id").asText().equals(id)) {
        return true;
      }
    }
    return false;
  }

  private static void killTwice(RunningAgent agent) throws Exception {
    kill(agent);
    kill(agent);
  }

  /// Waits until the next one protects, or seems to.
  private static void kill(RunningAgent agent) throws Exception {
    int pid = agent.pid();
    Outcome.of("kill", "-KILL", Integer.toString(pid)).requireSuccess();
    Await.until(
        "another agent",
        PATIENCE,
        () -> {
          Outcome status = agent.command("status", "--json");
          return status.status() != 3
              && status.output().startsWith("{")
              && new JsonMapper().readTree(status.output()).get("pid").asInt() != pid;
        });
  }
}
