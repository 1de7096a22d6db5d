package redoubt.agent.confinement;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import redoubt.agent.process.SelfProcesses;
import redoubt.agent.registry.EngineManifest;

/// With real control groups and processes that a real spawner starts.
@Timeout(30)
class EngineGroupsTest {
  private static final Path SPAWNER =
      Path.of("../packaging/libexec/redoubt-spawner").toAbsolutePath().normalize();

  /// Fields of `/proc/PID/stat` behind the name, of which the first is the third.
  private static final int POLICY_FIELD = 41 - 3;

  private static final AtomicInteger ROOMS = new AtomicInteger();

  private static final String SCHED_OTHER = "0";
  private static final String SCHED_BATCH = "3";

  /// Of each test its own: what ends the engines of a spawner that has ended looks into its groups
  /// for a moment longer.
  private final String room =
      "redoubt-test-" + ProcessHandle.current().pid() + "-" + ROOMS.incrementAndGet();

  private final SelfProcesses self = new SelfProcesses(_ -> 0);

  @TempDir Path directory;

  @Test
  void oneThatNobodyWaitsForGivesWayUntilItServes() throws Exception {
    try (EngineGroups groups = EngineGroups.open(room, manifest(), EngineGroups.Haste.SOON, self);
        Spawner spawner = Spawner.open(SPAWNER, directory)) {
      List<Integer> family = start(spawner, groups);
      assertFalse(groups.serves());
      assertEquals(Set.of(SCHED_BATCH), policies(family));
      assertEquals(Set.of(SCHED_OTHER), policies(List.of(spawner.pid())));

      groups.serve();

      assertTrue(groups.serves());
      assertEquals(Set.of(SCHED_OTHER), policies(family));
      assertEquals(usualSlice(), slices(family));
      for (String file : groups.procsFiles()) {
        List<String> members = Files.readAllLines(Path.of(file));
        assertTrue(members.containsAll(family.stream().map(String::valueOf).toList()), file);
      }
      end(family, spawner, groups);
    }
  }

  @Test
  void oneThatIsTriedTakesWhatOthersLeaveUntilItIsLeftNothing() throws Exception {
    try (EngineGroups groups =
            EngineGroups.open(room, manifest(), EngineGroups.Haste.WHENEVER, self);
        Spawner spawner = Spawner.open(SPAWNER, directory)) {
      List<Integer> family = start(spawner, groups);
      assertEquals(Set.of(SCHED_BATCH), policies(family));
      assertEquals(List.of("1"), rooms(groups, "cpu.idle"));

      groups.hurry();

      assertFalse(groups.serves());
      assertEquals(Set.of(SCHED_BATCH), policies(family));
      assertEquals(List.of("0"), rooms(groups, "cpu.idle"));
      assertTrue(groups.pids().containsAll(family));
      groups.hurry();
      assertFalse(groups.serves());

      groups.serve();

      assertTrue(groups.serves());
      assertEquals(Set.of(SCHED_OTHER), policies(family));
      groups.hurry();
      assertTrue(groups.serves());
      end(family, spawner, groups);
    }
  }

  /// The values of a file of the rooms of the groups that a process would join now.
  private static List<String> rooms(EngineGroups groups, String file) throws IOException {
    List<String> values = new ArrayList<>();
    for (String procs : groups.procsFiles()) {
      Path wanted = Path.of(procs).resolveSibling("..").resolve(file).normalize();
      if (Files.exists(wanted)) {
        values.add(Files.readString(wanted).strip());
      }
    }
    return values;
  }

  @Test
  void oneThatSomebodyWaitsForIsOrdinaryAtOnce() throws Exception {
    try (EngineGroups groups =
            EngineGroups.open(room, manifest(), EngineGroups.Haste.AT_ONCE, self);
        Spawner spawner = Spawner.open(SPAWNER, directory)) {
      List<Integer> family = start(spawner, groups);
      assertTrue(groups.serves());
      assertEquals(Set.of(SCHED_OTHER), policies(family));
      end(family, spawner, groups);
    }
  }

  private EngineManifest manifest() throws IOException {
    Path file = directory.resolve("test.engine");
    Files.writeString(file, "id=test\ncommand=/bin/sh\n");
    return EngineManifest.read(file, Path.of("/nowhere/java"), directory);
  }

  /// Starts a process that has a child.
  private List<Integer> start(Spawner spawner, EngineGroups groups) throws Exception {
    Path filter = Files.writeString(directory.resolve("filter"), "");
    Path output = Files.writeString(directory.resolve("output"), "");
    int pid =
        spawner.start(
            manifest().id(),
            filter,
            output,
            groups,
            List.of("/usr/bin/setsid", "/bin/sh", "-c", "sleep 60 & wait"));
    List<Integer> family = List.of(pid);
    while (family.size() < 2 || !name(family.getLast()).equals("sleep")) {
      Thread.sleep(5);
      assertTrue(ProcessHandle.of(pid).filter(ProcessHandle::isAlive).isPresent());
      family = new ArrayList<>(List.of(pid));
      for (ProcessHandle child :
          ProcessHandle.of(pid).stream().flatMap(ProcessHandle::children).toList()) {
        family.add(Math.toIntExact(child.pid()));
      }
    }
    return family;
  }

  private static String name(int pid) throws IOException {
    return Files.readString(Path.of("/proc/" + pid + "/comm")).strip();
  }

  private static Set<String> policies(List<Integer> pids) throws IOException {
    Set<String> policies = new TreeSet<>();
    for (int pid : pids) {
      String stat = Files.readString(Path.of("/proc/" + pid + "/stat"));
      List<String> fields = List.of(stat.substring(stat.lastIndexOf(')') + 2).split(" ", -1));
      policies.add(fields.get(POLICY_FIELD));
    }
    return policies;
  }

  /// Of a thread that was never anything but ordinary.
  private static Set<String> usualSlice() throws IOException {
    return slices(List.of(Math.toIntExact(ProcessHandle.current().pid())));
  }

  /// What the kernel shows of the length of their turns; nothing where it shows none.
  private static Set<String> slices(List<Integer> pids) throws IOException {
    Set<String> slices = new TreeSet<>();
    for (int pid : pids) {
      Path file = Path.of("/proc/" + pid + "/sched");
      if (Files.exists(file)) {
        Files.readAllLines(file).stream()
            .filter(line -> line.startsWith("se.slice"))
            .map(line -> line.replaceAll(".*:\\s*", ""))
            .forEach(slices::add);
      }
    }
    return slices;
  }

  private static void end(List<Integer> family, Spawner spawner, EngineGroups groups)
      throws InterruptedException {
    spawner.end(family.getFirst(), null, 0);
    groups.kill();
    for (int pid : family) {
      while (ProcessHandle.of(pid).filter(ProcessHandle::isAlive).isPresent()) {
        // On a busy host it had not ended when it was to be taken off the process table.
        spawner.reap(family.getFirst());
        Thread.sleep(5);
      }
    }
  }
}
