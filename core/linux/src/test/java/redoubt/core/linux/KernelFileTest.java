package redoubt.core.linux;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class KernelFileTest {
  /// A setting gives everything to the first read and nothing to the second.
  @Test
  void aSettingIsReadWhole() throws Exception {
    for (String name : new String[] {"kernel/osrelease", "kernel/random/boot_id", "fs/file-max"}) {
      String path = "/proc/sys/" + name;
      assertEquals(Programs.run("cat", path), KernelFile.read(path), name);
    }
    assertEquals(37, KernelFile.read("/proc/sys/kernel/random/boot_id").length());
  }

  @Test
  void aTableIsReadWhole() throws Exception {
    String table = KernelFile.read("/proc/self/mountinfo");
    assertTrue(table.endsWith("\n"));
    assertEquals(Programs.run("wc", "-l", "/proc/self/mountinfo").split(" ")[0], lines(table));
  }

  private static String lines(String text) {
    return Long.toString(text.lines().count());
  }

  /// As some of securityfs: `lseek(2)` is refused.
  @Test
  void aFileWithoutAPositionIsReadWhole(@TempDir Path folder) throws Exception {
    String pipe = folder.resolve("pipe").toString();
    Programs.run("mkfifo", pipe);
    Process writer = new ProcessBuilder("sh", "-c", "seq 20000 > \"$0\"", pipe).inheritIO().start();
    try {
      assertEquals(Programs.run("seq", "20000"), KernelFile.read(pipe));
    } finally {
      writer.destroyForcibly();
    }
  }

  @Test
  void aFileThatNeverEndsIsAnError() {
    assertThrows(IOException.class, () -> KernelFile.read("/dev/zero"));
  }

  @Test
  void whatTheKernelDoesNotOfferIsAnError() {
    assertThrows(IOException.class, () -> KernelFile.read("/proc/sys/redoubt/none"));
    assertThrows(IOException.class, () -> KernelFile.read("/proc/self"));
  }

  @Test
  void processesAndThreadsAreNumbers() throws Exception {
    assertTrue(KernelFile.numbers("/proc").contains((int) ProcessHandle.current().pid()));
    assertTrue(KernelFile.numbers("/proc/self/task").contains(Scheduling.currentThread()));
    assertThrows(IOException.class, () -> KernelFile.numbers("/proc/0/task"));
  }
}
