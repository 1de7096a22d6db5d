package redoubt.testing.system;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/// The agent is killed at every step of an engine's start while programs are being started: their
/// starts go on, and of the engines nothing is left.
class EngineStartTest {
  private static final Duration HARD_DEADLINE = Duration.ofSeconds(2);
  private static final Duration LIMIT = Duration.ofSeconds(20);

  @ParameterizedTest
  @EnumSource(mode = EnumSource.Mode.EXCLUDE, names = "ANSWERING")
  void agentKilledDuringAnEnginesStart(StagedEngine.Stage stage) throws Exception {
    try (TestEngines engines = new TestEngines();
        ScratchFileSystem scratch = ScratchFileSystem.tmpfs()) {
      Path good = scratch.program("good", Specimen.PROGRAM.good());
      try (RunningAgent agent = RunningAgent.start(scratch, "--engine", engines.staged());
          Load load = Load.executing(4, List.of(good))) {
        engines.stopAt(stage);
        kill(stagedPid(agent));
        Await.until(
            "engine stopped at " + stage,
            LIMIT,
            () -> agent.printed(StagedEngine.stoppedAt(stage)) > 0);
        engines.stopAt(StagedEngine.Stage.ANSWERING);
        List<ProcessHandle> family = descendants(agent.pid());
        assertTrue(family.size() >= 3, "spawner and two engines expected: " + family);
        kill(agent.pid());
        Processes.awaitEnd(family, LIMIT);
        Await.until("another agent", LIMIT, () -> agent.printed("redoubt: protecting") == 2);
        Load.Tally tally = load.stop(good);
        assertEquals(0, tally.denied() + tally.failed(), tally.toString());
        assertTrue(tally.within(HARD_DEADLINE), tally + agent.log());
        assertEquals(0, agent.stop());
      }
      Await.until("empty control groups", LIMIT, () -> groupsOfStaged().isEmpty());
    }
  }

  /// Whoever kills everything of Redoubt that root runs leaves no engine behind.
  @Test
  void anEngineEndsWithTheProcessThatConfinesIt() throws Exception {
    try (TestEngines engines = new TestEngines();
        ScratchFileSystem scratch = ScratchFileSystem.tmpfs();
        RunningAgent agent = RunningAgent.start(scratch, "--engine", engines.staged())) {
      long engine = stagedPid(agent);
      kill(ProcessHandle.of(engine).orElseThrow().parent().orElseThrow().pid());
      Await.until("end of the engine", LIMIT, () -> !Processes.isRunning(engine));
      Await.until("another engine", LIMIT, () -> !agent.state().equals("degraded"));
    }
  }

  private static long stagedPid(RunningAgent agent) throws IOException {
    for (JsonNode engine : agent.status().path("engines")) {
      if (engine.path("id").asText().equals("scanner-staged")) {
        return engine.path("pid").asLong();
      }
    }
    throw new AssertionError("no staged engine" + agent.log());
  }

  private static List<ProcessHandle> descendants(long pid) {
    List<ProcessHandle> family = new ArrayList<>();
    ProcessHandle.of(pid).orElseThrow().descendants().forEach(family::add);
    assertFalse(family.isEmpty());
    return family;
  }

  private static void kill(long pid) {
    Outcome.of("kill", "-KILL", pid).requireSuccess();
  }

  /// The processes in the staged engine's control groups, in every hierarchy of the host.
  private static List<String> groupsOfStaged() throws IOException {
    List<String> pids = new ArrayList<>();
    Path groups = Path.of("/sys/fs/cgroup");
    try (DirectoryStream<Path> hierarchies = Files.newDirectoryStream(groups, Files::isDirectory)) {
      for (Path hierarchy : hierarchies) {
        try (DirectoryStream<Path> rooms = Files.newDirectoryStream(hierarchy, "redoubt*")) {
          for (Path room : rooms) {
            Path procs = room.resolve("scanner-staged/cgroup.procs");
            if (Files.exists(procs)) {
              pids.addAll(Files.readAllLines(procs));
              pids.removeIf(pid -> !Processes.isRunning(Long.parseLong(pid)));
            }
          }
        }
      }
    }
    return pids;
  }
}
