package redoubt.agent.hook;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import redoubt.core.linux.Descriptors;

class LocalFileSystemsTest {
  @TempDir private Path folder;

  @Test
  void aFileIsLocalByTheMountThatItLiesOn() {
    assertTrue(LocalFileSystems.hold(folder.resolve("file").toString()));
    assertFalse(LocalFileSystems.hold("/proc/self/status"));
    assertFalse(LocalFileSystems.hold("/sys/kernel/mm"));
    assertFalse(LocalFileSystems.hold("memfd:x (deleted)"));
  }

  /// In a mount namespace of his own, anybody has a file of any path.
  @Test
  void anOpenFileIsLocalByItsFileSystemAndNotByItsPath() throws Exception {
    Path ours = Files.writeString(folder.resolve("file"), "ours");
    Path covered = Files.createDirectory(folder.resolve("covered"));
    Files.writeString(covered.resolve("file"), "ours too");
    String script =
        "mount -t tmpfs theirs '%s' && touch '%s/file' && echo ready && read end"
            .formatted(covered, covered);
    Process other =
        new ProcessBuilder("unshare", "--mount", "sh", "-c", script)
            .redirectError(ProcessBuilder.Redirect.INHERIT)
            .start();
    try (var said = other.inputReader()) {
      assertTrue("ready".equals(said.readLine()));
      String root = "/proc/" + other.pid() + "/root";
      assertTrue(isLocal(ours.toString()));
      assertTrue(isLocal(root + ours), "it is the same file system there");
      assertTrue(isLocal(covered + "/file"));
      assertFalse(isLocal(root + covered + "/file"));
      assertFalse(isLocal("/proc/self/status"));
    } finally {
      other.destroyForcibly().waitFor();
    }
  }

  private static boolean isLocal(String path) {
    int place = Descriptors.openPath(path);
    assertTrue(place >= 0, path);
    try {
      return LocalFileSystems.hold(place);
    } finally {
      Descriptors.close(place);
    }
  }
}
