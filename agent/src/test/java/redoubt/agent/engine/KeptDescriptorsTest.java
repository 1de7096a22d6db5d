package redoubt.agent.engine;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class KeptDescriptorsTest {
  @Test
  void whatAProcessOpensByItselfIsNotCounted(@TempDir Path folder) throws Exception {
    Path file = Files.createFile(folder.resolve("own"));
    Process process = start("exec 5<" + file + "; echo ready; exec sleep 60");
    try {
      assertEquals(0, KeptDescriptors.count(List.of((int) process.pid())));
    } finally {
      process.destroyForcibly().waitFor();
    }
  }

  /// A new mount namespace has mounts of its own; what was open before lies on the old ones.
  @Test
  void whatCameFromAnotherViewIs(@TempDir Path folder) throws Exception {
    Path file = Files.createFile(folder.resolve("passed"));
    Process process =
        start(
            "exec 5<"
                + file
                + " 6<"
                + file
                + "; exec unshare --mount sh -c 'exec 7<"
                + file
                + "; echo ready; exec sleep 60'");
    try {
      assertEquals(2, KeptDescriptors.count(List.of((int) process.pid())));
    } finally {
      process.destroyForcibly().waitFor();
    }
  }

  /// One that is closed while the others are counted hides none of them.
  @Test
  void whatIsClosedMeanwhileHidesNothing(@TempDir Path folder) throws Exception {
    Path file = Files.createFile(folder.resolve("passed"));
    Process process =
        start(
            "exec 5<"
                + file
                + "; exec unshare --mount sh -c 'echo ready; while :; do exec 4</dev/null; exec"
                + " 4<&-; done'");
    try {
      for (int i = 0; i < 1_000; i++) {
        assertEquals(1, KeptDescriptors.count(List.of((int) process.pid())));
      }
    } finally {
      process.destroyForcibly().waitFor();
    }
  }

  @Test
  void aProcessThatIsGoneHasNone() {
    assertEquals(0, KeptDescriptors.count(List.of(Integer.MAX_VALUE)));
  }

  private static Process start(String script) throws IOException {
    Process process =
        new ProcessBuilder("sh", "-c", script).redirectError(ProcessBuilder.Redirect.PIPE).start();
    assertEquals("ready", process.inputReader().readLine());
    return process;
  }
}
