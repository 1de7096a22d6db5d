package redoubt.testing.system;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import redoubt.agent.journal.JournalLine;
import redoubt.testing.system.FuseFileSystem.Request;

/// What users of fapolicyd and of ClamAV's clamonacc reported as hangs of their hosts, done to an
/// agent with everything on that could hang: opens, application control, scans of what is written.
///
/// `docs/public-bug-reports.md` lists the reports and which test is about each.
class PublicBugReportsTest {
  private static final Duration HARD_DEADLINE = Duration.ofSeconds(2);
  private static final Duration RESTART_LIMIT = Duration.ofSeconds(20);
  private static final int VERSIONS = 4;
  private static final Duration AT_ONCE = Duration.ofSeconds(5);

  private static final int SCANS = 3;

  /// Writes, renames and removes files until it is ended.
  private static final String CHURN =
      """
      import os, sys
      os.chdir(sys.argv[1])
      print("begun", flush=True)
      while True:
          with open("f", "w") as file:
              file.write("x")
          os.rename("f", "g")
          os.remove("g")
      """;

  private static ScratchFileSystem scratch;
  private static FailingDisk disk;
  private static RunningAgent agent;
  private static int programs;

  @BeforeAll
  static void startAgent() throws Exception {
    scratch = ScratchFileSystem.rootOnlyExt4(128);
    Map<String, byte[]> onDisk = new HashMap<>();
    for (String name : List.of("fails", "is-scanned", "hangs", "hangs-too")) {
      onDisk.put(name, Specimen.PROGRAM.good(++programs));
    }
    disk = FailingDisk.with(onDisk);
    agent =
        RunningAgent.start(
            scratch,
            "--filesystem",
            disk.root(),
            "--opens",
            scratch.root(),
            "--opens",
            disk.root(),
            "--app-control",
            "lockdown",
            "--scan-written");
    for (Path folder : List.of(Files.createDirectory(scratch.path("programs")), disk.root())) {
      agent.command("trust", "add", folder).requireSuccess();
    }
  }

  @AfterAll
  static void stopAgent() throws Exception {
    try {
      assertEquals(0, agent.stop());
    } finally {
      agent.close();
      disk.close();
      scratch.close();
    }
  }

  private static Path good() throws IOException {
    return scratch.program("programs/good-" + ++programs, Specimen.PROGRAM.good(programs));
  }

  private static Path bad() throws IOException {
    return scratch.program("programs/bad-" + ++programs, Specimen.PROGRAM.bad());
  }

  /// What is good runs within its deadline, what is bad is denied, what nobody trusts too, and the
  /// agent answers.
  private static void requireUsableHost() throws Exception {
    UsableHost.require(good(), bad(), agent);
    Path unknown = scratch.program("unknown-" + ++programs, Specimen.PROGRAM.good(programs));
    assertEquals(1, Load.once(unknown).denied());
    assertEquals("enforcing", agent.state());
  }

  /// Something that may hang; whoever does not wait for it ends it.
  private static Process begin(Object... command) throws IOException {
    List<String> words = new ArrayList<>(List.of("env"));
    agent.environment().forEach((name, value) -> words.add(name + "=" + value));
    for (Object word : command) {
      words.add(word.toString());
    }
    return new ProcessBuilder(words).redirectErrorStream(true).start();
  }

  /// The agent is killed: whoever waits for it goes on, and another one protects within seconds.
  private static void requireThatItsDeathFreesTheHost() throws Exception {
    Path unjudged = good();
    Outcome.of("kill", "-KILL", agent.pid()).requireSuccess();
    Load.Tally tally = Load.once(unjudged);
    assertEquals(1, tally.allowed(), tally.toString());
    assertTrue(tally.within(HARD_DEADLINE), tally.toString());
    Await.until("protection", RESTART_LIMIT, () -> Load.once(bad()).denied() == 1);
    Await.until("all engines", RESTART_LIMIT, () -> agent.state().equals("enforcing"));
  }

  private static FuseFileSystem fuse() throws Exception {
    Path folder = Files.createDirectories(agent.stateDirectory().resolve("sources"));
    Path good = Files.write(folder.resolve("good"), Specimen.PROGRAM.good(++programs));
    Path bad = Files.write(folder.resolve("bad"), Specimen.PROGRAM.bad());
    return FuseFileSystem.serving(good, bad);
  }

  // ---- file systems that a program serves

  @Test
  void whatAProgramServesIsScannedByTheCommandAndNotByTheAgent() throws Exception {
    try (FuseFileSystem fuse = fuse()) {
      Outcome scan = agent.command("scan", "--all", fuse.root());
      assertEquals(1, scan.status(), scan::toString);
      assertTrue(scan.output().contains("clean: " + fuse.path("good")), scan::toString);
      assertTrue(scan.output().contains("found: " + fuse.path("bad")), scan::toString);
      agent.awaitLine("the finding", line -> line.raw().contains(fuse.path("bad").toString()));
      assertTrue(Outcome.of(fuse.path("good")).ran());
    }
  }

  /// fapolicyd #305, #267, clamav #1357, hotsos #594: the host freezes slowly, with everything that
  /// touches what does not answer. With application control the agent looks for a script among the
  /// arguments of its interpreter too.
  @Test
  void aFileSystemThatNeverAnswersHoldsUpNobodyElse() throws Exception {
    Path script = scratch.program("programs/sourced", Specimen.SCRIPT.good(++programs));
    try (FuseFileSystem fuse = fuse();
        FuseFileSystem argument = fuse()) {
      List<Process> hanging = new ArrayList<>();
      fuse.hold(Request.OPEN);
      for (Object[] command :
          new Object[][] {
            {Distribution.frontDoor(), "scan", fuse.path("bad")},
            {Distribution.frontDoor(), "scan", fuse.root()},
            {fuse.path("good")},
            {"cat", fuse.path("good")},
            {"sh", fuse.path("good")},
          }) {
        hanging.add(begin(command));
        fuse.awaitHeld();
      }
      argument.hold(Request.LOOKUP);
      hanging.add(begin("BASH_ENV=" + script, "bash", argument.path("good")));
      argument.awaitHeld();
      requireUsableHost();
      Outcome put = agent.command("quarantine", "add", fuse.path("bad"));
      assertEquals(1, put.status(), put::toString);
      assertTrue(put.output().contains("may never answer"), put::toString);
      requireThatItsDeathFreesTheHost();
      requireUsableHost();
      assertTrue(hanging.stream().allMatch(Process::isAlive), "they have not been held");
      hanging.forEach(Process::destroyForcibly);
    }
  }

  @Test
  void aFileSystemThatIsDisconnectedWhileItIsUsedEndsWhatUsesIt() throws Exception {
    try (FuseFileSystem fuse = fuse()) {
      fuse.hold(Request.READ);
      Process scan = begin(Distribution.frontDoor(), "scan", fuse.path("bad"));
      fuse.awaitHeld();
      Process program = begin(fuse.path("good"));
      fuse.awaitHeld();
      fuse.die();
      assertEquals(2, awaitEnd(scan));
      assertNotEquals(0, awaitEnd(program));
      Outcome gone = Outcome.of(fuse.path("good"));
      assertTrue(gone.output().contains("Transport endpoint is not connected"), gone::toString);
      assertEquals(2, agent.command("scan", fuse.path("bad")).status());
      requireUsableHost();
    }
  }

  /// To read an event is to open its file: a reader that hangs in that could not even be killed.
  @Test
  void aFileSystemThatAProgramServesIsNotCoveredUnderAnyName() throws Exception {
    try (FuseFileSystem fuse = fuse()) {
      Path link = Files.createSymbolicLink(agent.stateDirectory().resolve("link"), fuse.root());
      List<CompletableFuture<Outcome>> runs = new ArrayList<>();
      for (Path name : List.of(fuse.root(), link)) {
        runs.add(runElsewhere(name));
      }
      for (CompletableFuture<Outcome> run : runs) {
        Outcome refused = run.get();
        assertEquals(78, refused.status(), refused::toString);
        assertTrue(
            refused.output().contains("a FUSE file system cannot be covered"), refused::toString);
      }
      Files.delete(link);
    }
  }

  /// Another agent, in folders of its own.
  private static CompletableFuture<Outcome> runElsewhere(Path covered) throws IOException {
    Path home = Folders.make("redoubt-refused-");
    return CompletableFuture.supplyAsync(() -> {
      try {
        return Outcome.of(
            Map.of(
                "REDOUBT_STATE_DIR", home.resolve("state").toString(),
                "REDOUBT_RUN_DIR", home.resolve("run").toString(),
                "REDOUBT_CONFIG_DIR", home.resolve("config").toString()),
            Distribution.frontDoor(),
            "run",
            "--filesystem",
            covered);
      } finally {
        Outcome.of("rm", "-rf", home);
      }
    });
  }

  private static int awaitEnd(Process process) throws Exception {
    Await.until("the end of " + process.info(), AT_ONCE, () -> !process.isAlive());
    return process.exitValue();
  }

  /// fapolicyd #134: the second one took over half of the first one's work.
  @Test
  void aSecondOneEndsAndTheFirstGoesOn() throws Exception {
    int pid = agent.pid();
    Outcome second = agent.command("run", "--filesystem", scratch.root());
    assertEquals(75, second.status(), second::toString);
    assertEquals(pid, agent.pid());
    requireUsableHost();
  }

  // ---- disks

  /// fapolicyd #237: a USB disk that fails, so that what a verdict needs cannot be read.
  @Test
  void aDiskThatFailsEndsWhatUsesItAndNothingElse() throws Exception {
    disk.fail();
    try {
      Load.Tally run = Load.once(disk.path("fails"));
      assertEquals(0, run.allowed(), run.toString());
      assertTrue(run.within(HARD_DEADLINE), run.toString());
      Outcome scan = agent.command("scan", disk.path("is-scanned"));
      assertEquals(2, scan.status(), scan::toString);
      assertTrue(scan.output().contains("cannot be read"), scan::toString);
      requireUsableHost();
    } finally {
      disk.serve();
    }
  }

  /// fapolicyd #237, in which the read did not even fail.
  @Test
  void aDiskThatNeverAnswersHoldsUpWhoReadsItAndNobodyElse() throws Exception {
    disk.hold();
    Process program = begin(disk.path("hangs"));
    Process scan = begin(Distribution.frontDoor(), "scan", disk.path("hangs-too"));
    try {
      disk.awaitHeld();
      requireUsableHost();
      assertTrue(program.isAlive(), "it has not been held");
      assertTrue(scan.isAlive(), "it has not been held");
    } finally {
      disk.serve();
    }
    awaitEnd(program);
    awaitEnd(scan);
  }

  // ---- packages

  /// fapolicyd #78, #189, #270, #393: programs are denied while their package is being upgraded,
  /// because what is said of them is not what they are yet.
  @Test
  void noProgramCountsAsChangedWhileItsPackageIsUpgraded() throws Exception {
    try (TestPackage tool = TestPackage.in(scratch.path("package/tool"))) {
      tool.install(1);
      try (Load load = Load.executing(2, List.of(tool.program()))) {
        for (int version = 2; version <= VERSIONS; version++) {
          tool.install(version);
        }
        Load.Tally tally = load.stop(tool.program());
        assertTrue(tally.allowed() > 0, tally.toString());
        assertTrue(tally.within(HARD_DEADLINE), tally.toString());
        // Whoever has opened the old file when the new one takes its name has one without a name,
        // or one whose name is another's by the time it is looked up.
        assertTrue(tally.denied() < VERSIONS, tally.toString());
      }
      String path = tool.program().toString();
      List<JournalLine> changed =
          agent.journal(line -> line.path().equals(path) && line.rule().equals("changed-program"));
      assertEquals(List.of(), changed.stream().map(JournalLine::raw).toList());
    }
    requireUsableHost();
  }

  // ---- clamonacc

  /// clamav #1024: a scanner that opens a file to scan it has that open scanned, and so on.
  @Test
  void aScanCausesNoOtherScan() throws Exception {
    List<Path> files = new ArrayList<>();
    for (int i = 0; i < 50; i++) {
      files.add(Files.write(scratch.path("scanned/file-" + i), Specimen.LIBRARY.good(i)));
    }
    long before = judged();
    Outcome scan = agent.command("scan", "--json", Folders.of(files.getFirst()));
    assertEquals(0, scan.status(), scan::toString);
    long judged = judged() - before;
    assertTrue(judged < files.size(), "judged=" + judged);
  }

  /// How many operations others than the agent began.
  private static long judged() throws IOException {
    JsonNode counters = agent.status().path("counters");
    return counters.path("events_read_total").asLong()
        - counters.path("self_allowed_total").asLong();
  }

  /// clamav #591: what is gone when its turn comes, and what is no ordinary file.
  @Test
  void filesThatComeAndGoWhileTheyAreScannedAreNoTrouble() throws Exception {
    Path open = Files.createDirectory(scratch.path("open"));
    Outcome.of("chmod", "1777", open).requireSuccess();
    Outcome.of("mkfifo", open.resolve("pipe")).requireSuccess();
    Outcome.of("mknod", open.resolve("null"), "c", 1, 3).requireSuccess();
    Process churn = begin("python3", "-c", CHURN, open);
    try (BufferedReader said = churn.inputReader()) {
      assertEquals("begun", said.readLine());
      for (int i = 0; i < SCANS; i++) {
        Outcome scan = agent.command("scan", open);
        assertTrue(scan.status() == 0 || scan.status() == 2, scan::toString);
      }
      assertTrue(churn.isAlive(), "it did not go on");
    } finally {
      churn.destroyForcibly();
    }
    requireUsableHost();
  }

  /// clamav #1704, #186: watches of directories one by one take long and run out.
  @Test
  void aTreeOfManyDirectoriesIsCoveredAtOnceWithoutAWatchOnAny() throws Exception {
    Path top = scratch.path("programs/tree");
    Outcome.of(
            "sh",
            "-c",
            "mkdir -p \"$1\" && cd \"$1\" && seq 1 5000 | sed 's,.*,d&/e/f,' | xargs mkdir -p",
            "sh",
            top)
        .requireSuccess();
    Path bad = Files.write(top.resolve("d5000/e/f/bad"), Specimen.PROGRAM.bad());
    Folders.open(bad);
    assertEquals(1, Load.once(bad).denied());
    Outcome descriptors = Outcome.of("ls", "-l", "/proc/" + agent.pid() + "/fd").requireSuccess();
    assertFalse(descriptors.output().contains("inotify"), descriptors::toString);
  }
}
