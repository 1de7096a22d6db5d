package redoubt.agent.sensor;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.ByteArrayOutputStream;
import java.lang.foreign.MemorySegment;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HexFormat;
import java.util.Random;
import java.util.zip.GZIPOutputStream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class FileFormatsTest {
  private static String format(byte[] bytes) {
    return FileFormats.of(MemorySegment.ofArray(bytes));
  }

  @Test
  void whatOthersWriteIsKnown() throws Exception {
    ByteArrayOutputStream gzip = new ByteArrayOutputStream();
    new GZIPOutputStream(gzip).close();
    assertEquals("gzip", format(gzip.toByteArray()));
    ByteArrayOutputStream zip = new ByteArrayOutputStream();
    try (ZipOutputStream out = new ZipOutputStream(zip)) {
      out.putNextEntry(new ZipEntry("a"));
    }
    assertEquals("zip", format(zip.toByteArray()));
    assertEquals("elf", format(Files.readAllBytes(Path.of("/bin/sh"))));
    assertEquals("", format("a text".getBytes(StandardCharsets.US_ASCII)));
  }

  @ParameterizedTest
  @CsvSource({
    "ffd8ffe000104a464946, jpeg",
    "89504e470d0a1a0a0000, png",
    "0000001866747970, mp4",
    "28b52ffd, zstd",
    "fd377a585a00, xz",
    "25504446 2d312e37, pdf",
    "d0cf11e0a1b11ae1, ole",
    "524946460000000057454250, webp",
    "4c554b53babe, luks",
    "89504e47, ''",
    "'', ''"
  })
  void formatsAreKnownByTheirFirstBytes(String hex, String format) {
    assertEquals(format, format(HexFormat.of().parseHex(hex.replace(" ", ""))));
  }

  /// Few random beginnings are anything's: ransomware cannot hide behind that.
  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3})
  void randomBytesAreHardlyEverAFormat(long seed) {
    Random random = new Random(seed);
    int taken = 0;
    byte[] bytes = new byte[512];
    for (int i = 0; i < 100_000; i++) {
      random.nextBytes(bytes);
      taken += format(bytes).isEmpty() ? 0 : 1;
    }
    // Those with two bytes of their own: four of 65,536.
    assertEquals(0, taken / 50, "taken for a format: " + taken);
  }
}
