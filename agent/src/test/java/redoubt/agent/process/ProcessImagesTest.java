package redoubt.agent.process;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.HashMap;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// What is remembered of processes, against a map that forgets nothing.
final class ProcessImagesTest {
  private final Map<Integer, String> running = new HashMap<>();
  private final ProcessImages images = new ProcessImages(pid -> running.getOrDefault(pid, ""));

  @Test
  void aProcessRanWhatItExecutedLast() {
    images.executed(7, 70, "/bin/sh");
    assertEquals("/bin/sh", images.before(7, 70, "/sbin/init"));
  }

  @Test
  void aProcessThatNeverExecutedRunsWhatItsParentRuns() {
    assertEquals("/sbin/init", images.before(7, 70, "/sbin/init"));
  }

  @Test
  void anotherProcessWithTheSameNumberIsAStranger() {
    images.executed(7, 70, "/bin/sh");
    assertEquals("/sbin/init", images.before(7, 71, "/sbin/init"));
  }

  @Test
  void whereTheKernelGivesNoUniqueIdTheNumberCounts() {
    images.executed(7, 0, "/bin/sh");
    assertEquals("/bin/sh", images.before(7, 71, "/sbin/init"));
  }

  @Test
  void theKernelKnowsBestWhatAProcessRuns() {
    images.executed(7, 70, "/bin/sh");
    running.put(7, "/bin/bash");
    assertEquals("/bin/bash", images.of(7));
    running.remove(7);
    assertEquals("/bin/sh", images.of(7));
    assertEquals("", images.of(0));
    assertEquals("", images.of(-1));
  }

  @Test
  void whoIsUsedStaysWhileOthersComeAndGo() {
    images.executed(1, 1, "/sbin/init");
    for (int pid = 2; pid < 20 * ProcessImages.CAPACITY; pid++) {
      images.executed(pid, pid, "/bin/true");
      assertEquals("/sbin/init", images.of(1));
    }
  }

  @Test
  void theLongestUnusedIsForgotten() {
    for (int pid = 1; pid <= 2 * ProcessImages.CAPACITY; pid++) {
      images.executed(pid, pid, "/bin/" + pid);
    }
    assertEquals("", images.of(1));
    assertEquals("/bin/16384", images.of(2 * ProcessImages.CAPACITY));
  }

  /// Whatever is remembered is what was noted last, of this very process.
  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8})
  void nothingIsEverSaidOfTheWrongProcess(long seed) {
    Random random = new Random(seed);
    Map<Integer, Long> uniqueIds = new HashMap<>();
    Map<Integer, String> paths = new HashMap<>();
    for (int i = 0; i < 100_000; i++) {
      int pid = 1 + random.nextInt(40_000);
      if (random.nextBoolean()) {
        String path = "/bin/" + random.nextInt(3_000);
        images.executed(pid, i + 1L, path);
        uniqueIds.put(pid, i + 1L);
        paths.put(pid, path);
      } else {
        long uniqueId = uniqueIds.getOrDefault(pid, 9L);
        String noted = paths.getOrDefault(pid, "");
        String before = images.before(pid, uniqueId, "parent");
        assertTrue(before.equals("parent") || before.equals(noted), before);
        String now = images.of(pid);
        assertTrue(now.isEmpty() || now.equals(noted), now);
      }
    }
  }
}
