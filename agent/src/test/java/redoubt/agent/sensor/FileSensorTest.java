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

/// On the real kernel, over a file system of its own.
@Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class FileSensorTest {
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
    run("umount", folder.toString());
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

  private FileChange await(EventClass eventClass, String name) throws InterruptedException {
    String path = folder.resolve(name).toString();
    return taken.await(change -> change.eventClass() == eventClass && change.path().equals(path));
  }

  @Test
  void whatIsDoneToAFileIsToldWithItsNameAndItsProcess() throws Exception {
    shell("mkdir sub; echo x > sub/one; mv sub/one 'sub/zwei ä'; chmod 600 'sub/zwei ä'");
    FileChange made = await(EventClass.FILE_CREATE, "sub/one");
    assertFalse(made.directory());
    assertEquals("", made.oldPath());
    assertEquals("sh", made.process().arguments().getFirst());
    assertEquals("root", made.process().user());
    assertEquals("sh", await(EventClass.FILE_MODIFY, "sub/one").process().arguments().getFirst());
    FileChange renamed = await(EventClass.FILE_RENAME, "sub/zwei ä");
    assertEquals(folder.resolve("sub/one").toString(), renamed.oldPath());
    assertEquals("mv", renamed.process().arguments().getFirst());
    assertEquals(
        "chmod", await(EventClass.FILE_ATTRIBUTES, "sub/zwei ä").process().arguments().getFirst());
    assertTrue(await(EventClass.FILE_CREATE, "sub").directory());
    shell("rm 'sub/zwei ä'");
    assertEquals(
        "rm", await(EventClass.FILE_DELETE, "sub/zwei ä").process().arguments().getFirst());
    assertEquals(0, counters.value(Counter.FILE_EVENTS_LOST));
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
