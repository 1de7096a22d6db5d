package redoubt.core.linux;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// Permission and notification groups on a scratch file system. A kernel timer kills the test's
/// virtual machine if an answer is missing for a minute, which frees whoever waits.
@Timeout(value = 50, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class FanotifyTest {
  private static final int WAIT_MILLIS = 10_000;

  private KernelTimer deadman;
  private ScratchFileSystem scratch;
  private ExecutorService openers;

  @BeforeEach
  void setUp() throws Exception {
    deadman = KernelTimer.killing();
    assertEquals(0, deadman.arm(TimeUnit.SECONDS.toNanos(60)));
    scratch = new ScratchFileSystem();
    openers = Executors.newCachedThreadPool();
  }

  @AfterEach
  void tearDown() throws Exception {
    openers.shutdownNow();
    assertTrue(openers.awaitTermination(10, TimeUnit.SECONDS));
    scratch.close();
    deadman.close();
  }

  @Test
  void allowAndDenyReachTheOpener() throws Exception {
    Path file = scratch.write("file", "content");
    try (FanotifyGroup group = FanotifyGroup.openPermission();
        FanotifyReader reader = new FanotifyReader(group, 8);
        FanotifyResponder responder = new FanotifyResponder(group)) {
      group.mark(MarkScope.FILESYSTEM, FanotifyGroup.FAN_OPEN_PERM, scratch.root().toString());

      for (boolean allow : new boolean[] {true, false}) {
        Future<Integer> opener = open(file);
        awaitEvents(group);
        assertEquals(1, reader.read(8));
        assertEquals(FanotifyGroup.FAN_OPEN_PERM, reader.mask(0));
        assertEquals(ProcessHandle.current().pid(), reader.pid(0));
        assertEquals(file.toString(), Descriptors.readLink(reader.descriptor(0)));
        assertEquals(-Errno.ENOENT, responder.answer(9999, allow));
        assertEquals(0, responder.answer(reader.descriptor(0), allow));
        assertEquals(-Errno.ENOENT, responder.answer(reader.descriptor(0), allow));
        closeEvent(reader, 0);

        int result = opener.get();
        if (allow) {
          assertTrue(result >= 0, () -> Errno.name(result));
          assertEquals(0, Descriptors.close(result));
        } else {
          assertEquals(-Errno.EPERM, result);
        }
      }
    }
  }

  @Test
  void aReadNeverReturnsMoreThanAsked() throws Exception {
    List<Future<String>> waiting = new ArrayList<>();
    try (FanotifyGroup group = FanotifyGroup.openPermission();
        FanotifyReader reader = new FanotifyReader(group, 16);
        FanotifyResponder responder = new FanotifyResponder(group)) {
      group.mark(MarkScope.FILESYSTEM, FanotifyGroup.FAN_OPEN_PERM, scratch.root().toString());
      for (int i = 0; i < 9; i++) {
        waiting.add(create(scratch.root().resolve("file" + i)));
      }
      List<Integer> counts = new ArrayList<>();
      int total = 0;
      for (int limit : new int[] {1, 2, 3, 1, 2}) {
        awaitEvents(group, limit, total, waiting.size());
        int count = reader.read(limit);
        counts.add(count);
        total += count;
        for (int i = 0; i < count; i++) {
          assertEquals(0, responder.answer(reader.descriptor(i), true));
          closeEvent(reader, i);
        }
      }
      assertEquals(List.of(1, 2, 3, 1, 2), counts);
      assertEquals(-Errno.EAGAIN, reader.read(16));
      assertThrows(IllegalArgumentException.class, () -> reader.read(17));
      assertThrows(IllegalArgumentException.class, () -> reader.read(0));
    }
    for (Future<String> opener : waiting) {
      assertEquals("", opener.get());
    }
  }

  @Test
  void closingTwiceClosesNothingElse() {
    FanotifyGroup group = FanotifyGroup.openPermission();
    group.close();
    int reused = Descriptors.openReadOnly("/dev/null");
    group.close();
    assertEquals(0, Descriptors.close(reused));
    assertEquals(-1, group.descriptor());
  }

  @Test
  void closingTheGroupAllowsWhoeverWaits() throws Exception {
    Path file = scratch.write("file", "content");
    Future<Integer> opener;
    try (FanotifyGroup group = FanotifyGroup.openPermission()) {
      group.mark(MarkScope.FILESYSTEM, FanotifyGroup.FAN_OPEN_PERM, scratch.root().toString());
      opener = open(file);
      awaitEvents(group);
      assertFalse(opener.isDone());
    }
    assertEquals(0, Descriptors.close(opener.get()));
  }

  @Test
  void aGroupThatIsLetGoAllowsWhoeverWaitsAndAnswersNothingMore() throws Exception {
    Path file = scratch.write("file", "content");
    try (FanotifyGroup group = FanotifyGroup.openPermission();
        FanotifyReader reader = new FanotifyReader(group, 4);
        FanotifyResponder responder = new FanotifyResponder(group)) {
      group.mark(MarkScope.FILESYSTEM, FanotifyGroup.FAN_OPEN_PERM, scratch.root().toString());
      Future<Integer> opener = open(file);
      awaitEvents(group);
      assertEquals(1, reader.read(4));
      group.letGo();
      assertEquals(0, Descriptors.close(opener.get()));
      assertEquals(0, Descriptors.close(openNow(file))); // the marks are gone
      assertEquals(-Errno.EAGAIN, reader.read(4));
      responder.answer(reader.descriptor(0), false);
      assertTrue(reader.read(4) <= 0);
      closeEvent(reader, 0);
    }
  }

  @Test
  void anEventCarriesThePidfdOfItsProcess() throws Exception {
    Path file = scratch.write("file", "content");
    try (FanotifyGroup group = FanotifyGroup.openPermission();
        FanotifyReader reader = new FanotifyReader(group, 1);
        FanotifyResponder responder = new FanotifyResponder(group);
        ProcessStatus status = new ProcessStatus()) {
      assertTrue(group.reportsPidfd());
      group.mark(MarkScope.INODE, FanotifyGroup.FAN_OPEN_PERM, file.toString());
      Process cat = new ProcessBuilder("cat", file.toString()).start();
      awaitEvents(group);
      assertEquals(1, reader.read(1));
      assertEquals(0, status.load(reader.pidfd(0)));
      assertEquals(cat.pid(), status.pid());
      assertEquals(ProcessHandle.current().pid(), status.parentPid());
      assertEquals(0, status.uid());
      assertTrue(ProcessStatus.uniqueId(reader.pidfd(0)) != 0);
      assertEquals(0, responder.answer(reader.descriptor(0), true));
      closeEvent(reader, 0);
      assertEquals(0, cat.waitFor());
    }
  }

  @Test
  void aDeniedProgramDoesNotStart() throws Exception {
    Path program = Files.copy(Path.of("/bin/true"), scratch.root().resolve("program"));
    try (FanotifyGroup group = FanotifyGroup.openPermission();
        FanotifyReader reader = new FanotifyReader(group, 4);
        FanotifyResponder responder = new FanotifyResponder(group);
        FileStatus status = new FileStatus()) {
      group.mark(MarkScope.FILESYSTEM, FanotifyGroup.FAN_OPEN_EXEC_PERM, scratch.root().toString());
      for (boolean allow : new boolean[] {false, true}) {
        Future<String> start = openers.submit(() -> startProgram(program));
        awaitEvents(group);
        assertEquals(1, reader.read(4));
        assertEquals(FanotifyGroup.FAN_OPEN_EXEC_PERM, reader.mask(0));
        assertEquals(0, status.load(reader.descriptor(0)));
        assertEquals(Files.size(program), status.sizeBytes());
        assertEquals(0, responder.answer(reader.descriptor(0), allow));
        closeEvent(reader, 0);
        assertEquals(allow ? "started" : "refused", start.get());
      }
    }
  }

  private static String startProgram(Path program) throws InterruptedException {
    try {
      new ProcessBuilder(program.toString()).start().waitFor();
      return "started";
    } catch (IOException e) {
      return e.toString().contains("error: 1 (") ? "refused" : e.toString();
    }
  }

  @Test
  void withoutDescriptorsTheOpenerIsRefusedAndTheReaderIsToldWhy() throws Exception {
    Path file = scratch.write("file", "content");
    try (Child child = Child.startLimited(64, "exhaust", file.toString())) {
      assertEquals(-Errno.EPERM, Descriptors.openReadOnly(file.toString()));
      assertEquals("1 " + -Errno.EMFILE + " -1", child.readLine());
      assertEquals(0, child.exitStatus(10_000));
    }
  }

  @Test
  void ignoredFilesRaiseNothingUntilTheyChange() throws Exception {
    Path file = scratch.write("file", "content");
    try (FanotifyGroup group = FanotifyGroup.openNotification();
        FanotifyReader reader = new FanotifyReader(group, 4)) {
      group.mark(MarkScope.FILESYSTEM, FanotifyGroup.FAN_OPEN, scratch.root().toString());
      int descriptor = openNow(file);
      assertEquals(1, readAndClose(reader));
      assertEquals(0, group.ignoreEvictable(descriptor, FanotifyGroup.FAN_OPEN));
      assertEquals(0, Descriptors.close(openNow(file)));
      assertEquals(-Errno.EAGAIN, reader.read(4));

      Files.writeString(file, "changed"); // this open is still ignored, its write ends that
      assertEquals(0, Descriptors.close(openNow(file)));
      assertEquals(1, readAndClose(reader));
      assertEquals(0, Descriptors.close(descriptor));
    }
  }

  @Test
  void unmarkedObjectsRaiseNothing() throws Exception {
    Path file = scratch.write("file", "content");
    try (FanotifyGroup group = FanotifyGroup.openNotification();
        FanotifyReader reader = new FanotifyReader(group, 4)) {
      String root = scratch.root().toString();
      group.mark(MarkScope.FILESYSTEM, FanotifyGroup.FAN_OPEN, root);
      group.unmark(MarkScope.FILESYSTEM, FanotifyGroup.FAN_OPEN, root);
      assertEquals(0, Descriptors.close(openNow(file)));
      assertEquals(-Errno.EAGAIN, reader.read(4));
      LinuxException refused =
          assertThrows(
              LinuxException.class,
              () -> group.unmark(MarkScope.FILESYSTEM, FanotifyGroup.FAN_OPEN, root));
      assertEquals(Errno.ENOENT, refused.errno());
      assertEquals("fanotify_mark", refused.call());
    }
  }

  @Test
  void aPathlessMarkMeansTheDescriptorItself() throws Exception {
    Path file = scratch.write("file", "content");
    int descriptor = openNow(file);
    try (FanotifyGroup group = FanotifyGroup.openNotification();
        FanotifyReader reader = new FanotifyReader(group, 4)) {
      group.mark(MarkScope.INODE, FanotifyGroup.FAN_OPEN, descriptor, "");
      assertEquals(0, Descriptors.close(openNow(file)));
      assertEquals(1, readAndClose(reader));
    } finally {
      Descriptors.close(descriptor);
    }
  }

  private static int openNow(Path file) {
    int descriptor = Descriptors.openReadOnly(file.toString());
    assertTrue(descriptor >= 0, () -> Errno.name(descriptor));
    return descriptor;
  }

  private Future<Integer> open(Path file) {
    return openers.submit(() -> Descriptors.openReadOnly(file.toString()));
  }

  /// Creates a file in a process of its own, which waits for the answer as any opener does.
  private Future<String> create(Path file) {
    return openers.submit(() -> Programs.run("touch", file.toString()));
  }

  private static void awaitEvents(FanotifyGroup group) {
    assertEquals(1, DescriptorWait.await(group.descriptor(), DescriptorWait.POLLIN, WAIT_MILLIS));
  }

  private static void awaitEvents(FanotifyGroup group, int wanted, int taken, int all) {
    long deadline = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(WAIT_MILLIS);
    while (queued(group) < Math.min(wanted, all - taken)) {
      assertTrue(System.nanoTime() < deadline, "events did not come");
      Thread.onSpinWait();
    }
  }

  /// How many bytes a read would give, by `FIONREAD`, in events.
  private static int queued(FanotifyGroup group) {
    long address = CallState.current().scratch().address();
    assertEquals(0, SystemCall.IOCTL.call(group.descriptor(), 0x541B, address));
    return CallState.current().scratch().get(java.lang.foreign.ValueLayout.JAVA_INT, 0) / 24;
  }

  private static int readAndClose(FanotifyReader reader) {
    int count = reader.read(4);
    for (int i = 0; i < count; i++) {
      closeEvent(reader, i);
    }
    return count;
  }

  private static void closeEvent(FanotifyReader reader, int event) {
    assertEquals(0, Descriptors.close(reader.descriptor(event)));
    if (reader.pidfd(event) >= 0) {
      assertEquals(0, Descriptors.close(reader.pidfd(event)));
    }
  }
}
