package redoubt.testing.system;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.json.JsonMapper;
import com.sun.net.httpserver.HttpServer;
import com.sun.net.httpserver.SimpleFileServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import redoubt.agent.confinement.EngineSandbox;

/// What vendor and trial runner have signed comes into force by its name: a real agent has it
/// fetched by a confined program, looks at the signatures itself, and goes on without it when it
/// cannot be had.
class SignedContentTest {
  private static final Duration PATIENCE = Duration.ofSeconds(30);

  private TestRepository repository;
  private HttpServer server;

  @BeforeEach
  void create() throws Exception {
    repository = TestRepository.make();
    server =
        SimpleFileServer.createFileServer(
            new InetSocketAddress(InetAddress.getLoopbackAddress(), 0),
            repository.served().toRealPath(),
            SimpleFileServer.OutputLevel.NONE);
    server.start();
  }

  @AfterEach
  void remove() throws IOException {
    server.stop(0);
    repository.close();
  }

  private static RunningAgent start(ScratchFileSystem scratch) throws Exception {
    return RunningAgent.start(scratch, "--content-trial-seconds", 0, "--content-skip", "probation");
  }

  private void trust(RunningAgent agent, String mirror) throws IOException {
    agent
        .command(
            "trust-root", "add", "ours", repository.root(), "--vendor=acme", "--mirror", mirror)
        .requireSuccess();
  }

  private String address() {
    return "http:/" + "/127.0.0.1:" + server.getAddress().getPort();
  }

  private static Outcome activate(RunningAgent agent, int version) throws IOException {
    return agent.command("content", "activate", "acme/drill/drill-" + version + ".bundle");
  }

  @Test
  void whatBothHaveSignedComesIntoForceAndNothingElse() throws Exception {
    try (ScratchFileSystem scratch = ScratchFileSystem.ext4(64);
        RunningAgent agent = start(scratch)) {
      Path bad = ContentSteps.program(scratch, "bad");
      repository.publishSigned(Map.of(), 1, repository.bundle(1, "deny bad " + bad + "\n"));
      Outcome untrusted = activate(agent, 1);
      assertEquals(1, untrusted.status(), untrusted::output);
      assertTrue(untrusted.output().contains("trusts nobody"), untrusted::output);

      trust(agent, address());
      Outcome activated = activate(agent, 1);
      assertEquals(0, activated.status(), activated::output);
      assertEquals(1, Load.once(bad).denied(), agent::log);
      Outcome history = agent.command("content", "history", "drill").requireSuccess();
      assertTrue(
          history.output().contains("signed by its vendor and a trial runner: repository=ours"),
          history::output);
      Await.until("good", PATIENCE, () -> ContentSteps.stands(agent).equals("1 good"));

      Outcome unpublished = activate(agent, 9);
      assertEquals(1, unpublished.status(), unpublished::output);
      assertTrue(unpublished.output().contains("it is not published"), unpublished::output);
      Outcome again = activate(agent, 1);
      assertTrue(again.output().contains("not newer"), again::output);

      forge();
      Outcome forged = activate(agent, 1);
      assertTrue(forged.output().contains("not the bytes"), forged::output);
      assertEquals(1, Load.once(bad).denied(), agent::log);
      assertEquals("enforcing", agent.state());
    }
  }

  /// Whoever has the mirror can change what lies there.
  private void forge() throws IOException {
    Outcome.of(
            "sh",
            "-c",
            "for file in \"$1\"/targets/acme/drill/*; do"
                + " printf X | dd of=\"$file\" bs=1 seek=99 conv=notrunc; done",
            "sh",
            repository.served())
        .requireSuccess();
  }

  /// What has expired or cannot be reached blocks what is new, and never what is in force.
  @Test
  void whatCannotBeVouchedForNowChangesNothing() throws Exception {
    try (ScratchFileSystem scratch = ScratchFileSystem.ext4(64);
        RunningAgent agent = start(scratch)) {
      Path bad = ContentSteps.program(scratch, "bad");
      String rules = "deny bad " + bad + "\n";
      repository.publishSigned(Map.of(), 1, repository.bundle(1, rules));
      trust(agent, repository.served().toString());
      assertEquals(0, activate(agent, 1).status(), agent::log);
      Await.until("good", PATIENCE, () -> ContentSteps.stands(agent).equals("1 good"));

      Map<String, String> threeDaysAgo =
          Map.of(
              "LD_PRELOAD",
              EngineSandbox.clockLibrary().orElseThrow().toString(),
              "FAKETIME",
              "-3d",
              "FAKETIME_DONT_FAKE_MONOTONIC",
              "1",
              "DONT_FAKE_MONOTONIC",
              "1");
      repository.publishSigned(threeDaysAgo, 2, repository.bundle(2, rules));
      Outcome expired = activate(agent, 2);
      assertEquals(1, expired.status(), expired::output);
      assertTrue(expired.output().contains("has expired"), expired::output);

      agent.command("trust-root", "remove", "ours").requireSuccess();
      trust(agent, address());
      server.stop(0);
      Outcome unreachable = activate(agent, 2);
      assertEquals(1, unreachable.status(), unreachable::output);
      assertTrue(unreachable.output().contains("curl: (7)"), unreachable::output);

      assertEquals("1 good", ContentSteps.stands(agent));
      assertEquals(1, Load.once(bad).denied(), agent::log);
      assertEquals("enforcing", agent.state());
    }
  }

  /// What its owner follows comes by itself, as far as the owner lets it.
  @Test
  void updatesComeAsTheirOwnerSays() throws Exception {
    try (ScratchFileSystem scratch = ScratchFileSystem.ext4(64);
        RunningAgent agent = start(scratch)) {
      Path bad = ContentSteps.program(scratch, "bad");
      trust(agent, address());
      repository.publishSigned(Map.of(), 1, repository.bundle(1, ""));
      repository.publishSigned(Map.of(), 2, repository.bundle(2, "deny bad " + bad + "\n"));
      assertEquals("", update(agent));
      follow(agent, "--behind", 1);
      assertEquals("drill: taken: acme/drill/drill-1.bundle", update(agent));
      Await.until("good", PATIENCE, () -> ContentSteps.stands(agent).equals("1 good"));
      assertEquals("drill: up to date: version=1", update(agent));

      follow(agent);
      agent.command("content", "freeze", "drill").requireSuccess();
      assertEquals("drill: frozen", update(agent));
      agent.command("content", "freeze", "--off", "drill").requireSuccess();
      agent.command("content", "pin", "drill").requireSuccess();
      assertEquals("drill: up to date: version=1", update(agent));
      agent.command("content", "pin", "--off", "drill").requireSuccess();
      assertEquals(1, Load.once(bad).allowed(), agent::log);

      assertEquals("drill: taken: acme/drill/drill-2.bundle", update(agent));
      Await.until("good", PATIENCE, () -> ContentSteps.stands(agent).equals("2 good"));
      assertEquals(1, Load.once(bad).denied(), agent::log);

      repository.publishSigned(Map.of(), 3, repository.bundle(3, "fault load-crash\n"));
      assertEquals("drill: taken: acme/drill/drill-3.bundle", update(agent));
      Await.until(
          "refused", PATIENCE, () -> update(agent).equals("drill: refused before: version=3"));
      repository.revoke("acme/drill/drill-2.bundle");
      assertEquals("drill: taken back: version=2", update(agent));
      assertEquals("1 good", ContentSteps.stands(agent));
      assertTrue(activate(agent, 2).output().contains("have revoked it"));
      Await.until("the one before", PATIENCE, () -> Load.once(bad).allowed() == 1);
      server.stop(0);
      assertTrue(update(agent).startsWith("drill: no update: the mirror failed"));
      assertEquals("1 good", ContentSteps.stands(agent));
    }
  }

  private static void follow(RunningAgent agent, Object... how) throws IOException {
    List<Object> words = new ArrayList<>(List.of("content", "follow", "drill", "acme/drill"));
    Collections.addAll(words, how);
    agent.command(words.toArray()).requireSuccess();
  }

  private static String update(RunningAgent agent) throws IOException {
    String output = agent.command("content", "update", "--json").requireSuccess().output();
    return new JsonMapper().readTree(output.substring(output.indexOf('{'))).get("message").asText();
  }
}
