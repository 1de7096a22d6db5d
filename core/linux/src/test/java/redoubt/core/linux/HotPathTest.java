package redoubt.core.linux;

import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class HotPathTest {
  @TempDir private Path scratch;

  @Test
  void theCallsOfAnAnsweringThreadAllocateNothing() throws Exception {
    Path file = Files.writeString(scratch.resolve("file"), "content");
    try (Child child = Child.start("allocation", file.toString())) {
      long bytes = Long.parseLong(child.readLine());
      // ten thousand rounds; what is left is the measurement's own
      assertTrue(bytes < 10_000, () -> "allocated: bytes=" + bytes);
    }
  }
}
