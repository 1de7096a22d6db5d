package redoubt.agent.hook;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CoverageTest {
  @TempDir private Path folder;

  @Test
  void aFileIsLocalByTheMountThatItLiesOn() {
    assertTrue(Coverage.isLocal(folder.resolve("file").toString()));
    assertFalse(Coverage.isLocal("/proc/self/status"));
    assertFalse(Coverage.isLocal("/sys/kernel/mm"));
    assertFalse(Coverage.isLocal("memfd:x (deleted)"));
  }
}
