package redoubt.testing.system;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import redoubt.agent.journal.JournalLine;

/// The agent reads no more events than it has descriptors for; where somebody takes its descriptors
/// away, the kernel denies by itself, and the agent counts and reports that.
class DescriptorsTest {
  private static final Duration HARD_DEADLINE = Duration.ofSeconds(2);
  private static final int OPENERS = 300;
  private static final int FILES = 20;

  /// Of these 1,024 are reserved for everything else.
  private static final int SCARCE = 1_100;

  @Test
  void neverReadsMoreThanItCanHold() throws Exception {
    Path folder = Folders.make("redoubt-limit-");
    try (ScratchFileSystem scratch = ScratchFileSystem.tmpfs()) {
      Path launcher = folder.resolve("launcher");
      Files.writeString(
          launcher,
          """
          #!/bin/sh
          exec prlimit --nofile=%1$d:%1$d -- "$REDOUBT_HOME/libexec/redoubt-java" agent "$@"
          """
              .formatted(SCARCE));
      Folders.open(launcher);
      Map<String, String> variables = Map.of("REDOUBT_AGENT_COMMAND", launcher.toString());
      List<Path> files = files(scratch);
      try (RunningAgent agent =
          RunningAgent.startWith(variables, scratch, "--opens", scratch.root())) {
        int pid = agent.pid();
        requireLimit(pid);
        for (Load.Tally tally : Load.opening(OPENERS, files)) {
          assertEquals(OPENERS, tally.allowed(), tally.toString());
          assertTrue(tally.within(HARD_DEADLINE), tally.toString());
        }
        assertEquals(0, agent.counter("kernel_denials_total"));
        assertTrue(agent.counter("reads_deferred_total") > 0);
        assertEquals(pid, agent.pid());
      }
    } finally {
      Outcome.of("rm", "-rf", folder).requireSuccess();
    }
  }

  @Test
  void denialsOfTheKernelAreCountedAndReported() throws Exception {
    try (ScratchFileSystem scratch = ScratchFileSystem.tmpfs()) {
      Path good = scratch.program("good", Specimen.PROGRAM.good());
      try (RunningAgent agent = RunningAgent.start(scratch)) {
        assertEquals(1, Load.once(good).allowed());
        String before = limitOf(agent.pid());
        limit(agent.pid(), "8:" + before);
        Load.Tally starved = Load.rounds(10, good);
        assertEquals(10, starved.denied(), starved.toString());
        limit(agent.pid(), before + ":" + before);
        assertEquals(10, Load.rounds(10, good).allowed());
        JournalLine notice =
            agent.awaitLine(
                "KERNEL_DENIAL notice",
                line ->
                    line.kind() == JournalLine.Kind.NOTICE && line.code().equals("KERNEL_DENIAL"));
        assertTrue(notice.message().contains("count="), notice.message());
        assertEquals(10, agent.counter("kernel_denials_total"));
      }
    }
  }

  private static List<Path> files(ScratchFileSystem scratch) throws Exception {
    List<Path> files = new ArrayList<>();
    for (int i = 0; i < FILES; i++) {
      byte[] content = ("file " + i).getBytes(StandardCharsets.UTF_8);
      files.add(Files.write(scratch.path("file-" + i), content));
    }
    return files;
  }

  private static void requireLimit(int pid) {
    assertEquals(Integer.toString(SCARCE), limitOf(pid));
  }

  /// The descriptor limit that the process cannot raise by itself.
  private static String limitOf(int pid) {
    return Outcome.of("prlimit", "--pid", pid, "--nofile", "--noheadings", "--output=HARD")
        .requireSuccess()
        .output()
        .strip();
  }

  private static void limit(int pid, String value) {
    Outcome.of("prlimit", "--pid", pid, "--nofile=" + value).requireSuccess();
  }
}
