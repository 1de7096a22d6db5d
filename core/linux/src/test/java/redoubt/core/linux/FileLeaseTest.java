package redoubt.core.linux;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class FileLeaseTest {
  @TempDir private Path scratch;

  @BeforeAll
  static void surviveLeaseBreaks() {
    Signals.ignore(Signals.SIGIO);
  }

  @Test
  void aLeaseIsHeldUntilReleased() throws Exception {
    Path file = Files.writeString(scratch.resolve("file"), "content");
    int descriptor = Descriptors.openReadOnly(file.toString());
    assertFalse(FileLease.held(descriptor));
    assertEquals(0, FileLease.take(descriptor));
    assertTrue(FileLease.held(descriptor));
    assertEquals("content", Files.readString(file)); // readers do not disturb it
    assertTrue(FileLease.held(descriptor));
    assertEquals(0, FileLease.release(descriptor));
    assertFalse(FileLease.held(descriptor));
    assertEquals(0, Descriptors.close(descriptor));
    assertEquals(-Errno.EBADF, FileLease.take(descriptor));
  }

  @Test
  void thereIsNoLeaseWhileSomebodyMayWrite() throws Exception {
    Path file = Files.writeString(scratch.resolve("file"), "content");
    int descriptor = Descriptors.openReadOnly(file.toString());
    try (FileChannel _ = FileChannel.open(file, StandardOpenOption.WRITE)) {
      assertEquals(-Errno.EAGAIN, FileLease.take(descriptor));
    }
    assertEquals(0, FileLease.take(descriptor));
    assertEquals(0, Descriptors.close(descriptor));
  }

  @Test
  void aWriterWaitsAndTheBreakIsSeen() throws Exception {
    Path file = Files.writeString(scratch.resolve("file"), "content");
    int descriptor = Descriptors.openReadOnly(file.toString());
    assertEquals(0, FileLease.take(descriptor));
    CompletableFuture<Path> writer = new CompletableFuture<>();
    Thread.ofPlatform()
        .start(() -> {
          try {
            writer.complete(Files.writeString(file, "changed"));
          } catch (java.io.IOException e) {
            writer.completeExceptionally(e);
          }
        });
    while (FileLease.held(descriptor)) {
      Thread.onSpinWait();
    }
    assertFalse(writer.isDone());
    assertEquals("content", Files.readString(file));
    assertEquals(0, FileLease.release(descriptor));
    assertEquals(file, writer.get(10, TimeUnit.SECONDS));
    assertEquals(0, Descriptors.close(descriptor));
  }

  @Test
  void aVirtualMachineThatDoesNotIgnoreTheSignalDies() throws Exception {
    Path file = Files.writeString(scratch.resolve("file"), "content");
    try (Child child = Child.start("lease", file.toString())) {
      Files.writeString(file, "changed");
      assertEquals(128 + Signals.SIGIO, child.exitStatus(10_000));
    }
  }
}
