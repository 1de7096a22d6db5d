package redoubt.core.linux;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DescriptorTableTest {
  private static final String OWN = "/proc/thread-self/fd/";

  private final ExecutorService thread = Executors.newSingleThreadExecutor();

  @TempDir Path folder;

  private int kept;
  private int closed;

  @BeforeEach
  void separate() throws Exception {
    kept = Descriptors.openReadOnly(Files.writeString(folder.resolve("kept.jar"), "k").toString());
    closed = Descriptors.openReadOnly(Files.writeString(folder.resolve("closed"), "c").toString());
    there(() -> {
      DescriptorTable.separate();
      return 0;
    });
  }

  @AfterEach
  void end() {
    thread.shutdownNow();
    Descriptors.close(kept);
    Descriptors.close(closed);
  }

  @Test
  void aThreadHasWhatTheRuntimeNeedsAndNothingElse() throws Exception {
    assertEquals(
        folder.resolve("kept.jar").toString(), there(() -> Descriptors.readLink(OWN + kept)));
    assertEquals("", there(() -> Descriptors.readLink(OWN + closed)));
    assertEquals(folder.resolve("closed").toString(), Descriptors.readLink(OWN + closed));
  }

  @Test
  void whatOneOpensTheOtherCanTake() throws Exception {
    Path file = Files.writeString(folder.resolve("opened"), "content");
    int opened = there(() -> Descriptors.openReadOnly(file.toString()));
    try (DescriptorTable table = DescriptorTable.ofThread(there(DescriptorTable::thisThread))) {
      int taken = table.take(opened);
      assertEquals(file.toString(), Descriptors.readLink(OWN + taken));
      there(() -> Descriptors.close(opened));
      assertEquals(-Errno.EBADF, table.take(opened));
      assertEquals(file.toString(), Descriptors.readLink(OWN + taken));
      Descriptors.close(taken);
    }
  }

  @Test
  void aThreadWithATableOfItsOwnCanTakeWhatTheOthersHave() throws Exception {
    String path =
        there(() -> {
          try (DescriptorTable others = DescriptorTable.ofThisProcess()) {
            int taken = others.take(closed);
            try {
              return Descriptors.readLink(OWN + taken);
            } finally {
              Descriptors.close(taken);
            }
          }
        });
    assertEquals(folder.resolve("closed").toString(), path);
  }

  private <T> T there(Callable<T> work) throws Exception {
    return thread.submit(work).get();
  }
}
