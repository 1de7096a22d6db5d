package redoubt.testing.system;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/// fapolicyd #342 and #427, in every form that a log of ours has: whoever takes what is logged
/// takes nothing more, while programs are started. There a daemon waited for journald, which waited
/// for the daemon.
class LogBugReportsTest {
  private static final Duration HARD_DEADLINE = Duration.ofSeconds(2);
  private static final Duration LIMIT = Duration.ofSeconds(20);
  private static final int PROGRAMS = 8;

  /// Passes on what is printed until the agent protects, and then reads nothing more.
  private static final String DEAF_READER =
      """
      { "$@" 2>&1; echo $? >"$STATUS"; } | {
        while read -r line; do
          echo "$line"
          case $line in *protecting*) break ;; esac
        done
        exec sleep 300
      }
      """;

  private static ScratchFileSystem scratch;
  private static ScratchFileSystem state;
  private static RunningAgent agent;
  private static Path status;
  private static Path good;
  private static Path bad;

  private static List<Path> programs(ScratchFileSystem on) throws IOException {
    List<Path> programs = new ArrayList<>();
    for (int i = 0; i < PROGRAMS; i++) {
      programs.add(on.program("program-" + i, Specimen.PROGRAM.good(i)));
    }
    return programs;
  }

  private static void requireUnharmed(Load load) throws Exception {
    for (Load.Tally tally : load.stop().values()) {
      assertEquals(0, tally.denied() + tally.failed(), tally.toString());
      assertTrue(tally.allowed() > 0, tally.toString());
      assertTrue(tally.within(HARD_DEADLINE), tally.toString());
    }
  }

  /// Its output goes to a reader that reads no more, and its journal to a little disk.
  @BeforeAll
  static void startAgent() throws Exception {
    scratch = ScratchFileSystem.tmpfs();
    state = ScratchFileSystem.ext4(24);
    status = scratch.path("status");
    String stateVariable = "REDOUBT_STATE_DIR=" + state.path("state");
    String statusVariable = "STATUS=" + status;
    agent =
        RunningAgent.startAt(
            _ -> List.of("env", stateVariable, statusVariable, "sh", "-c", DEAF_READER, "sh"),
            List.of("--filesystem", scratch.root().toString(), "--opens", "/"));
    String output = "/proc/" + agent.pid() + "/fd/2";
    Outcome.of("dd", "if=/dev/zero", "of=" + output, "oflag=nonblock", "bs=1");
    good = scratch.program("good", Specimen.PROGRAM.good());
    bad = scratch.program("bad", Specimen.PROGRAM.bad());
  }

  @AfterAll
  static void stopAgent() throws Exception {
    try (Load load = Load.executing(2, programs(scratch))) {
      long supervisor = agent.supervisorPid();
      agent.command("stop").requireSuccess();
      Await.until("the end", LIMIT, () -> !Processes.isRunning(supervisor));
      Await.until("its status", LIMIT, () -> Files.exists(status) && Files.size(status) > 0);
      assertEquals("0", Files.readString(status).strip());
      requireUnharmed(load);
    } finally {
      agent.close();
      state.close();
      scratch.close();
    }
  }

  /// The pipe of its output is full and nobody reads it: nothing that prints may hold up anybody.
  @Test
  void nobodyReadsWhatItPrints() throws Exception {
    try (Load load = Load.executing(2, programs(scratch))) {
      int engine = agent.enginePid();
      Outcome.of("kill", "-KILL", engine).requireSuccess();
      Await.until("another engine", LIMIT, () -> agent.enginePid() != engine);
      Await.until("denial", LIMIT, () -> Load.once(bad).denied() == 1);
      requireUnharmed(load);
    }
  }

  /// What log rotation and full or frozen disks do to the agent's own journal.
  @Test
  void itsJournalIsTakenAwayAndItsDiskIsFullAndFrozen() throws Exception {
    try (Load load = Load.executing(2, programs(scratch))) {
      Path journal = state.path("state/journal");
      for (String how :
          List.of(
              "mv journal.jsonl journal.jsonl.1",
              "rm -f journal.jsonl*",
              "mv \"$PWD\" \"$PWD.old\"",
              "dd if=/dev/zero of=/proc/self/cwd/../../full bs=64K 2>/dev/null; :")) {
        if (!Files.isDirectory(journal)) {
          journal = newestJournal(state);
        }
        Outcome.of("sh", "-c", "cd \"$1\" && " + how, "sh", journal).requireSuccess();
        UsableHost.require(good, bad, agent);
      }
      Outcome.of("fsfreeze", "--freeze", state.root()).requireSuccess();
      try {
        for (int i = 0; i < 20; i++) {
          UsableHost.require(good, bad, agent);
        }
      } finally {
        Outcome.of("fsfreeze", "--unfreeze", state.root()).requireSuccess();
      }
      requireUnharmed(load);
      Await.until("all engines", LIMIT, () -> agent.state().equals("enforcing"));
    }
  }

  private static Path newestJournal(ScratchFileSystem state) throws IOException {
    try (DirectoryStream<Path> folders =
        Files.newDirectoryStream(state.path("state"), "journal*")) {
      return folders.iterator().next();
    }
  }
}
