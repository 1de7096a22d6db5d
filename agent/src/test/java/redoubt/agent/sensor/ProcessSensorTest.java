package redoubt.agent.sensor;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BiFunction;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import redoubt.agent.health.Counter;
import redoubt.agent.health.Counters;
import redoubt.agent.health.TimeSource;
import redoubt.agent.process.ProcessTree;
import redoubt.agent.process.UserNames;
import redoubt.core.linux.FileStatus;
import redoubt.core.model.Credentials;
import redoubt.core.model.EventClass;
import redoubt.core.model.FileIdentity;
import redoubt.core.model.HostEvent;
import redoubt.core.model.HostEvent.ProcessExit;
import redoubt.core.model.HostEvent.ProcessStart;
import redoubt.core.model.ProcessInfo;
import redoubt.core.model.Sha256;

/// On the real kernel.
@Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class ProcessSensorTest {
  private static final Duration PATIENCE = Duration.ofSeconds(20);

  private final Counters counters = new Counters();
  private final ProcessTree tree = new ProcessTree();
  private final List<HostEvent> taken = new CopyOnWriteArrayList<>();
  private volatile int flushed;
  private final HostEventSink sink =
      new HostEventSink() {
        @Override
        public boolean wants(EventClass eventClass) {
          return true;
        }

        @Override
        public void take(HostEvent event) {
          taken.add(event);
        }

        @Override
        public void flush() {
          flushed = taken.size();
        }
      };
  private final ProcessSensor sensor =
      ProcessSensor.start(tree, sink, counters, ProcessSensorTest::digestOf, TimeSource.system());

  @AfterEach
  void close() {
    sensor.close();
  }

  /// Stands for what decisions know of contents.
  private static Sha256 digestOf(FileIdentity file) {
    return Sha256.hash(file.toString().getBytes(UTF_8));
  }

  @Test
  void whoAttachesToAProcessIsToldWithBoth() throws Exception {
    Process target = new ProcessBuilder("sleep", "60").start();
    Process tracer =
        new ProcessBuilder("strace", "-o", "/dev/null", "-p", Long.toString(target.pid())).start();
    try {
      while (true) {
        for (HostEvent event : taken) {
          if (event instanceof HostEvent.ProcessAccess access
              && access.target().pid() == target.pid()) {
            assertEquals(tracer.pid(), access.process().pid());
            assertEquals("strace", access.process().arguments().getFirst());
            assertEquals("sleep", access.target().arguments().getFirst());
            return;
          }
        }
        Thread.sleep(5);
      }
    } finally {
      tracer.destroy();
      target.destroy();
    }
  }

  @Test
  void aProgramIsToldOfWithItsArgumentsAndItsParent() throws Exception {
    long begin = System.currentTimeMillis();
    Process process =
        new ProcessBuilder("sh", "-c", "cd /usr; sleep 0.3 & wait", "a name", "été")
            .redirectErrorStream(true)
            .start();
    assertEquals(0, process.waitFor());
    // Java starts a helper first, which then runs the program.
    ProcessStart shell =
        start(event ->
            event.process().pid() == process.pid()
                && event.process().arguments().contains("a name"));
    assertEquals(
        List.of("sh", "-c", "cd /usr; sleep 0.3 & wait", "a name", "été"),
        shell.process().arguments());
    assertTrue(Math.abs(shell.timeNanos() / 1_000_000 - begin) < 20_000);
    ProcessStart sleep = start(event -> event.process().parentPid() == process.pid());
    ProcessInfo info = sleep.process();
    assertEquals(List.of("sleep", "0.3"), info.arguments());
    assertEquals("/usr", info.workingDirectory());
    assertEquals(Path.of("/usr/bin/sleep").toRealPath().toString(), info.image());
    assertEquals("root", info.user());
    assertEquals(0, info.credentials().uid());
    assertTrue(info.uniqueId() != 0);
    try (FileStatus status = new FileStatus()) {
      assertEquals(0, status.load(info.image()));
      assertEquals(digestOf(status.identity()), sleep.sha256());
    }
    assertEquals(shell.process().arguments(), sleep.parent().arguments());
    ProcessExit exit = exit(event -> event.process().pid() == info.pid());
    assertEquals(0, exit.status());
    assertEquals(info, exit.process());
    List<ProcessInfo> lineage = tree.lineage(info);
    assertEquals(process.pid(), lineage.get(1).pid());
    assertEquals(ProcessHandle.current().pid(), lineage.get(2).pid());
    assertTrue(lineage.size() > 3, lineage::toString);
  }

  @Test
  void whoeverEndsBySignalIsToldOfSo() throws Exception {
    Process process = new ProcessBuilder("sleep", "100").start();
    start(event -> event.process().pid() == process.pid());
    process.destroyForcibly();
    assertEquals(9, exit(event -> event.process().pid() == process.pid()).status() & 0x7f);
  }

  @Test
  void aChangeOfUserIsKnown() throws Exception {
    Process process =
        new ProcessBuilder("setpriv", "--reuid", "64998", "--clear-groups", "sleep", "0.2").start();
    assertEquals(0, process.waitFor());
    ProcessStart sleep =
        start(event ->
            event.process().pid() == process.pid()
                && event.process().arguments().equals(List.of("sleep", "0.2")));
    assertEquals(64998, sleep.process().credentials().uid());
    assertEquals("", sleep.process().user());
  }

  @Test
  void aForkIsToldOfWithBothAndThreadsAreNot() throws Exception {
    Process process = new ProcessBuilder("sh", "-c", "(sleep 0.2; true) & wait").start();
    assertEquals(0, process.waitFor());
    HostEvent.ProcessFork fork =
        await(
            "a fork",
            () ->
                taken.stream()
                    .filter(HostEvent.ProcessFork.class::isInstance)
                    .map(HostEvent.ProcessFork.class::cast)
                    .filter(event -> event.parent().pid() == process.pid())
                    .findFirst());
    assertEquals("(sleep 0.2; true) & wait", fork.parent().arguments().getLast());
    assertEquals(process.pid(), fork.process().parentPid());
    assertEquals(fork.parent().image(), fork.process().image());
    Set<Integer> ourThreads = Set.copyOf(threads());
    for (HostEvent event : taken) {
      if (event instanceof HostEvent.ProcessFork each) {
        assertFalse(ourThreads.contains(each.process().pid()), each::toString);
      }
    }
  }

  private static List<Integer> threads() throws IOException {
    try (Stream<Path> tasks = Files.list(Path.of("/proc/self/task"))) {
      return tasks
          .map(task -> Integer.valueOf(task.toFile().getName()))
          .filter(thread -> thread != ProcessHandle.current().pid())
          .toList();
    }
  }

  @Test
  void whoseRightsAProcessGetsIsToldWithWhatItHad() throws Exception {
    Process process =
        new ProcessBuilder(
                "setpriv", "--regid", "64997", "--reuid", "64998", "--clear-groups", "true")
            .start();
    assertEquals(0, process.waitFor());
    assertTellsOfBothChanges(process);
  }

  /// On a busy machine a process has changed already when somebody comes to look at it.
  @Test
  void aChangeIsToldAlsoIfTheProcessIsLookedAtAfterIt() throws Exception {
    sensor.close();
    UserNames users = new UserNames(Path.of("/etc/passwd"), TimeSource.system());
    ProcessSensor slow =
        ProcessSensor.start(
            tree, sink, counters, users, () -> waitsBefore("setpriv", users), TimeSource.system());
    try {
      Process process =
          new ProcessBuilder(
                  "setpriv", "--regid", "64997", "--reuid", "64998", "--clear-groups", "sleep", "1")
              .start();
      assertTellsOfBothChanges(process);
      assertEquals(0, process.waitFor());
    } finally {
      slow.close();
    }
  }

  private void assertTellsOfBothChanges(Process process) throws InterruptedException {
    List<HostEvent.ProcessIdentity> changes = new ArrayList<>();
    while (changes.size() < 2) {
      Thread.sleep(5);
      changes.clear();
      for (HostEvent event : taken) {
        if (event instanceof HostEvent.ProcessIdentity change
            && change.process().pid() == process.pid()) {
          changes.add(change);
        }
      }
    }
    Credentials root = new Credentials(0, 0, 0, 0);
    Credentials ofUser = root.withUser(64998, 64998);
    assertEquals(List.of(root, ofUser), changes.stream().map(each -> each.before()).toList());
    assertEquals(
        List.of(ofUser, ofUser.withGroup(64997, 64997)),
        changes.stream().map(each -> each.process().credentials()).toList());
  }

  /// The shortest processes that there are may be gone before they are looked at: that is counted,
  /// and nothing else is missing.
  @Test
  void everyProcessOfABurstIsToldOf() throws Exception {
    int count = 1_000;
    Process process =
        new ProcessBuilder("sh", "-c", "for i in $(seq " + count + "); do /bin/true; done").start();
    assertEquals(0, process.waitFor());
    exit(event -> event.process().pid() == process.pid());
    List<HostEvent> below =
        taken.stream().filter(event -> event.process().parentPid() == process.pid()).toList();
    List<ProcessStart> starts =
        below.stream()
            .filter(ProcessStart.class::isInstance)
            .map(ProcessStart.class::cast)
            .toList();
    assertEquals(count + 1, starts.size(), "and seq");
    assertTrue(below.stream().filter(ProcessExit.class::isInstance).count() >= count + 1);
    long without = starts.stream().filter(event -> event.process().arguments().isEmpty()).count();
    assertTrue(counters.value(Counter.PROCESS_DETAILS_MISSED) >= without);
    assertEquals(0, counters.value(Counter.PROCESS_EVENTS_LOST));
    assertEquals(
        starts.size() - without,
        starts.stream()
            .map(event -> event.process().commandLine())
            .filter(line -> line.equals("/bin/true") || line.equals("seq " + count))
            .count());
    System.out.println("of " + count + " short processes without arguments: " + without);
  }

  @Test
  void whatIsKeptBackIsPassedOnSoon() throws Exception {
    Process process = new ProcessBuilder("true").start();
    process.waitFor();
    exit(event -> event.process().pid() == process.pid());
    await("a flush", () -> Optional.of(flushed).filter(count -> count > 0));
  }

  /// What is read of a process may hang for ever; nothing else waits for it then.
  @Test
  void aThreadThatHangsIsLeftBehind() throws Exception {
    sensor.close();
    CountDownLatch hanging = new CountDownLatch(1);
    CountDownLatch release = new CountDownLatch(1);
    UserNames users = new UserNames(Path.of("/etc/passwd"), TimeSource.system());
    ProcessSensor other =
        ProcessSensor.start(
            tree,
            sink,
            counters,
            users,
            () -> hangsOn("hang-here", hanging, release, users),
            TimeSource.system());
    try {
      // Once it hears of processes it has looked at those that were there.
      Process first = new ProcessBuilder("sleep", "0.1").start();
      exit(event -> event.process().pid() == first.pid());
      Process stuck = new ProcessBuilder("sh", "-c", "sleep 1", "hang-here").start();
      assertTrue(hanging.await(20, TimeUnit.SECONDS));
      Thread.sleep(150);
      long missed = counters.value(Counter.PROCESS_DETAILS_MISSED);
      other.check();
      assertEquals(missed + 1, counters.value(Counter.PROCESS_DETAILS_MISSED));
      start(event -> event.process().pid() == stuck.pid() && event.process().image().isEmpty());
      Process next = new ProcessBuilder("sleep", "0.2", "0.0").start();
      start(
          event -> event.process().pid() == next.pid() && event.process().arguments().size() == 3);
      long told = starts(stuck);
      release.countDown();
      Thread.sleep(100);
      exit(event -> event.process().pid() == next.pid());
      assertEquals(told, starts(stuck), "what came back late is not told");
    } finally {
      release.countDown();
      other.close();
    }
  }

  private long starts(Process process) {
    return taken.stream()
        .filter(event -> event instanceof ProcessStart && event.process().pid() == process.pid())
        .count();
  }

  private static ProcessReader hangsOn(
      String argument, CountDownLatch hanging, CountDownLatch release, UserNames users) {
    ProcessDetails details = new ProcessDetails(users, _ -> null);
    return through(
        details,
        (pid, known) -> {
          ProcessInfo now = details.read(pid, known);
          if (now.arguments().contains(argument)) {
            hanging.countDown();
            try {
              release.await();
            } catch (InterruptedException _) {
              Thread.currentThread().interrupt();
            }
          }
          return now;
        });
  }

  /// Gives a program time to change what it has, then reads it.
  private static ProcessReader waitsBefore(String program, UserNames users) {
    ProcessDetails details = new ProcessDetails(users, _ -> null);
    return through(
        details,
        (pid, known) -> {
          if (details.read(pid, known).arguments().contains(program)) {
            LockSupport.parkNanos(Duration.ofMillis(200).toNanos());
          }
          return details.read(pid, known);
        });
  }

  private static ProcessReader through(
      ProcessDetails details, BiFunction<Integer, ProcessInfo, ProcessInfo> reading) {
    return new ProcessReader() {
      @Override
      public ProcessInfo read(int pid, ProcessInfo known) {
        return reading.apply(pid, known);
      }

      @Override
      public @Nullable Sha256 digest() {
        return details.digest();
      }

      @Override
      public void close() {
        details.close();
      }
    };
  }

  private ProcessStart start(Predicate<ProcessStart> wanted) throws Exception {
    return (ProcessStart)
        await(
            "a start",
            () ->
                taken.stream()
                    .filter(event -> event instanceof ProcessStart start && wanted.test(start))
                    .findFirst());
  }

  private ProcessExit exit(Predicate<ProcessExit> wanted) throws Exception {
    return (ProcessExit)
        await(
            "an exit",
            () ->
                taken.stream()
                    .filter(event -> event instanceof ProcessExit exit && wanted.test(exit))
                    .findFirst());
  }

  private interface Look<T> {
    Optional<T> at();
  }

  private <T> T await(String what, Look<T> look) throws InterruptedException {
    long end = System.nanoTime() + PATIENCE.toNanos();
    while (System.nanoTime() - end < 0) {
      Optional<T> found = look.at();
      if (found.isPresent()) {
        return found.get();
      }
      Thread.sleep(5);
    }
    throw new AssertionError(
        what
            + " did not come: "
            + taken.stream().map(HostEvent::toString).collect(Collectors.joining("\n")));
  }
}
