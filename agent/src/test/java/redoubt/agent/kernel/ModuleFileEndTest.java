package redoubt.agent.kernel;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import redoubt.agent.kernel.ModuleSignature.Broken;
import redoubt.agent.kernel.ModuleSignature.Compressed;
import redoubt.agent.kernel.ModuleSignature.Signed;
import redoubt.agent.kernel.ModuleSignature.Unknown;
import redoubt.agent.kernel.ModuleSignature.Unsigned;

final class ModuleFileEndTest {
  private static final byte[] MARK = "~Module signature appended~\n".getBytes(US_ASCII);

  @TempDir Path temporary;

  @Test
  void aSignatureIsSeenAtTheEndOfTheFile() throws Exception {
    Path signed = write("signed.ko", moduleSigned(2, 300, 300));
    assertEquals(new Signed("PKCS#7", 300), ModuleFileEnd.read(signed));
    assertEquals(
        new Signed("X.509", 300), ModuleFileEnd.read(write("old.ko", moduleSigned(1, 300, 300))));
    assertEquals(
        new Signed("type 9", 1), ModuleFileEnd.read(write("odd.ko", moduleSigned(9, 1, 1))));
    assertEquals("signed", ModuleFileEnd.read(signed).word());
  }

  @Test
  void aFileWithoutTheMarkIsUnsigned() throws Exception {
    assertEquals(new Unsigned(), ModuleFileEnd.read(write("a.ko", new byte[] {0x7f, 'E', 'L'})));
    assertEquals(new Unsigned(), ModuleFileEnd.read(write("b.ko", new byte[0])));
    byte[] stripped = moduleSigned(2, 300, 300);
    assertEquals(
        new Unsigned(),
        ModuleFileEnd.read(write("c.ko", Arrays.copyOf(stripped, stripped.length - 1))));
  }

  @Test
  void aSignatureThatCannotBeWhereItSaysIsBroken() throws Exception {
    assertEquals(new Broken(), ModuleFileEnd.read(write("a.ko", MARK)));
    assertEquals(new Broken(), ModuleFileEnd.read(write("b.ko", moduleSigned(2, 0, 10))));
    assertEquals(new Broken(), ModuleFileEnd.read(write("c.ko", moduleSigned(2, 1_000_000, 10))));
    assertEquals(new Broken(), ModuleFileEnd.read(write("d.ko", moduleSigned(2, -1, 10))));
  }

  @Test
  void compressedFilesAreNotLookedInto() throws Exception {
    assertEquals(
        new Compressed("xz"), ModuleFileEnd.read(write("a.ko.xz", moduleSigned(2, 10, 10))));
    assertEquals(new Compressed("zst"), ModuleFileEnd.read(temporary.resolve("none.ko.zst")));
    assertEquals(new Unknown(), ModuleFileEnd.read(temporary.resolve("none.ko")));
  }

  @Test
  void noEndOfAFileIsAnError() {
    long seed = System.nanoTime();
    System.out.println("ModuleFileEndTest.noEndOfAFileIsAnError seed=" + seed);
    Random random = new Random(seed);
    for (int round = 0; round < 20_000; round++) {
      byte[] end = new byte[random.nextInt(ModuleFileEnd.END_BYTES + 1)];
      random.nextBytes(end);
      if (end.length >= MARK.length && random.nextBoolean()) {
        System.arraycopy(MARK, 0, end, end.length - MARK.length, MARK.length);
      }
      ModuleSignature found = ModuleFileEnd.parse(end, end.length + random.nextInt(1 << 20));
      if (found instanceof Signed signed) {
        assertInstanceOf(String.class, signed.kind());
        assertEquals(ModuleFileEnd.END_BYTES, end.length);
      }
    }
  }

  private Path write(String name, byte[] content) throws IOException {
    return Files.write(temporary.resolve(name), content);
  }

  /// A file as the kernel's `sign-file` leaves it: content, signature, struct, mark.
  private static byte[] moduleSigned(int idType, int saidBytes, int realBytes) throws IOException {
    ByteArrayOutputStream file = new ByteArrayOutputStream();
    file.write(new byte[] {0x7f, 'E', 'L', 'F'});
    file.write(new byte[realBytes]);
    file.write(new byte[] {0, 0, (byte) idType, 0, 0, 0, 0, 0});
    file.write(ByteBuffer.allocate(Integer.BYTES).putInt(saidBytes).array());
    file.write(MARK);
    return file.toByteArray();
  }
}
