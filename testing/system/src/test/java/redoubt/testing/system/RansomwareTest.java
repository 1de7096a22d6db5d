package redoubt.testing.system;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import redoubt.agent.journal.JournalLine;

/// Real programs make real files unreadable, and are stopped while most of them are still there;
/// those that pack files, copy them or keep encrypted copies go on.
class RansomwareTest {
  private static final Duration PATIENCE = Duration.ofSeconds(30);
  private static final int FILES = 3_000;
  private static final JsonMapper JSON = new JsonMapper();

  /// As the quick ones do it: in place, then another name.
  private static final String ENCRYPT_IN_PLACE =
      """
      import os, sys, time
      for name in sorted(os.listdir(sys.argv[1])):
          path = os.path.join(sys.argv[1], name)
          with open(path, 'r+b') as file:
              file.write(os.urandom(os.fstat(file.fileno()).st_size))
          os.rename(path, path + '.locked')
          time.sleep(0.002)
      """;

  /// As a script does it with the tools that are there: a process for each step.
  private static final String ENCRYPT_BY_TOOLS =
      """
      for file in "$1"/*.odt; do
        (head -c 6000 /dev/urandom >"$file.crypt") && rm "$file"
      done
      """;

  private static ScratchFileSystem scratch;
  private static RunningAgent agent;
  private static Path canary;
  private final List<Process> started = new ArrayList<>();

  @BeforeAll
  static void start() throws Exception {
    scratch = ScratchFileSystem.ext4(128);
    canary = Files.writeString(scratch.path("000-accounts.txt"), "nobody needs this");
    agent =
        RunningAgent.start(
            scratch,
            "--ransomware",
            "freeze",
            "--canary",
            canary,
            "--ransomware-except",
            Path.of("/usr/bin/dd").toRealPath());
    Await.until("the watch", PATIENCE, () -> !agent.state().equals("degraded"));
  }

  @AfterEach
  void thaw() {
    agent.command("thaw", "all");
    started.forEach(Process::destroyForcibly);
  }

  @AfterAll
  static void stop() throws Exception {
    agent.close();
    scratch.close();
  }

  private static Path documents(String name, int count) throws Exception {
    Path folder = Files.createDirectories(scratch.path(name));
    byte[] text =
        "a line of a document that somebody wrote\n".repeat(200).getBytes(StandardCharsets.UTF_8);
    for (int i = 0; i < count; i++) {
      Files.write(folder.resolve("document-%04d.odt".formatted(i)), text);
    }
    return folder;
  }

  private Process run(String... command) throws Exception {
    Process process = new ProcessBuilder(command).redirectErrorStream(true).inheritIO().start();
    started.add(process);
    return process;
  }

  private Process touchTheCanary() throws Exception {
    String script = "open('" + canary + "', 'a').close(); import time; time.sleep(60)";
    return run("/usr/bin/python3", "-c", script);
  }

  private static JournalLine awaitFrozen(long pid) throws Exception {
    return agent.awaitLine(
        "frozen",
        line -> line.code().equals("RESPONDED") && line.message().contains("pid=" + pid + " "));
  }

  private static long left(Path folder) throws Exception {
    try (var files = Files.list(folder)) {
      return files.filter(file -> file.toString().endsWith(".odt")).count();
    }
  }

  @Test
  void whoEncryptsManyFilesStandsStillBeforeAllAreLost() throws Exception {
    Path folder = documents("home", FILES);
    Process evil = run("/usr/bin/python3", "-c", ENCRYPT_IN_PLACE, folder.toString());
    awaitFrozen(evil.pid());
    Await.until("it stands still", PATIENCE, () -> Processes.state(evil.pid()).equals("T"));
    long left = left(folder);
    System.out.println("RansomwareTest: lost before it stood still: " + (FILES - left));
    assertTrue(left > FILES / 2, "left: " + left);
    agent.awaitLine(
        "the finding",
        line -> line.raw().contains("T1486") && line.raw().contains(folder + "/document-"));
    JsonNode frozen = JSON.readTree(agent.command("frozen", "--json").output());
    assertEquals("ransomware", frozen.at("/0/engine").asText(), frozen::toString);
    agent.command("thaw", frozen.at("/0/freeze").asText()).requireSuccess();
    Await.until("it goes on", PATIENCE, () -> left(folder) < left);
  }

  @Test
  void aScriptStandsStillThoughEachOfItsToolsDidLittle() throws Exception {
    Path folder = documents("script", 300);
    Process evil = run("/bin/sh", "-c", ENCRYPT_BY_TOOLS, "sh", folder.toString());
    awaitFrozen(evil.pid());
    Await.until("stopped", PATIENCE, () -> Processes.state(evil.pid()).equals("T"));
    assertTrue(left(folder) > 0);
  }

  @Test
  void aCanaryStopsWhoTouchesItAtOnce() throws Exception {
    Process evil = touchTheCanary();
    awaitFrozen(evil.pid());
    Await.until("it stands still", PATIENCE, () -> Processes.state(evil.pid()).equals("T"));
    assertTrue(
        agent
            .awaitLine("the finding", line -> line.raw().contains("\"canary\""))
            .raw()
            .contains(canary.toString()));
  }

  /// What people do with many files every day, and a program of which the owner said that it may.
  @Test
  void packingCopyingAndKeepingCopiesGoesOn() throws Exception {
    Path folder = documents("work", 120);
    String script =
        """
        set -e
        cd "$1"
        tar czf ../work.tar.gz .
        for file in *.odt; do gzip -k "$file"; done
        cp -r . ../copy
        mkdir ../chunks
        for i in $(seq 60); do head -c 9000 /dev/urandom >../chunks/$i; done
        for i in $(seq 60); do dd if=/dev/urandom of=../chunks/$i.jpg bs=9000 count=1 status=none; done
        rm *.odt
        """;
    long before = agent.counter("responses_frozen_total");
    Process busy = run("/bin/sh", "-c", script, "sh", folder.toString());
    assertTrue(busy.waitFor(PATIENCE.toSeconds(), TimeUnit.SECONDS), "it is not held up");
    assertEquals(0, busy.exitValue());
    // What came later is told of later.
    Process after = touchTheCanary();
    awaitFrozen(after.pid());
    assertEquals(before + 1, agent.counter("responses_frozen_total"));
  }
}
