package redoubt.agent.process;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import redoubt.core.model.Credentials;
import redoubt.core.model.ProcessInfo;

class ProcessTreeTest {
  private final ProcessTree tree = new ProcessTree();

  @Test
  void aForkedProcessIsLikeItsParentUntilItRunsAnotherProgram() {
    tree.executed(process(10, 1, "/bin/sh", List.of("sh")));
    tree.forked(11, 10);
    assertEquals("/bin/sh", tree.find(11).image());
    assertEquals(10, tree.find(11).parentPid());
    assertEquals(0, tree.find(11).uniqueId());
    ProcessInfo parent = tree.executed(process(11, 10, "/bin/id", List.of("id", "-u")));
    assertEquals("/bin/sh", parent.image());
    assertEquals(List.of("id", "-u"), tree.find(11).arguments());
  }

  @Test
  void aParentThatEndedIsKnownAsLongAsItsChildLives() {
    tree.executed(process(10, 1, "/bin/sh", List.of("sh", "-c", "x &")));
    tree.forked(11, 10);
    tree.exited(10);
    for (int i = 0; i < 2 * ProcessTree.ENDED; i++) {
      tree.forked(100 + i, 11);
      tree.exited(100 + i);
    }
    ProcessInfo now = process(11, 1, "/bin/x", List.of("x"));
    assertEquals("/bin/sh", tree.executed(now).image());
    assertEquals(List.of("/bin/x", "/bin/sh"), images(tree.lineage(now)));
  }

  @Test
  void aNumberThatIsUsedAgainIsAnotherProcess() {
    tree.executed(process(10, 1, "/bin/old", List.of("old")));
    ProcessInfo old = tree.find(10);
    tree.exited(10);
    tree.executed(process(20, 1, "/bin/sh", List.of("sh")));
    tree.forked(10, 20);
    ProcessInfo fresh = process(10, 20, "/bin/new", List.of("new"));
    tree.executed(fresh);
    assertEquals(List.of("/bin/new", "/bin/sh"), images(tree.lineage(fresh)));
    assertEquals(List.of("/bin/old"), images(tree.lineage(old)));
  }

  @Test
  void aFindingMayComeAfterItsProcessEnded() {
    tree.executed(process(10, 1, "/bin/sh", List.of("sh")));
    tree.forked(11, 10);
    ProcessInfo ended = process(11, 10, "/bin/id", List.of("id"));
    tree.executed(ended);
    tree.exited(11);
    assertEquals(List.of("/bin/id", "/bin/sh"), images(tree.lineage(ended)));
  }

  @Test
  void whatWasThereBeforeIsTiedToItsParents() {
    tree.found(process(11, 10, "/bin/child", List.of("child")));
    tree.found(process(10, 1, "/bin/parent", List.of("parent")));
    tree.found(process(1, 0, "/sbin/init", List.of("init")));
    tree.tie();
    assertEquals(
        List.of("/bin/child", "/bin/parent", "/sbin/init"), images(tree.lineage(tree.find(11))));
    tree.retain(Set.of(1, 11));
    assertEquals(0, tree.find(10).pid());
    assertEquals(2, tree.size());
  }

  @Test
  void memoryIsFlatUnderMillionsOfShortProcesses() {
    tree.executed(process(10, 1, "/bin/sh", List.of("sh")));
    int pid = 1_000;
    for (int i = 0; i < 1_000_000; i++) {
      pid = pid == 32_767 ? 1_000 : pid + 1;
      tree.forked(pid, 10);
      tree.executed(process(pid, 10, "/bin/true", List.of("true", "x".repeat(100))));
      tree.exited(pid);
    }
    assertEquals(1, tree.size());
    assertEquals(0, tree.forgotten());
  }

  @Test
  void aChainOfDaemonsDoesNotGrow() {
    tree.executed(process(1_000, 1, "/bin/0", List.of("0")));
    for (int i = 1; i <= 100_000; i++) {
      tree.forked(1_000 + i % 30_000, 1_000 + (i - 1) % 30_000);
      tree.exited(1_000 + (i - 1) % 30_000);
    }
    ProcessInfo last = tree.find(1_000 + 100_000 % 30_000);
    assertEquals(1 + ProcessTree.GENERATIONS, tree.lineage(last).size());
    assertEquals(1, tree.size());
  }

  @Test
  void tooManyOrTooLongOnesAreForgottenOldestFirst() {
    for (int i = 0; i < ProcessTree.LIVING + 10; i++) {
      tree.executed(process(1_000 + i, 1, "/bin/x", List.of()));
    }
    assertEquals(ProcessTree.LIVING, tree.size());
    assertEquals(10, tree.forgotten());
    assertEquals(0, tree.find(1_009).pid());
    assertEquals(1_010, tree.find(1_010).pid());
    String longest = "/" + "x".repeat(4_000);
    for (int i = 0; i < ProcessTree.LIVING; i++) {
      tree.executed(process(1_000 + i, 1, longest, List.of()));
    }
    assertTrue(tree.size() <= ProcessTree.BYTES / longest.length(), () -> "size=" + tree.size());
    assertTrue(tree.size() > ProcessTree.BYTES / longest.length() / 2, () -> "size=" + tree.size());
  }

  @Test
  void longArgumentsAreKeptInPart() {
    List<String> arguments = List.of("x".repeat(1_500), "y".repeat(1_500));
    tree.executed(process(10, 1, "/bin/x", arguments));
    assertEquals(arguments.subList(0, 1), tree.find(10).arguments());
    assertTrue(tree.find(10).argumentsCut());
  }

  /// Against a model that forgets nothing, as long as no process has so many above it that some are
  /// cut.
  @Test
  void aThreadBelongsToItsProcessUntilItsNumberIsUsedAgain() {
    tree.forked(10, 1);
    tree.threadMade(11, 10);
    assertEquals(10, tree.processOf(10));
    assertEquals(10, tree.processOf(11));
    assertEquals(0, tree.processOf(12));
    tree.exited(10);
    assertEquals(10, tree.processOf(10), "has just ended");
    assertEquals(10, tree.processOf(11));
    tree.forked(11, 1);
    assertEquals(11, tree.processOf(11));
    for (int thread = 100; thread < 100 + 2 * ProcessTree.THREADS; thread++) {
      tree.threadMade(thread, 11);
    }
    assertEquals(0, tree.processOf(100));
    assertEquals(11, tree.processOf(99 + 2 * ProcessTree.THREADS));
  }

  @Test
  void lineageIsThatOfANaiveModel() {
    long seed = System.nanoTime();
    Random random = new Random(seed);
    Map<Integer, Model> living = new HashMap<>();
    Model init = new Model("/sbin/init", 1, null);
    living.put(1, init);
    tree.executed(process(1, 0, "/sbin/init", List.of("init")));
    for (int i = 1; i < 50_000; i++) {
      List<Integer> pids = new ArrayList<>(living.keySet());
      int pid = pids.get(random.nextInt(pids.size()));
      switch (random.nextInt(3)) {
        case 0 -> {
          int child = 2 + random.nextInt(200);
          Model parent = known(living, pid);
          if (!living.containsKey(child) && parent.generations() < ProcessTree.KEPT_GENERATIONS) {
            living.put(child, new Model(parent.image, child, parent));
            tree.forked(child, pid);
          }
        }
        case 1 -> {
          Model before = known(living, pid);
          living.put(pid, new Model("/bin/" + i, pid, before.parent));
          tree.executed(process(pid, 1, "/bin/" + i, List.of("x")));
        }
        default -> {
          if (pid != 1) {
            living.remove(pid);
            tree.exited(pid);
          }
        }
      }
      int asked = pids.get(random.nextInt(pids.size()));
      if (living.containsKey(asked)) {
        assertEquals(
            known(living, asked).pids(),
            pids(tree.lineage(tree.find(asked))),
            () -> "seed=" + seed);
      }
    }
    assertEquals(living.size(), tree.size(), () -> "seed=" + seed);
  }

  private static Model known(Map<Integer, Model> living, int pid) {
    return Objects.requireNonNull(living.get(pid));
  }

  private record Model(String image, int pid, @Nullable Model parent) {
    int generations() {
      int count = 0;
      for (Model m = parent; m != null; m = m.parent) {
        count++;
      }
      return count;
    }

    List<Integer> pids() {
      List<Integer> pids = new ArrayList<>();
      for (Model m = this; m != null && pids.size() <= ProcessTree.GENERATIONS; m = m.parent) {
        pids.add(m.pid);
      }
      return pids;
    }
  }

  private static List<Integer> pids(List<ProcessInfo> lineage) {
    return lineage.stream().map(ProcessInfo::pid).toList();
  }

  private static List<String> images(List<ProcessInfo> lineage) {
    return lineage.stream().map(ProcessInfo::image).toList();
  }

  private static long uniqueIds;

  private static ProcessInfo process(int pid, int parentPid, String image, List<String> arguments) {
    return new ProcessInfo(
        pid,
        ++uniqueIds,
        parentPid,
        new Credentials(1_000, 1_000, 1_000, 1_000),
        7,
        "ada",
        image,
        arguments,
        false,
        "/",
        "");
  }
}
