package redoubt.testing.system;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/// `redoubt stop` while programs are started and files opened as fast as they can be.
class StopTest {
  private static final int LOOPS = 4;
  private static final int SECONDS = 12;
  private static final long LONGEST_MILLIS = 2_000;
  private static final Pattern REPORT =
      Pattern.compile("rounds=(\\d+) errors=(\\d+) worst_ms=(\\d+)\n");

  /// On tmpfs no verdict is remembered, so that each of them waits for the engine.
  @Test
  void nobodyWaitsLongAndNobodyIsRefused() throws Exception {
    try (ScratchFileSystem scratch = ScratchFileSystem.tmpfs();
        ExecutorService loops = Executors.newCachedThreadPool();
        RunningAgent agent = RunningAgent.start(scratch, "--opens", scratch.root())) {
      List<Future<Outcome>> reports = new ArrayList<>();
      for (int i = 0; i < LOOPS; i++) {
        Path file = scratch.program("busy-" + i, Specimen.PROGRAM.good(i));
        reports.add(loops.submit(() -> Outcome.of(Programs.path("waits"), file, SECONDS)));
      }
      for (int i = 0; i < LOOPS; i++) {
        agent.awaitDecision(scratch.path("busy-" + i));
      }
      assertEquals(0, agent.stop());
      assertFalse(reports.stream().anyMatch(Future::isDone), "stopped before the loops ended");
      for (Future<Outcome> report : reports) {
        judge(report.get());
      }
    }
  }

  private static void judge(Outcome loop) {
    Matcher report = REPORT.matcher(loop.requireSuccess().output());
    assertTrue(report.matches(), loop::toString);
    assertTrue(Long.parseLong(report.group(1)) > 0, loop::toString);
    assertEquals("0", report.group(2), loop::toString);
    assertTrue(Long.parseLong(report.group(3)) < LONGEST_MILLIS, loop::toString);
  }
}
