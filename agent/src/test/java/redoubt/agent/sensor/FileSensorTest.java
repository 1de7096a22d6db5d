package redoubt.agent.sensor;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import redoubt.agent.health.Counter;
import redoubt.agent.health.Counters;
import redoubt.agent.health.TimeSource;
import redoubt.agent.process.ProcessTree;
import redoubt.core.model.EventClass;
import redoubt.core.model.HostEvent.FileChange;
import redoubt.core.model.HostEvent.FileContent;

/// On the real kernel, over a file system of its own.
@Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class FileSensorTest {
  private static final String PYTHON = "/usr/bin/python3";
  private static final int OWN = (int) ProcessHandle.current().pid();

  private final Counters counters = new Counters();
  private final ProcessTree tree = new ProcessTree();
  private final TakenEvents<FileChange> taken = new TakenEvents<>(FileChange.class);
  private final ProcessSensor processes =
      ProcessSensor.start(tree, taken, counters, _ -> null, TimeSource.system());
  private final FileSensor files =
      FileSensor.start(tree, pid -> pid == OWN, taken, counters, TimeSource.system());

  @TempDir private Path folder;

  @BeforeEach
  void mount() throws Exception {
    run("mount", "-t", "tmpfs", "-o", "size=16m", "file-sensor", folder.toString());
    cover(folder);
  }

  @AfterEach
  void unmount() throws Exception {
    files.close();
    processes.close();
    // A file that is looked at is open for that moment.
    run(
        "sh",
        "-c",
        "for i in $(seq 50); do umount " + folder + " && exit; sleep 0.1; done; exit 1");
  }

  private void cover(Path path) {
    files.cover(List.of(path.toString()), (place, why) -> assertEquals("", place + ": " + why));
  }

  private static void run(String... command) throws IOException, InterruptedException {
    Process process = new ProcessBuilder(command).inheritIO().start();
    assertEquals(0, process.waitFor(), String.join(" ", command));
  }

  private void shell(String script) throws Exception {
    run("sh", "-c", "cd " + folder + " && " + script);
  }

  /// By a process that is there long enough to be looked at, however busy the machine is.
  private void python(String script) throws Exception {
    shell(PYTHON + " -c 'import os, time; " + script + "; time.sleep(0.5)'");
  }

  private FileChange await(EventClass eventClass, String name) throws InterruptedException {
    String path = folder.resolve(name).toString();
    return taken.await(change -> change.eventClass() == eventClass && change.path().equals(path));
  }

  @Test
  void whatIsDoneToAFileIsToldWithItsNameAndItsProcess() throws Exception {
    shell("mkdir sub; echo x > sub/one; sleep 0.3");
    python("os.rename(\"sub/one\", \"sub/zwei ä\"); os.chmod(\"sub/zwei ä\", 0o600)");
    FileChange made = await(EventClass.FILE_CREATE, "sub/one");
    assertFalse(made.directory());
    assertEquals("", made.oldPath());
    assertEquals("sh", made.process().arguments().getFirst());
    assertEquals("root", made.process().user());
    assertEquals("sh", await(EventClass.FILE_MODIFY, "sub/one").process().arguments().getFirst());
    FileChange renamed = await(EventClass.FILE_RENAME, "sub/zwei ä");
    assertEquals(folder.resolve("sub/one").toString(), renamed.oldPath());
    assertEquals(PYTHON, renamed.process().arguments().getFirst());
    FileChange changed = await(EventClass.FILE_ATTRIBUTES, "sub/zwei ä");
    assertEquals(PYTHON, changed.process().arguments().getFirst());
    assertTrue(await(EventClass.FILE_CREATE, "sub").directory());
    python("os.remove(\"sub/zwei ä\")");
    FileChange removed = await(EventClass.FILE_DELETE, "sub/zwei ä");
    assertEquals(PYTHON, removed.process().arguments().getFirst());
    assertEquals(0, counters.value(Counter.FILE_EVENTS_LOST));
  }

  @Test
  void whatAFileIsLikeIsToldWhateverItsNameIsByThen() throws Exception {
    TakenEvents<FileContent> contents = new TakenEvents<>(FileContent.class);
    try (FileSensor sensor =
        FileSensor.start(tree, pid -> pid == OWN, contents, counters, TimeSource.system())) {
      sensor.cover(List.of(folder.toString()), (place, why) -> assertEquals("", place + why));
      shell(
          "head -c 100000 /dev/urandom > random; mv random random.locked;"
              + " head -c 30000 /dev/zero | gzip > zeros.gz; printf short > text; : > empty;"
              + " mkfifo pipe; mkdir sub; mv sub other");
      FileContent locked = contents.await(content -> content.path().endsWith("/random.locked"));
      assertEquals(folder.resolve("random").toString(), locked.oldPath());
      assertEquals(100_000, locked.sizeBytes());
      assertEquals("", locked.format());
      assertEquals(3, locked.entropies().size());
      locked
          .entropies()
          .forEach(each -> assertTrue(each > 7_950 && each <= 8_000, locked::toString));
      assertTrue(
          Math.abs(locked.birthNanos() - System.currentTimeMillis() * 1_000_000) < 60_000_000_000L);
      assertTrue(locked.ancestors().contains(OWN), locked::toString);
      FileContent gzip = contents.await(content -> content.path().endsWith("/zeros.gz"));
      assertEquals("gzip", gzip.format());
      assertEquals("", gzip.oldPath());
      FileContent text = contents.await(content -> content.path().endsWith("/text"));
      assertEquals(List.of(), text.entropies());
      shell("printf end > end");
      contents.await(content -> content.path().endsWith("/end"));
      assertTrue(
          contents.all().stream()
              .noneMatch(content -> content.path().matches(".*/(empty|pipe|sub|other)")));
    }
  }

  @Test
  void aDirectoryThatWasRenamedHasItsNewName() throws Exception {
    shell("mkdir -p a/b; echo x > a/b/first");
    await(EventClass.FILE_MODIFY, "a/b/first");
    shell("mv a c; echo x > c/b/second");
    await(EventClass.FILE_MODIFY, "c/b/second");
  }

  @Test
  void whatTheAgentItselfDoesIsNotTold() throws Exception {
    Files.writeString(folder.resolve("own"), "x");
    shell("echo x > other");
    await(EventClass.FILE_MODIFY, "other");
    assertTrue(taken.all().stream().noneMatch(change -> change.path().endsWith("/own")));
  }

  @Test
  void aFileSystemThatIsNotCoveredIsNotHeardOf() throws Exception {
    Path other = Files.createDirectory(folder.resolve("other"));
    run("mount", "-t", "tmpfs", "-o", "size=1m", "file-sensor", other.toString());
    try {
      shell("echo x > other/before; echo x > first");
      await(EventClass.FILE_MODIFY, "first");
      assertTrue(taken.all().stream().noneMatch(change -> change.path().endsWith("/before")));
      cover(other);
      shell("echo x > other/after");
      await(EventClass.FILE_MODIFY, "other/after");
    } finally {
      run("umount", other.toString()); // is not held in use
    }
  }

  @Test
  void moreThanTheQueueHoldsIsCounted() throws Exception {
    int files = 40_000;
    shell("seq -f f%g " + files + " | xargs touch");
    Set<Path> last = new HashSet<>();
    while (taken.all().stream().noneMatch(change -> last.contains(Path.of(change.path())))) {
      last.add(folder.resolve("last" + last.size()));
      shell("echo x > last" + (last.size() - 1)); // may be lost too
    }
    long told = taken.all().stream().filter(change -> change.path().contains("/f")).count();
    assertTrue(
        told >= files || counters.value(Counter.FILE_EVENTS_LOST) > 0,
        () -> "told=" + told + " of " + files);
  }

  @Test
  void whatCannotBeHeardOfIsSaidOnce() {
    List<String> refused = new ArrayList<>();
    for (int i = 0; i < 2; i++) {
      files.cover(List.of("/proc"), (place, why) -> refused.add(place));
    }
    assertEquals(List.of("/proc"), refused);
  }
}
