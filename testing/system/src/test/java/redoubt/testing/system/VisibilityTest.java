package redoubt.testing.system;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static redoubt.testing.system.CoveredHost.Judged.EXECS;
import static redoubt.testing.system.CoveredHost.Judged.EXECS_AND_OPENS;
import static redoubt.testing.system.Specimen.DYNAMIC_PROGRAM;
import static redoubt.testing.system.Specimen.LIBRARY;
import static redoubt.testing.system.Specimen.PROGRAM;
import static redoubt.testing.system.Specimen.SCRIPT;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import redoubt.agent.journal.JournalLine;
import redoubt.testing.system.CoveredHost.Judged;
import redoubt.testing.system.CoveredHost.Trial;

/// What the kernel lets us see of a bad file's use, and what not: one table.
///
/// What is not seen goes through, and must stand in `docs/limitations.md`.
class VisibilityTest {
  private static final Path LIMITATIONS = Path.of("../../docs/limitations.md");

  private static CoveredHost host;

  /// One row of the table.
  ///
  /// @param seen the classes of events
  /// @param limitation words of the limitations that tell of what is not seen
  record Row(Route route, Specimen specimen, Judged judged, String seen, String limitation) {
    static Row seen(Route route, Specimen specimen, Judged judged, String seen) {
      return new Row(route, specimen, judged, seen, "");
    }

    static Row unseen(Route route, Specimen specimen, Judged judged, String limitation) {
      return new Row(route, specimen, judged, "", limitation);
    }
  }

  static Stream<Row> table() {
    return Stream.of(
        Row.seen(Route.LATER_BIND_MOUNT, PROGRAM, EXECS, "EXEC"),
        Row.seen(Route.NEW_MOUNT_NAMESPACE, PROGRAM, EXECS, "EXEC"),
        Row.seen(Route.OVERLAY_LOWER, PROGRAM, EXECS, "EXEC"),
        Row.unseen(Route.IN_MEMORY, PROGRAM, EXECS, "memfd_create"),
        Row.seen(Route.IN_MEMORY, PROGRAM, EXECS_AND_OPENS, "OPEN"),
        Row.unseen(Route.INHERITED_DESCRIPTOR, PROGRAM, EXECS, "passed on or inherited"),
        Row.unseen(Route.PASSED_DESCRIPTOR, PROGRAM, EXECS, "passed on or inherited"),
        Row.unseen(Route.LOADER_STARTS_PROGRAM, DYNAMIC_PROGRAM, EXECS, "ld-linux"),
        Row.seen(Route.LOADER_STARTS_PROGRAM, DYNAMIC_PROGRAM, EXECS_AND_OPENS, "OPEN"),
        Row.unseen(Route.PRELOADED_LIBRARY, LIBRARY, EXECS, "`LD_PRELOAD`"),
        Row.seen(Route.PRELOADED_LIBRARY, LIBRARY, EXECS_AND_OPENS, "OPEN"),
        Row.seen(Route.DIRECT_EXEC, SCRIPT, EXECS, "EXEC"),
        Row.unseen(Route.SHELL_READS_SCRIPT, SCRIPT, EXECS, "`sh script`"),
        Row.seen(Route.SHELL_READS_SCRIPT, SCRIPT, EXECS_AND_OPENS, "OPEN"),
        Row.unseen(Route.SHELL_TEXT_AS_ARGUMENT, SCRIPT, EXECS, "`sh -c`"),
        Row.unseen(Route.SHELL_TEXT_ON_STANDARD_INPUT, SCRIPT, EXECS, "standard input"),
        Row.seen(Route.EXECVE_CHECK, SCRIPT, EXECS, "EXEC"),
        Row.seen(Route.IO_URING_OPEN, PROGRAM, EXECS_AND_OPENS, "OPEN"),
        Row.seen(Route.DELETED_BY_DESCRIPTOR, PROGRAM, EXECS, "EXEC"),
        Row.seen(Route.EXEC_WHILE_WRITTEN, PROGRAM, EXECS, "EXEC"),
        Row.unseen(Route.PATH_ONLY_OPEN, PROGRAM, EXECS_AND_OPENS, "`O_PATH`"),
        Row.seen(Route.PATH_ONLY_DESCRIPTOR, PROGRAM, EXECS, "EXEC"),
        Row.unseen(Route.NAMES_AND_MODES, PROGRAM, EXECS_AND_OPENS, "rename, unlink, chmod"));
  }

  @BeforeAll
  static void startAgent() throws Exception {
    host = CoveredHost.start();
  }

  @AfterAll
  static void stopAgent() throws Exception {
    host.close();
  }

  @ParameterizedTest
  @MethodSource("table")
  void isSeenAndStoppedOrWrittenDown(Row row) throws Exception {
    Trial trial = host.use(row.specimen.bad(), row.judged, row.route::take);
    assertEquals(row.seen, trial.seen(), trial::toString);
    assertEquals(row.seen.isEmpty(), trial.outcome().ran(), trial::toString);
    assertTrue(Files.readString(LIMITATIONS).contains(row.limitation), row.limitation);
  }

  @Test
  void aDescriptorOpenedBeforeTheAgentIsSeenOnlyWhenItIsExecuted() throws Exception {
    try (ScratchFileSystem scratch = ScratchFileSystem.ext4(32)) {
      Path bad = scratch.program("bad", PROGRAM.bad());
      Conversation early =
          new Conversation(Programs.path("descriptor").toString(), "early", bad.toString());
      assertEquals("ready", early.readLine());
      try (RunningAgent agent = RunningAgent.start(scratch, "--opens", scratch.root().toString())) {
        assertEquals(Specimen.GREETING, early.proceed(), "mapped and read");
        assertEquals("ready", early.readLine());
        assertTrue(agent.findDecision(bad).isEmpty());
        assertEquals("exec: Operation not permitted", early.proceed());
        assertEquals("EXEC", agent.awaitDecision(bad).code());
      } finally {
        early.end();
      }
    }
    String limitations = Files.readString(LIMITATIONS);
    assertTrue(limitations.contains("opened **before** its file system was marked"));
  }

  @Test
  void anOpenIsJudgedOnceForWhoeverOpened() throws Exception {
    for (Route route : List.of(Route.INHERITED_DESCRIPTOR, Route.PASSED_DESCRIPTOR)) {
      Trial trial = host.use(PROGRAM.good(), EXECS_AND_OPENS, route::take);
      assertTrue(trial.outcome().ran(), trial::toString);
      List<Integer> askers = trial.decisions().stream().map(JournalLine::pid).toList();
      assertEquals(List.of((int) trial.outcome().pid()), askers);
    }
  }

  @Test
  void anIoUringOpenIsTheProcessesThatAskedForIt() throws Exception {
    Trial trial = host.use(PROGRAM.good(), EXECS_AND_OPENS, Route.IO_URING_OPEN::take);
    assertEquals((int) trial.outcome().pid(), trial.decisions().getLast().pid());
  }

  @Test
  void aDeletedFileIsCalledSo() throws Exception {
    Trial trial = host.use(PROGRAM.bad(), EXECS, Route.DELETED_BY_DESCRIPTOR::take);
    assertEquals(trial.file() + " (deleted)", trial.decisions().getLast().path());
  }

  @Test
  void theKernelItselfRefusesAnAllowedProgramThatIsOpenForWriting() throws Exception {
    Trial trial = host.use(PROGRAM.good(), EXECS, Route.EXEC_WHILE_WRITTEN::take);
    assertEquals("ALLOW", trial.answers());
    assertFalse(trial.outcome().ran());
    assertTrue(trial.outcome().output().contains("Text file busy"), trial::toString);
  }

  /// A program that goes on whenever it is given a line.
  private static final class Conversation {
    private final Process process;
    private final BufferedReader output;

    Conversation(String... command) throws IOException {
      ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(true);
      process = builder.start();
      output = process.inputReader();
    }

    String readLine() throws IOException {
      return String.valueOf(output.readLine());
    }

    String proceed() throws IOException {
      process.getOutputStream().write('\n');
      process.getOutputStream().flush();
      return readLine();
    }

    void end() {
      process.destroyForcibly();
    }
  }
}
