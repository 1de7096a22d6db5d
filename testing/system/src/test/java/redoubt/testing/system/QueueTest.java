package redoubt.testing.system;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import redoubt.agent.journal.JournalLine;
import redoubt.core.linux.KernelFile;

/// The kernel's queue of events is as short as the kernel allows: what waits for an answer is never
/// lost, because such a queue has no bound; what is only told is, and that is on record.
class QueueTest {
  private static final Path LIMIT = Path.of("/proc/sys/fs/fanotify/max_queued_events");
  private static final int STARTERS = 64;

  private String limitBefore = "";

  @BeforeEach
  void shortenQueues() throws IOException {
    limitBefore = KernelFile.read(LIMIT.toString()).strip();
    Files.writeString(LIMIT, "4");
  }

  @AfterEach
  void restoreQueues() throws IOException {
    Files.writeString(LIMIT, limitBefore);
    assertEquals(limitBefore, KernelFile.read(LIMIT.toString()).strip());
  }

  @Test
  void nothingThatWaitsIsLost() throws Exception {
    try (ScratchFileSystem scratch = ScratchFileSystem.tmpfs()) {
      Path bad = scratch.program("bad", Specimen.SCRIPT.bad());
      try (RunningAgent agent = RunningAgent.start(scratch)) {
        int pid = agent.pid();
        Outcome.of("kill", "-STOP", pid).requireSuccess();
        try (Load load = Load.executing(STARTERS, List.of(bad))) {
          Outcome.of("kill", "-CONT", pid).requireSuccess();
          Load.Tally tally = load.stop(bad);
          assertEquals(0, tally.allowed(), "let through unasked: " + tally);
          assertTrue(tally.denied() >= STARTERS, tally.toString());
        }
        assertEquals(pid, agent.pid());
      }
    }
  }

  @Test
  void whatWasOnlyToldAndLostIsOnRecord() throws Exception {
    try (ScratchFileSystem scratch = ScratchFileSystem.tmpfs()) {
      Path good = scratch.program("good", Specimen.SCRIPT.good());
      try (RunningAgent agent = RunningAgent.start(scratch, "--observe-only")) {
        assertEquals("observing", agent.state());
        Outcome.of("kill", "-STOP", agent.pid()).requireSuccess();
        assertEquals(STARTERS, Load.rounds(STARTERS, good).allowed());
        Outcome.of("kill", "-CONT", agent.pid()).requireSuccess();
        agent.awaitLine(
            "LOSS notice about the queue",
            line ->
                line.kind() == JournalLine.Kind.NOTICE
                    && line.code().equals("LOSS")
                    && line.message().contains("queue"));
        assertTrue(agent.counter("queue_overflows_total") > 0);
      }
    }
  }
}
