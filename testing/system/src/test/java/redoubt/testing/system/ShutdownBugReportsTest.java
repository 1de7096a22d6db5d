package redoubt.testing.system;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/// fapolicyd #227 and its commit 3834b98: a daemon that is stopped leaves behind operations that
/// nobody answers any more, or waits for itself.
class ShutdownBugReportsTest {
  private static final int WAITING = 6;

  /// Engines are waited for so long here that a program which goes on sooner was let go by the
  /// stop.
  private static final Duration SOFT_DEADLINE = Duration.ofSeconds(9);

  private static final Duration LONGEST = Duration.ofSeconds(4);
  private static final Duration END_LIMIT = Duration.ofSeconds(20);

  enum Way {
    COMMAND {
      @Override
      void stop(RunningAgent agent) {
        agent.command("stop").requireSuccess();
      }
    },
    /// What a terminal does: every process of the group gets the signal.
    CONTROL_C {
      @Override
      void stop(RunningAgent agent) throws IOException {
        String group =
            Outcome.of("ps", "-o", "pgid=", "-p", agent.supervisorPid()).output().strip();
        Outcome.of("kill", "-INT", "--", "-" + group).requireSuccess();
      }
    },
    TERM {
      @Override
      void stop(RunningAgent agent) throws IOException {
        Outcome.of("kill", "-TERM", agent.supervisorPid()).requireSuccess();
      }
    };

    abstract void stop(RunningAgent agent) throws IOException;
  }

  /// While programs wait for an engine that stands still and a scan for a file system that does.
  @ParameterizedTest
  @EnumSource
  void whateverWaitsGoesOnAtOnce(Way way) throws Exception {
    try (ScratchFileSystem scratch = ScratchFileSystem.tmpfs()) {
      Path source = scratch.program("source", Specimen.PROGRAM.good());
      List<Path> programs = new ArrayList<>();
      for (int i = 0; i < WAITING; i++) {
        programs.add(scratch.program("waits-" + i, Specimen.PROGRAM.good(i)));
      }
      try (FuseFileSystem fuse = FuseFileSystem.serving(source);
          RunningAgent agent =
              RunningAgent.start(
                  scratch,
                  "--soft-deadline-ms",
                  SOFT_DEADLINE.toMillis(),
                  "--hard-deadline-ms",
                  SOFT_DEADLINE.plusSeconds(5).toMillis())) {
        long supervisor = agent.supervisorPid();
        fuse.hold(FuseFileSystem.Request.OPEN);
        Process scan = scan(agent, fuse.path("source"));
        fuse.awaitHeld();
        Outcome.of("kill", "-STOP", agent.enginePid()).requireSuccess();
        long asked = agent.counter("events_read_total");
        try (Load load = Load.executing(WAITING, programs)) {
          Await.until(
              "programs that wait",
              LONGEST,
              () -> agent.counter("events_read_total") >= asked + WAITING);
          long begun = System.nanoTime();
          way.stop(agent);
          Await.until("the end", END_LIMIT, () -> !Processes.isRunning(supervisor));
          Duration took = Duration.ofNanos(System.nanoTime() - begun);
          for (Load.Tally tally : load.stop().values()) {
            assertEquals(0, tally.denied() + tally.failed(), tally.toString());
            assertTrue(tally.within(LONGEST), tally + " stopped in " + took);
          }
        }
        scan.destroyForcibly();
      }
    }
  }

  private static Process scan(RunningAgent agent, Path file) throws IOException {
    ProcessBuilder builder =
        new ProcessBuilder(Distribution.frontDoor().toString(), "scan", file.toString());
    builder.environment().putAll(agent.environment());
    return builder.redirectErrorStream(true).start();
  }
}
