package redoubt.core.linux;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DescriptorsTest {
  @TempDir private Path scratch;

  @Test
  void opensReadsAndCloses() throws Exception {
    Path file = Files.writeString(scratch.resolve("file"), "0123456789");
    int descriptor = Descriptors.openReadOnly(file.toString());
    assertEquals("3456", read(descriptor, 3, 4));
    assertEquals("89", read(descriptor, 8, 4));
    assertEquals("", read(descriptor, 10, 4));
    assertEquals(file.toString(), Descriptors.readLink(descriptor));
    Files.delete(file);
    assertEquals(file + " (deleted)", Descriptors.readLink(descriptor));
    assertEquals(0, Descriptors.close(descriptor));
    assertEquals(-Errno.EBADF, Descriptors.close(descriptor));
    assertEquals("", Descriptors.readLink(descriptor));
    assertEquals(-Errno.ENOENT, Descriptors.openReadOnly(file.toString()));
  }

  @Test
  void everyDescriptorIsClosedOnExec() throws Exception {
    Path file = Files.writeString(scratch.resolve("file"), "content");
    int[] descriptors = new int[5];
    descriptors[0] = Descriptors.openReadOnly(file.toString());
    descriptors[1] = Descriptors.duplicate(descriptors[0]);
    descriptors[2] = Descriptors.openPath(file.toString());
    descriptors[3] = Descriptors.sealedMemory("test", new byte[1]);
    try (FanotifyGroup group = FanotifyGroup.openPermission()) {
      descriptors[4] = group.descriptor();
      for (int descriptor : descriptors) {
        assertTrue(isCloseOnExec(descriptor), () -> Descriptors.readLink(descriptor));
      }
    }
    for (int i = 0; i < 4; i++) {
      assertEquals(0, Descriptors.close(descriptors[i]));
    }
  }

  private static boolean isCloseOnExec(int descriptor) throws IOException {
    String flags =
        Files.readAllLines(Path.of("/proc/self/fdinfo/" + descriptor)).stream()
            .filter(line -> line.startsWith("flags:"))
            .findFirst()
            .orElseThrow();
    return (Integer.parseInt(flags.substring(6).strip(), 8) & Descriptors.O_CLOEXEC) != 0;
  }

  @Test
  void sealedMemoryHoldsItsContentForGood() throws Exception {
    byte[] content = "known bad\n".repeat(10_000).getBytes(StandardCharsets.UTF_8);
    int descriptor = Descriptors.sealedMemory("list", content);
    Path path = Path.of("/proc/self/fd/" + descriptor);
    assertArrayEquals(content, Files.readAllBytes(path));
    assertEquals("/memfd:list (deleted)", Descriptors.readLink(descriptor));
    assertThrows(IOException.class, () -> Files.write(path, new byte[] {1}));
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment one = arena.allocate(1);
      assertEquals(-Errno.EPERM, SystemCall.WRITE.call(descriptor, one.address(), 1));
    }
    assertEquals(0, Descriptors.close(descriptor));
    int empty = Descriptors.sealedMemory("empty", new byte[0]);
    assertEquals("", read(empty, 0, 10));
    assertEquals(0, Descriptors.close(empty));
  }

  @Test
  void theLimitCanBeRaisedToTheHardOne() {
    int raised = Descriptors.raiseLimit();
    assertEquals(raised, Descriptors.limit());
    assertTrue(raised > 0);
  }

  @Test
  void aPathWithNulIsRefused() {
    assertThrows(IllegalArgumentException.class, () -> Descriptors.openReadOnly("/etc\0/passwd"));
  }

  private static String read(int descriptor, long offset, int length) {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment into = arena.allocate(length);
      int count = Descriptors.pread(descriptor, into, offset);
      byte[] bytes = into.asSlice(0, count).toArray(ValueLayout.JAVA_BYTE);
      return new String(bytes, StandardCharsets.UTF_8);
    }
  }
}
