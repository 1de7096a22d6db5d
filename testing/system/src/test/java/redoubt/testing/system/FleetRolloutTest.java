package redoubt.testing.system;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/// Two real agents, a real server, and bundles that a vendor has signed: what is good goes from one
/// host to the other, what is bad stays with the first and is taken back, and nothing comes into
/// force in any other way.
class FleetRolloutTest {
  private static final Duration LIMIT = Duration.ofSeconds(100);
  private static final int SOAK_SECONDS = 15;
  private static final int DENIALS = 30;

  private final List<ScratchFileSystem> covered = new ArrayList<>();
  private final List<RunningAgent> agents = new ArrayList<>();
  private TestRepository repository;
  private Path folder;
  private ServedFleet fleet;

  @BeforeEach
  void start() throws Exception {
    folder = Folders.makeRootOnly("redoubt-fleet-");
    repository = TestRepository.make();
    fleet =
        ServedFleet.start(
            folder.resolve("server"),
            "--hosts=127.0.0.1:" + ServedFleet.freePort(),
            "--heartbeat-seconds=5");
    for (int i = 0; i < 2; i++) {
      ScratchFileSystem scratch = ScratchFileSystem.ext4(32);
      covered.add(scratch);
      RunningAgent agent =
          RunningAgent.start(
              scratch, "--content-trial-seconds", 0, "--content-probation-seconds", 10);
      agents.add(agent);
      join(agent);
    }
  }

  @AfterEach
  void stop() throws Exception {
    agents.forEach(RunningAgent::close);
    for (ScratchFileSystem scratch : covered) {
      scratch.close();
    }
    fleet.close();
    repository.close();
    Outcome.of("rm", "-rf", folder).requireSuccess();
  }

  private void join(RunningAgent agent) throws Exception {
    String token = ServedFleet.jsonAs(fleet.owner(), "token").path("token").asText();
    Path file = Files.writeString(folder.resolve("token"), token + "\n");
    agent
        .command("fleet", "join", "--server=127.0.0.1:" + fleet.hostPort(), "--token-file=" + file)
        .requireSuccess();
    agent
        .command(
            "trust-root",
            "add",
            "ours",
            repository.root(),
            "--vendor=acme",
            "--mirror",
            repository.served())
        .requireSuccess();
    Await.until(
        "a host that is connected",
        LIMIT,
        () -> agent.status().path("fleet").path("connected").asBoolean());
  }

  /// Publishes a version, and starts its rollout.
  private int roll(int version, String lines) throws Exception {
    Path bundle = repository.bundle(version, lines);
    repository.publishSigned(Map.of(), version, bundle);
    int id =
        ServedFleet.jsonAs(
                fleet.owner(),
                "rollouts",
                "prepare",
                bundle,
                "--channel=emergency",
                "--soak-seconds=" + SOAK_SECONDS)
            .path("id")
            .asInt();
    ServedFleet.as(fleet.owner(), "rollouts", "start", id).requireSuccess();
    return id;
  }

  private JsonNode rollout(int id) throws Exception {
    return ServedFleet.jsonAs(fleet.owner(), "rollouts", "show", id);
  }

  private long with(String standing) throws Exception {
    long count = 0;
    for (RunningAgent agent : agents) {
      count += ContentSteps.stands(agent).contains(standing) ? 1 : 0;
    }
    return count;
  }

  /// As [Await#until], with what everybody has to say when it does not come.
  private void await(String what, Callable<Boolean> isSo) throws Exception {
    try {
      Await.until(what, LIMIT, isSo::call);
    } catch (AssertionError e) {
      StringBuilder all = new StringBuilder(String.valueOf(e.getMessage()));
      all.append('\n').append(ServedFleet.jsonAs(fleet.owner(), "rollouts", "list"));
      agents.forEach(agent -> all.append("\n---\n").append(agent.log()));
      throw new AssertionError(all.toString(), e);
    }
  }

  @Test
  void whatIsGoodGoesOnAndWhatIsBadStaysWithTheFirst() throws Exception {
    int good = roll(1, "");
    for (RunningAgent agent : agents) {
      Outcome refused = agent.command("content", "activate", "acme/drill/drill-1.bundle");
      assertEquals(1, refused.status(), refused::output);
      assertTrue(refused.output().contains("its fleet decides"), refused::output);
    }
    await("one with it", () -> with("1 on probation") == 1);
    assertEquals(1, rollout(good).path("exposed").asInt());
    await("both well with it", () -> rollout(good).path("confirmed").asInt() == 2);
    assertEquals(2, with("1 good"));
    ServedFleet.as(fleet.owner(), "rollouts", "end", good).requireSuccess();

    StringBuilder greedy = new StringBuilder();
    covered.forEach(
        scratch -> greedy.append("deny most ").append(scratch.root()).append("/most*\n"));
    for (ScratchFileSystem scratch : covered) {
      for (int i = 0; i < DENIALS; i++) {
        ContentSteps.program(scratch, "most-" + i);
      }
    }
    int bad = roll(2, greedy.toString());
    await("one with the bad one", () -> with("2 on probation") == 1);
    int first = ContentSteps.stands(agents.getFirst()).contains("2 on probation") ? 0 : 1;
    // That it is on probation stands on disk before the engine's other process answers for it.
    await(
        "what the bad one denies is denied",
        () -> Load.once(covered.get(first).root().resolve("most-0")).denied() == 1);
    for (int i = 0; i < DENIALS; i++) {
      Load.once(covered.get(first).root().resolve("most-" + i));
    }
    // What the host does about it by itself, it tells when there is somebody to tell.
    fleet.kill();
    fleet.startAgain();
    await("it is halted", () -> rollout(bad).path("halt").isObject());
    assertEquals("rolling-back", rollout(bad).path("state").asText());
    assertEquals("bad-health", rollout(bad).path("halt").path("reason").asText());
    assertEquals(1, rollout(bad).path("exposed").asInt());
    await("both as before", () -> with("1 good") == 2);
    assertEquals(0, with("2 on probation"));
    assertFalse(rollout(bad).path("history").isEmpty());
  }
}
