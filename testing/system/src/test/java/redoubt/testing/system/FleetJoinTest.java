package redoubt.testing.system;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.zip.ZipFile;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/// A host that joins a fleet, by a real courier behind a real relay: the server hears everything
/// that the agent writes down, whoever is killed in between, and the host protects itself all the
/// while.
class FleetJoinTest {
  private static final Duration LIMIT = Duration.ofSeconds(60);

  private Path folder;
  private ServedFleet fleet;
  private ScratchFileSystem scratch;
  private RunningAgent agent;
  private int denials;

  @BeforeEach
  void start() throws Exception {
    folder = Folders.makeRootOnly("redoubt-fleet-");
    fleet =
        ServedFleet.start(
            folder.resolve("server"),
            "--hosts=127.0.0.1:" + ServedFleet.freePort(),
            "--heartbeat-seconds=5");
    scratch = ScratchFileSystem.ext4(32);
    agent = RunningAgent.start(scratch);
  }

  @AfterEach
  void stop() throws Exception {
    agent.close();
    scratch.close();
    fleet.close();
    Outcome.of("rm", "-rf", folder).requireSuccess();
  }

  private Path token() throws IOException {
    String token = ServedFleet.jsonAs(fleet.owner(), "token").path("token").asText();
    return Files.writeString(folder.resolve("token"), token + "\n");
  }

  private void join() throws Exception {
    agent
        .command(
            "fleet", "join", "--server=127.0.0.1:" + fleet.hostPort(), "--token-file=" + token())
        .requireSuccess();
    awaitConnected();
  }

  private void awaitConnected() throws Exception {
    Await.until(
        "a host that is connected",
        LIMIT,
        () -> {
          JsonNode host = ServedFleet.jsonAs(fleet.owner(), "hosts").path(0);
          return host.path("connected").asBoolean()
              && agent.status().path("fleet").path("connected").asBoolean();
        });
  }

  private void awaitRestart(int pid) throws Exception {
    Await.until(
        "another agent",
        LIMIT,
        () -> {
          Outcome said = agent.command("status", "--json");
          return said.status() == 0 && agent.pid() != pid;
        });
  }

  private Path refuseOne() throws Exception {
    Path bad = scratch.program("bad-" + ++denials, Specimen.PROGRAM.bad());
    assertTrue(Outcome.of(bad).denied());
    return bad;
  }

  private void awaitRecord(Path denied) throws Exception {
    Await.until(
        "a record of the denial of " + denied,
        LIMIT,
        () -> records().contains("\"" + denied + "\""));
  }

  private String records() throws IOException {
    String host = agent.status().path("fleet").path("host").asText();
    return ServedFleet.as(fleet.owner(), "records", host, "-n", 1000, "--json").output();
  }

  @Test
  void theServerHearsEverythingWhoeverIsKilled() throws Exception {
    join();
    Path first = refuseOne();
    awaitRecord(first);

    fleet.kill();
    Path meanwhile = refuseOne();
    Await.until(
        "an agent that knows",
        LIMIT,
        () -> !agent.status().path("fleet").path("connected").asBoolean());
    fleet.startAgain();
    awaitConnected();
    awaitRecord(meanwhile);

    int pid = agent.pid();
    Outcome.of("kill", "-KILL", pid).requireSuccess();
    awaitRestart(pid);
    awaitConnected();
    Path last = refuseOne();
    awaitRecord(last);

    String all = records();
    for (Path denied : new Path[] {first, meanwhile, last}) {
      int at = all.indexOf("\"" + denied + "\"");
      assertTrue(at >= 0, denied::toString);
    }
  }

  private void allow(Object... words) {
    List<Object> command = new ArrayList<>(List.of("allow"));
    command.addAll(List.of(words));
    ServedFleet.as(fleet.owner(), command.toArray()).requireSuccess();
  }

  private void awaitInForce(int exceptions) throws Exception {
    Await.until(
        "exceptions of the fleet",
        LIMIT,
        () -> {
          JsonNode policy = ServedFleet.jsonAs(fleet.owner(), "allow", "list");
          return policy.path("hostsInForce").asInt() == 1
              && policy.path("exceptions").size() == exceptions;
        });
  }

  @Test
  void whatTheFleetAllowsRunsUntilItDoesNotAlsoWithoutTheServer() throws Exception {
    Path bad = refuseOne();
    join();
    allow("add", KnownBad.sha256(Specimen.PROGRAM.bad()), "--comment=a false alarm");
    allow("add", "no-such-package");
    awaitInForce(2);
    assertEquals(0, Outcome.of(bad).status());
    JsonNode problem = ServedFleet.jsonAs(fleet.owner(), "allow", "list").path("problems").path(0);
    assertEquals(1, problem.path("leftOut").asInt());
    assertTrue(problem.path("problem").asText().contains("no-such-package"), problem::toString);
    assertTrue(agent.command("allow", "list").output().contains("a false alarm"));

    fleet.kill();
    int pid = agent.pid();
    Outcome.of("kill", "-KILL", pid).requireSuccess();
    awaitRestart(pid);
    assertEquals(0, Outcome.of(bad).status());

    fleet.startAgain();
    awaitConnected();
    allow("remove", 1);
    awaitInForce(1);
    assertTrue(Outcome.of(bad).denied());

    allow("add", KnownBad.sha256(Specimen.PROGRAM.bad()));
    awaitInForce(2);
    assertEquals(0, Outcome.of(bad).status());
    agent.command("fleet", "leave").requireSuccess();
    assertTrue(Outcome.of(bad).denied());
  }

  @Test
  void filesOfAHostComeToWhoeverAskedForThem() throws Exception {
    join();
    Path log = Files.writeString(scratch.path("evidence/log"), "what happened\n");
    byte[] large = new byte[1 << 20];
    new Random(1).nextBytes(large);
    Files.write(scratch.path("evidence/large"), large);
    Files.createSymbolicLink(scratch.path("evidence/link"), Path.of("/etc/shadow"));
    String host = agent.status().path("fleet").path("host").asText();
    Path archive = folder.resolve("collected.zip");
    ServedFleet.as(
            fleet.owner(),
            "collect",
            host,
            scratch.root().resolve("evidence"),
            "/no/such",
            "--output=" + archive)
        .requireSuccess();
    try (ZipFile zip = new ZipFile(archive.toFile())) {
      assertEquals(
          "what happened\n",
          new String(
              zip.getInputStream(zip.getEntry("files" + log)).readAllBytes(),
              StandardCharsets.UTF_8));
      assertArrayEquals(
          large,
          zip.getInputStream(zip.getEntry("files" + log.resolveSibling("large"))).readAllBytes());
      assertNull(zip.getEntry("files" + log.resolveSibling("link")));
      String list =
          new String(
              zip.getInputStream(zip.getEntry("collected.json")).readAllBytes(),
              StandardCharsets.UTF_8);
      assertTrue(list.contains("/no/such"), list);
      assertTrue(list.contains(KnownBad.sha256(large)), list);
    }
    Path again = folder.resolve("again.zip");
    ServedFleet.as(fleet.owner(), "fetch", host, 1, "--output=" + again).requireSuccess();
    assertEquals(-1, Files.mismatch(archive, again));
    assertTrue(ServedFleet.as(fleet.owner(), "audit").output().contains("collected.fetch"));
  }

  @Test
  void whoIsCastOutIsNotHeardAndProtectsItself() throws Exception {
    join();
    ServedFleet.as(fleet.owner(), "revoke", agent.status().path("fleet").path("host").asText())
        .requireSuccess();
    Await.until(
        "an agent that knows",
        LIMIT,
        () -> agent.status().path("fleet").path("problem").asText().contains("none of the fleet"));
    refuseOne();
    assertTrue(ServedFleet.as(fleet.owner(), "hosts").output().contains("cast out"));

    agent.command("fleet", "leave").requireSuccess();
    assertFalse(agent.status().has("fleet"));
    refuseOne();
  }

  @Test
  void aTokenLetsOneHostInOnce() throws Exception {
    Path token = token();
    String server = "--server=127.0.0.1:" + fleet.hostPort();
    agent.command("fleet", "join", server, "--token-file=" + token).requireSuccess();
    Outcome again = agent.command("fleet", "join", server, "--token-file=" + token);
    assertEquals(1, again.status(), again::output);
    assertTrue(again.output().contains("unknown, expired or used"), again::output);
    awaitConnected();
  }

  @Test
  void whoeverAnswersForTheServerIsNotBelieved() throws Exception {
    String good = Files.readString(token()).strip();
    String other = "redoubt1." + "A".repeat(43) + good.substring(good.lastIndexOf('.'));
    Path file = Files.writeString(folder.resolve("other"), other + "\n");
    Outcome refused =
        agent.command(
            "fleet", "join", "--server=127.0.0.1:" + fleet.hostPort(), "--token-file=" + file);
    assertEquals(1, refused.status(), refused::output);
    assertTrue(refused.output().contains("stands on another certificate"), refused::output);
    assertFalse(agent.status().has("fleet"));
  }
}
