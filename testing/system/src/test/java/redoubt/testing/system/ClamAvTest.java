package redoubt.testing.system;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import redoubt.agent.journal.JournalLine;

/// ClamAV as an engine beside the scanner: a real clamd, which is not ours, says what is in files,
/// and is worth a verdict; whether it is there, slow or new, nobody waits longer for it.
class ClamAvTest {
  private static final Duration LIMIT = Duration.ofSeconds(30);

  /// Far more than the soft deadline on a busy machine, and far less than the engine waits for
  /// clamd.
  private static final Duration SOON = Duration.ofSeconds(5);

  private static final String ID = "clamd";

  /// Finds nothing anywhere, and has the version that a file says.
  private static final String SAYS =
      """
      import os, socket, sys, threading
      server = socket.socket(socket.AF_UNIX)
      server.bind(sys.argv[1])
      os.chmod(sys.argv[1], 0o666)
      server.listen()
      print("ready", flush=True)
      def answer(peer):
          with peer:
              word, passed = socket.recv_fds(peer, 100, 1)[:2]
              if word.startswith(b"zVERSION"):
                  with open(sys.argv[2], "rb") as version:
                      peer.sendall(version.read() + b"\\0")
              else:
                  # The file may come with the word or behind it.
                  passed = passed or socket.recv_fds(peer, 100, 1)[1]
                  os.close(passed[0])
                  peer.sendall(b"fd[7]: OK\\0")
      while True:
          threading.Thread(target=answer, args=(server.accept()[0],)).start()
      """;

  private Path folder;
  private ScratchFileSystem scratch;
  private ClamDaemon clamd;
  private int programs;

  @BeforeEach
  void makeDaemon() throws Exception {
    folder = Folders.make("redoubt-clamav-");
    scratch = ScratchFileSystem.ext4(64);
    clamd =
        ClamDaemon.in(
            folder, Files.createDirectory(scratch.path("clamd")), folder.resolve("clamd.ctl"));
  }

  @AfterEach
  void endDaemon() throws Exception {
    clamd.close();
    scratch.close();
    Outcome.of("rm", "-rf", folder).requireSuccess();
  }

  /// An agent with the scanner and ClamAV, which may ask the daemon.
  private RunningAgent startAgent(Object... options) throws Exception {
    RunningAgent agent = RunningAgent.start(scratch, options);
    agent.command("engines", "add", clamd.manifest(ID)).requireSuccess();
    // What it may have together with a peer has to be said.
    List<Object> grant = new ArrayList<>(List.of("engines", "grant", ID));
    grant.addAll(List.of("judge:exec", "judge:open", "judge:scan", "file-content"));
    grant.add("socket:" + clamd.socket());
    assertTrue(agent.command(grant.toArray()).output().contains("--files-may-leave"));
    grant.add("--files-may-leave");
    agent.command(grant.toArray()).requireSuccess();
    return agent;
  }

  private static JsonNode engine(RunningAgent agent) throws Exception {
    return engine(agent, ID);
  }

  private static JsonNode engine(RunningAgent agent, String id) throws Exception {
    for (JsonNode engine : agent.status().path("engines")) {
      if (engine.path("id").asText().equals(id)) {
        return engine;
      }
    }
    throw new AssertionError("the engine is gone" + agent.log());
  }

  private static void awaitVersion(RunningAgent agent, String version) throws Exception {
    Await.until(
        version + " of " + engine(agent) + agent.log(),
        LIMIT,
        () ->
            engine(agent).path("state").asText().equals("ready")
                && engine(agent).path("engineVersion").asText().contains(version));
  }

  /// Whether clamd's engine is asked when the program starts.
  private static boolean isAskedAbout(RunningAgent agent, Path program) throws Exception {
    long before = engine(agent).path("asked").asLong();
    assertTrue(Outcome.of(program).ran());
    return engine(agent).path("asked").asLong() > before;
  }

  /// A program that nobody has seen before.
  private Path program(String text) throws Exception {
    programs++;
    return scratch.program(
        "program-" + programs,
        ("#!/bin/sh\n# " + programs + " " + text + "\necho " + Specimen.GREETING + "\n")
            .getBytes(StandardCharsets.UTF_8));
  }

  private static void assertSoon(Path program, String when) {
    long begun = System.nanoTime();
    Outcome outcome = Outcome.of(program);
    Duration took = Duration.ofNanos(System.nanoTime() - begun);
    assertTrue(outcome.ran(), () -> when + outcome);
    assertTrue(took.compareTo(SOON) < 0, () -> when + " took=" + took);
  }

  @Test
  void whatClamdFindsIsDeniedAndFoundByScans() throws Exception {
    clamd.start();
    try (RunningAgent agent = startAgent()) {
      awaitVersion(agent, "ClamAV");
      Path evil = program(ClamDaemon.EVIL);
      Outcome denied = Outcome.of(evil);
      assertTrue(denied.denied(), () -> denied + agent.log());
      JournalLine decision = agent.awaitDecision(evil);
      assertTrue(decision.raw().contains(ClamDaemon.SIGNATURE), decision::raw);
      Outcome good = Outcome.of(program("nothing"));
      assertTrue(good.ran(), good::toString);

      Outcome scan = agent.command("scan", scratch.root());
      assertEquals(1, scan.status(), scan::toString);
      assertTrue(scan.output().contains(ID + ": " + ClamDaemon.SIGNATURE), scan::toString);
    }
  }

  /// The owner says so once, when starting the agent, and clamd is where Debian puts it.
  @Test
  void oneWordIsEnoughForAClamdInItsPlace() throws Exception {
    Path place = Path.of("/run/clamav");
    Files.createDirectories(place);
    try (ClamDaemon usual =
        ClamDaemon.in(folder, scratch.path("clamd"), place.resolve("clamd.ctl"))) {
      usual.start();
      try (RunningAgent agent = RunningAgent.start(scratch, "--clamav")) {
        Await.until(
            "clamav" + agent.log(),
            LIMIT,
            () -> engine(agent, "clamav").path("engineVersion").asText().contains("with ClamAV"));
        assertTrue(Outcome.of(program(ClamDaemon.EVIL)).denied(), agent::log);
      }
    } finally {
      Outcome.of("rm", "-rf", place).requireSuccess();
    }
  }

  @Test
  void nobodyWaitsForAClamdThatStandsStill() throws Exception {
    clamd.start();
    try (RunningAgent agent = startAgent()) {
      awaitVersion(agent, "ClamAV");
      clamd.stand(true);
      for (int i = 0; i < 8; i++) {
        assertSoon(program("while it stands"), "standing");
      }
      clamd.stand(false);
      Await.until("denied again", LIMIT, () -> Outcome.of(program(ClamDaemon.EVIL)).denied());
    }
  }

  @Test
  void clamdMayComeAndGo() throws Exception {
    try (RunningAgent agent = startAgent()) {
      awaitVersion(agent, "no clamd");
      assertSoon(program("before it comes"), "before");
      clamd.start();
      awaitVersion(agent, "ClamAV");
      assertTrue(Outcome.of(program(ClamDaemon.EVIL)).denied(), agent::log);
      clamd.kill();
      assertSoon(program("while it is gone"), "gone");
      clamd.start();
      Await.until("denied again", LIMIT, () -> Outcome.of(program(ClamDaemon.EVIL)).denied());
    }
  }

  /// What was said with the signatures before counts no longer. Its makers sign the databases that
  /// have a version, so this clamd is one that only says so.
  @Test
  void newSignaturesMeanNewVerdicts() throws Exception {
    Path version = Files.writeString(folder.resolve("version"), "ClamAV 1.4.3/27000/Thu");
    Process saying =
        new ProcessBuilder("python3", "-c", SAYS, clamd.socket().toString(), version.toString())
            .redirectErrorStream(true)
            .start();
    try {
      assertEquals("ready", saying.inputReader().readLine());
      try (RunningAgent agent = startAgent()) {
        awaitVersion(agent, "/27000/");
        Path program = program("asked about once");
        // Contents whose change is too young are asked about again.
        Thread.sleep(50);
        Await.until("known " + agent.log(), LIMIT, () -> !isAskedAbout(agent, program));

        Files.writeString(version, "ClamAV 1.4.3/27001/Fri");
        awaitVersion(agent, "/27001/");
        assertTrue(isAskedAbout(agent, program));
      }
    } finally {
      saying.destroyForcibly().waitFor();
    }
  }

  /// Nobody is asked about what clamd itself opens: it would wait for itself.
  @Test
  void whatClamdUnpacksIsNotJudged() throws Exception {
    clamd.start();
    try (RunningAgent agent = startAgent("--opens", scratch.root())) {
      awaitVersion(agent, "ClamAV");
      Path inner = Files.writeString(folder.resolve("inner"), "so it is: " + ClamDaemon.EVIL);
      // An archive where opens are judged could not even be opened to be scanned.
      Path outer = folder.resolve("outer.tar.gz");
      Outcome.of("tar", "-C", folder, "-czf", outer, inner.getFileName()).requireSuccess();
      long before = agent.counter("helpers_allowed_total");
      Outcome scan = agent.command("scan", outer);
      assertEquals(1, scan.status(), scan::toString);
      assertTrue(scan.output().contains(ClamDaemon.SIGNATURE), scan::toString);
      assertTrue(agent.counter("helpers_allowed_total") > before, agent::log);
    }
  }
}
