package redoubt.testing.system;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/// A thread of the agent waits for a disk that never answers, in a call that not even SIGKILL ends,
/// when the agent dies: the process stays, and its hook must not.
class HangingThreadTest {
  private static final Duration HARD_DEADLINE = Duration.ofSeconds(2);
  private static final Duration PATIENCE = Duration.ofSeconds(20);
  private static final Duration UNTIL_IT_WAITS = Duration.ofMillis(300);
  private static final int BLOCKS = 16;
  private static final int BLOCK_BYTES = 4096;

  /// What has the agent read the file.
  enum Reason {
    /// Its owner wants it scanned.
    SCAN {
      @Override
      List<Object> command(Path file) {
        return List.of(Distribution.frontDoor(), "scan", file);
      }
    },
    /// Somebody wants to execute it.
    EXEC {
      @Override
      List<Object> command(Path file) {
        return List.of(file);
      }
    };

    abstract List<Object> command(Path file);
  }

  /// To know where the parts of a file with holes lie, ext4 reads the disk once more, and waits for
  /// it whatever comes.
  private static byte[] withHoles() {
    byte[] content = new byte[BLOCKS * 2 * BLOCK_BYTES];
    for (int i = 0; i < BLOCKS; i++) {
      content[i * 2 * BLOCK_BYTES] = 1;
    }
    return content;
  }

  @ParameterizedTest
  @EnumSource(Reason.class)
  void theDeathOfTheAgentFreesTheHostThoughAThreadOfItNeverEnds(Reason reason) throws Exception {
    try (FailingDisk disk = FailingDisk.with(Map.of("holes", withHoles()));
        ScratchFileSystem scratch = ScratchFileSystem.tmpfs();
        RunningAgent agent = RunningAgent.start(scratch, "--filesystem", disk.root());
        ExecutorService starter = Executors.newSingleThreadExecutor()) {
      Path bad = scratch.program("bad", Specimen.PROGRAM.bad());
      int pid = agent.pid();
      disk.hold();
      Process reader = begin(agent, reason.command(disk.path("holes")));
      Await.until("a thread that waits for the disk", PATIENCE, () -> waitsForDisk(pid));
      assertEquals(1, Load.once(bad).denied(), "the others go on");

      Outcome.of("kill", "-STOP", pid).requireSuccess();
      Future<Load.Tally> waiting = starter.submit(() -> Load.once(bad));
      Thread.sleep(UNTIL_IT_WAITS);
      assertFalse(waiting.isDone(), "the hook is open");
      Outcome.of("kill", "-KILL", pid).requireSuccess();
      Load.Tally tally = waiting.get();
      assertEquals(1, tally.allowed(), tally.toString());
      assertTrue(tally.within(HARD_DEADLINE), tally.toString());
      assertTrue(waitsForDisk(pid), "the thread has ended");

      disk.serve();
      Await.until("another agent", PATIENCE, () -> agent.printed("is restarted") > 0);
      Await.until("protection", PATIENCE, () -> Load.once(bad).denied() == 1);
      reader.destroyForcibly();
      assertEquals(0, agent.stop());
    }
  }

  private static Process begin(RunningAgent agent, List<Object> command) throws IOException {
    List<String> words = new ArrayList<>(List.of("env"));
    agent.environment().forEach((name, value) -> words.add(name + "=" + value));
    command.forEach(word -> words.add(word.toString()));
    return new ProcessBuilder(words)
        .redirectErrorStream(true)
        .redirectOutput(ProcessBuilder.Redirect.DISCARD)
        .start();
  }

  private static boolean waitsForDisk(int pid) throws IOException {
    try (Stream<Path> threads = Files.list(Path.of("/proc/" + pid + "/task"))) {
      return threads.anyMatch(thread -> {
        try {
          return Files.readString(thread.resolve("status")).contains("\nState:\tD");
        } catch (IOException _) {
          return false; // it has ended
        }
      });
    }
  }
}
