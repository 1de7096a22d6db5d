package redoubt.testing.system;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import redoubt.agent.journal.JournalLine;
import redoubt.agent.journal.JournalReader;

/// `--scan-written`: what somebody writes where others than root may write is scanned, unasked.
class WrittenFilesTest {
  private static final int USER = 65_534;
  private static final Duration LIMIT = Duration.ofSeconds(30);
  private static final String SCANNED = "written_scanned_total";

  private static ScratchFileSystem scratch;
  private static RunningAgent agent;
  private static Path open;

  @BeforeAll
  static void startAgent() throws Exception {
    scratch = ScratchFileSystem.rootOnlyExt4(64);
    open = Files.createDirectory(scratch.path("open"));
    Files.setPosixFilePermissions(open, PosixFilePermissions.fromString("rwxrwxrwx"));
    agent = RunningAgent.start(scratch, "--scan-written");
  }

  @AfterAll
  static void stopAgent() throws Exception {
    agent.close();
    scratch.close();
  }

  private static boolean isAbout(JournalLine line, Path file) {
    return line.kind() == JournalLine.Kind.FINDING && line.raw().contains(file.toString());
  }

  private static JournalLine awaitFinding(Path file) throws Exception {
    return agent.awaitLine("finding about " + file, LIMIT, line -> isAbout(line, file));
  }

  /// Files with a content of their own that a list names.
  private static Path writeBad(Path folder, String name) throws Exception {
    return Files.write(folder.resolve(name), Specimen.PROGRAM.bad());
  }

  @Test
  void whatAUserWritesIsFoundUnasked() throws Exception {
    Path source = writeBad(scratch.root(), "source");
    Path copy = open.resolve("copy");
    Outcome.of(
            "setpriv", "--reuid=" + USER, "--regid=" + USER, "--clear-groups", "cp", source, copy)
        .requireSuccess();
    assertTrue(awaitFinding(copy).raw().contains("Scan found"));
  }

  @Test
  void aFindingNamesWhoWroteTheFile() throws Exception {
    Path file = open.resolve("written-by-sh");
    String bad = new String(Specimen.SCRIPT.bad(), StandardCharsets.UTF_8);
    Outcome.of("sh", "-c", "printf %s \"$1\" > \"$2\"; sleep 1; :", "sh", bad, file)
        .requireSuccess();
    JournalLine finding = awaitFinding(file);
    Path shell = Path.of("/bin/sh").toRealPath();
    assertTrue(finding.raw().contains("\"path\":\"" + shell + "\""), finding.raw());
  }

  @Test
  void whatOnlyRootCanWriteIsNotScanned() throws Exception {
    Path closed = writeBad(scratch.root(), "closed");
    Path later = writeBad(open, "later");
    awaitFinding(later);
    JournalReader reader = new JournalReader(agent.stateDirectory().resolve("journal"));
    assertTrue(reader.findNewest(line -> isAbout(line, closed)).isEmpty());
  }

  @Test
  void moreFilesThanWaitAtOnceAreAllScanned() throws Exception {
    int files = 1_000;
    long before = agent.counter(SCANNED);
    for (int i = 0; i < files; i++) {
      Files.writeString(open.resolve("many-" + i), "nothing bad: " + i);
    }
    Await.until("scans", LIMIT, () -> agent.counter(SCANNED) >= before + files);
    assertEquals(0, agent.counter("written_missed_total"));
  }

  @Test
  void aFileThatIsWrittenAgainAndAgainIsScannedWhenItsWriterPauses() throws Exception {
    Path file = open.resolve("again");
    long before = agent.counter(SCANNED);
    int writings = 30;
    for (int i = 0; i < writings; i++) {
      Files.writeString(file, "nothing bad: " + i);
      Thread.sleep(50);
    }
    Path last = writeBad(open, "again");
    awaitFinding(last);
    long scans = agent.counter(SCANNED) - before;
    assertTrue(scans < writings / 2, "scans=" + scans);
  }

  /// Neither a named pipe, whose opening would wait for a writer, nor what goes at once.
  @Test
  void whatIsNoFileHoldsNothingUp() throws Exception {
    Path pipe = open.resolve("pipe");
    Outcome.of("mkfifo", pipe).requireSuccess();
    Outcome.of("sh", "-c", "echo 1 > '" + pipe + "' & cat '" + pipe + "'; wait").requireSuccess();
    Files.delete(Files.writeString(open.resolve("gone"), "gone"));
    awaitFinding(writeBad(open, "after-the-pipe"));
  }
}
