package redoubt.testing.system;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import redoubt.agent.journal.JournalLine;

/// What a host feels when the agent, its engine or its spawner stops, stalls or dies while programs
/// are being started: nobody waits longer than the hard deadline, nothing is denied wrongly,
/// protection comes back, and the gap is on record.
///
/// The scratch file system is a tmpfs, of whose files nothing is remembered, so that every start
/// asks the engine.
class FaultsTest {
  private static final Duration HARD_DEADLINE = Duration.ofSeconds(2);
  private static final Duration RECOVERY_LIMIT = Duration.ofSeconds(20);

  /// A thread of the agent that may not run for so long is late for its deadman.
  private static final Duration MACHINE_STOOD = Duration.ofMillis(500);

  private static final int REPEATS = 2;
  private static final int STARTERS = 4;
  private static final int PROGRAMS = 8;

  enum Fault {
    STOP,
    KILL,
    ABRT;

    void inflict(long... pids) {
      List<Object> command = new ArrayList<>(List.of("kill", "-" + name()));
      for (long pid : pids) {
        command.add(pid);
      }
      Outcome.of(command.toArray()).requireSuccess();
    }
  }

  /// An agent under load, and what is asked of it afterwards.
  private static final class Scene implements AutoCloseable {
    final Path bad;
    final RunningAgent agent;
    final Load load;

    Scene(ScratchFileSystem scratch) throws Exception {
      bad = scratch.program("bad", Specimen.PROGRAM.bad());
      List<Path> clean = new ArrayList<>();
      for (int i = 0; i < PROGRAMS; i++) {
        clean.add(scratch.program("clean-" + i, Specimen.PROGRAM.good(i)));
      }
      agent = RunningAgent.start(scratch);
      load = Load.executing(STARTERS, clean);
    }

    /// The supervisor has started another agent; how soon it does is what `make bench` measures.
    void awaitAnotherAgent(long dead) throws Exception {
      Await.until("death of the agent", HARD_DEADLINE, () -> !Processes.isRunning(dead));
      Await.until("another agent", RECOVERY_LIMIT, () -> agent.printed("is restarted") > 0);
    }

    void awaitProtection() throws Exception {
      Await.until("denial of the bad program", RECOVERY_LIMIT, () -> Load.once(bad).denied() == 1);
    }

    /// Nobody waited too long, and nothing was denied wrongly.
    void requireUnharmed() throws Exception {
      Map<Path, Load.Tally> tallies = load.stop();
      assertEquals(PROGRAMS, tallies.size());
      for (Load.Tally tally : tallies.values()) {
        assertEquals(0, tally.denied(), "wrongly denied: " + tally);
        assertEquals(0, tally.failed(), "failed: " + tally);
        assertTrue(tally.allowed() > 0, "never started: " + tally);
        assertTrue(tally.within(HARD_DEADLINE), "waited too long: " + tally);
      }
    }

    /// Every run but the last ended without stopping, and each gap is on record.
    void requireGaps(int gaps) throws Exception {
      Await.until("GAP notices", RECOVERY_LIMIT, () -> notices("GAP").size() == gaps);
    }

    void awaitNotice(String code) throws Exception {
      Await.until(code + " notice", RECOVERY_LIMIT, () -> !notices(code).isEmpty());
    }

    List<JournalLine> notices(String code) throws IOException {
      return agent.journal(
          line -> line.kind() == JournalLine.Kind.NOTICE && line.code().equals(code));
    }

    @Override
    public void close() {
      load.close();
      agent.close();
    }
  }

  /// What is done to an agent under load, and asked of it.
  @FunctionalInterface
  private interface Script {
    void play(Scene scene) throws Exception;
  }

  /// Plays a script. Where the machine itself stood still for longer than an agent may, the agent
  /// was right to end, and the script is played again.
  private static void play(Script script) throws Exception {
    for (int stood = 0; ; stood++) {
      try (Stalls stalls = new Stalls()) {
        try (ScratchFileSystem scratch = ScratchFileSystem.tmpfs();
            Scene scene = new Scene(scratch)) {
          script.play(scene);
          return;
        } catch (AssertionError e) {
          if (stalls.longest().compareTo(MACHINE_STOOD) < 0 || stood == REPEATS) {
            throw e;
          }
          System.out.println(
              "played again: " + e.getMessage() + ", the machine stood for " + stalls.longest());
        }
      }
    }
  }

  @Test
  void agentStalled() throws Exception {
    agentStruckBy(Fault.STOP);
  }

  @ParameterizedTest
  @EnumSource(names = {"KILL", "ABRT"})
  void agentKilled(Fault fault) throws Exception {
    agentStruckBy(fault);
  }

  private static void agentStruckBy(Fault fault) throws Exception {
    play(scene -> {
      int struck = scene.agent.pid();
      fault.inflict(struck);
      scene.awaitAnotherAgent(struck);
      scene.awaitProtection();
      assertNotEquals(struck, scene.agent.pid());
      scene.requireGaps(1);
      scene.requireUnharmed();
    });
  }

  /// A stopped process can still be signalled; one in a frozen control group stands for every stall
  /// in which it cannot do anything at all, such as a pause of its virtual machine.
  @Test
  void agentFrozen() throws Exception {
    play(scene -> {
      try (FreezerGroup freezer = new FreezerGroup()) {
        int struck = scene.agent.pid();
        freezer.freeze(struck);
        scene.awaitAnotherAgent(struck);
        scene.awaitProtection();
        scene.requireGaps(1);
        scene.requireUnharmed();
      }
    });
  }

  @ParameterizedTest
  @EnumSource(names = {"KILL", "ABRT"})
  void engineKilled(Fault fault) throws Exception {
    play(scene -> {
      int agentPid = scene.agent.pid();
      fault.inflict(scene.agent.enginePid());
      scene.awaitNotice("ENGINE_GONE");
      Await.until(
          "engine started again", RECOVERY_LIMIT, () -> scene.notices("ENGINE_READY").size() == 2);
      scene.awaitProtection();
      assertEquals(agentPid, scene.agent.pid());
      scene.requireGaps(0);
      scene.requireUnharmed();
    });
  }

  /// The agent answers for a silent engine and after a few misses no longer waits for it; an engine
  /// that goes on is waited for again.
  @Test
  void engineStalled() throws Exception {
    play(scene -> {
      int struck = scene.agent.enginePid();
      Fault.STOP.inflict(struck);
      scene.awaitNotice("ENGINE_DEMOTED");
      Outcome.of("kill", "-CONT", struck).requireSuccess();
      scene.awaitNotice("ENGINE_RECOVERED");
      scene.awaitProtection();
      scene.requireGaps(0);
      scene.requireUnharmed();
    });
  }

  @ParameterizedTest
  @EnumSource
  void agentAndEngineStruckTogether(Fault fault) throws Exception {
    play(scene -> {
      int struck = scene.agent.pid();
      fault.inflict(scene.agent.enginePid(), struck);
      scene.awaitAnotherAgent(struck);
      scene.awaitProtection();
      scene.requireGaps(1);
      scene.requireUnharmed();
    });
  }

  /// An agent that can start no engines is not whole: it ends and is started again.
  @Test
  void spawnerDies() throws Exception {
    play(scene -> {
      int agentPid = scene.agent.pid();
      Fault.KILL.inflict(spawnerOf(agentPid));
      scene.awaitAnotherAgent(agentPid);
      scene.awaitProtection();
      assertNotEquals(agentPid, scene.agent.pid());
      scene.requireGaps(1);
      scene.requireUnharmed();
    });
  }

  private static long spawnerOf(int agentPid) {
    return ProcessHandle.of(agentPid).orElseThrow().children().findFirst().orElseThrow().pid();
  }
}
