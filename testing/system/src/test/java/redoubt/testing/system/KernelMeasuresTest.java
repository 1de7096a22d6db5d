package redoubt.testing.system;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import redoubt.agent.journal.JournalLine;

/// What the owner may want to be done about modules of the kernel, and the ways around it that the
/// documentation names.
class KernelMeasuresTest {
  private static ScratchFileSystem scratch;
  private static RunningAgent agent;

  @BeforeAll
  static void start() throws Exception {
    scratch = ScratchFileSystem.ext4(32);
    agent = RunningAgent.start(scratch, "--kernel", "deny", "--kernel=alert");
  }

  @AfterAll
  static void stop() throws Exception {
    agent.close();
    scratch.close();
  }

  /// A file of that name, which nobody may open to write it: it gets the name afterwards.
  private static Path module(String name) throws Exception {
    Path file = scratch.root().resolve(name);
    Files.writeString(scratch.root().resolve("new"), "not really a module");
    return Files.move(scratch.root().resolve("new"), file);
  }

  @Test
  void nobodyOpensAModule() throws Exception {
    for (String name : List.of("a.ko", "b.ko.xz", "c.ko.gz", "d.ko.zst")) {
      Path file = module(name);
      for (List<String> command :
          List.of(
              List.of("cat", file.toString()),
              List.of("dd", "if=" + file, "of=/dev/null"),
              List.of("cp", file.toString(), "/dev/null"),
              List.of("python3", "-c", "open('" + file + "', 'r+')"))) {
        Outcome outcome = Outcome.of(command.toArray());
        assertTrue(outcome.output().contains("not permitted"), outcome::toString);
      }
    }
    assertTrue(agent.counter("modules_refused_total") >= 16);
    JournalLine line =
        agent.awaitLine(
            "the refusal",
            one ->
                one.kind() == JournalLine.Kind.DECISION
                    && one.raw().contains("a.ko")
                    && one.basis().equals("KERNEL_POLICY"));
    assertTrue(line.raw().contains("Blocked"), line::raw);
  }

  @Test
  void otherFilesAreOpenedAndNoEngineHearsOfThem() throws Exception {
    Path file = module("text.txt");
    Outcome.of("cat", file).requireSuccess();
    long asked = agent.status().at("/engines/0/asked").asLong();
    for (int i = 0; i < 50; i++) {
      Files.readString(file);
    }
    Outcome.of("cat", file).requireSuccess();
    assertEquals(asked, agent.status().at("/engines/0/asked").asLong());
    assertTrue(
        agent.journal(line -> line.raw().contains("text.txt")).isEmpty(), "nothing is written up");
  }

  /// As the limitations say: it goes by the name.
  @Test
  void theWaysAroundAreThoseThatAreDocumented() throws Exception {
    Path file = module("around.ko");
    assertTrue(Outcome.of("cat", file).output().contains("not permitted"));
    Path other = scratch.root().resolve("around");
    Outcome.of("ln", file, other).requireSuccess();
    Outcome.of("cat", other).requireSuccess();
    Path open = Files.writeString(scratch.root().resolve("open"), "x");
    Outcome.of("sh", "-c", "exec 9< " + open + "; mv " + open + " " + open + ".ko; cat <&9")
        .requireSuccess();
  }
}
