package redoubt.core.linux;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;

class ProcessMemoryTest {
  /// A running Java holds tens of megabytes, and not more than its machine has.
  @Test
  void aRunningProcessHoldsMemory() {
    long bytes = ProcessMemory.residentBytes((int) ProcessHandle.current().pid());
    assertTrue(bytes > 10_000_000 && bytes < 1L << 40, "bytes=" + bytes);
  }

  @Test
  void aProcessThatIsNotThereHoldsNone() {
    assertEquals(0, ProcessMemory.residentBytes(Integer.MAX_VALUE));
  }
}
