package redoubt.engine.scanner.archive;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.zip.GZIPOutputStream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import org.apache.commons.compress.archivers.ar.ArArchiveEntry;
import org.apache.commons.compress.archivers.ar.ArArchiveOutputStream;
import org.apache.commons.compress.archivers.sevenz.SevenZArchiveEntry;
import org.apache.commons.compress.archivers.sevenz.SevenZOutputFile;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveOutputStream;
import org.apache.commons.compress.compressors.bzip2.BZip2CompressorOutputStream;
import org.apache.commons.compress.compressors.xz.XZCompressorOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class UnpackerTest {
  private static final byte[] TEXT = "what is in it".getBytes(UTF_8);

  @TempDir private Path folder;

  private final Map<String, String> seen = new TreeMap<>();

  private void unpack(byte[] content) throws Exception {
    unpack(content, Duration.ofMinutes(1));
  }

  private void unpack(byte[] content, Duration remaining) throws Exception {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment memory = arena.allocate(Math.max(1, content.length));
      MemorySegment.copy(content, 0, memory, ValueLayout.JAVA_BYTE, 0, content.length);
      Unpacker.unpack(
          memory.asSlice(0, content.length),
          new UnpackBudget(() -> remaining),
          (name, member) -> {
            byte[] bytes = member.toArray(ValueLayout.JAVA_BYTE);
            seen.put(name, bytes.length > 100 ? bytes.length + " bytes" : new String(bytes, UTF_8));
            return true;
          });
    }
  }

  private String refusal(byte[] content) {
    return String.valueOf(assertThrows(UnpackException.class, () -> unpack(content)).getMessage());
  }

  private interface Writer {
    void write(OutputStream to) throws IOException;
  }

  private static byte[] bytes(Writer writer) throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    writer.write(bytes);
    return bytes.toByteArray();
  }

  private static byte[] zip(String name, byte[] content) throws IOException {
    return bytes(to -> {
      try (ZipOutputStream zip = new ZipOutputStream(to)) {
        zip.putNextEntry(new ZipEntry(name));
        zip.write(content);
        zip.closeEntry();
      }
    });
  }

  private static byte[] tar(String name, byte[] content) throws IOException {
    return bytes(to -> {
      try (TarArchiveOutputStream tar = new TarArchiveOutputStream(to)) {
        TarArchiveEntry entry = new TarArchiveEntry(name);
        entry.setSize(content.length);
        tar.putArchiveEntry(entry);
        tar.write(content);
        tar.closeArchiveEntry();
      }
    });
  }

  private static byte[] gzip(byte[] content) throws IOException {
    return bytes(to -> {
      try (OutputStream packed = new GZIPOutputStream(to)) {
        packed.write(content);
      }
    });
  }

  private static byte[] xz(byte[] content) throws IOException {
    return bytes(to -> {
      try (OutputStream packed = new XZCompressorOutputStream(to)) {
        packed.write(content);
      }
    });
  }

  private static byte[] bzip2(byte[] content) throws IOException {
    return bytes(to -> {
      try (OutputStream packed = new BZip2CompressorOutputStream(to)) {
        packed.write(content);
      }
    });
  }

  private static byte[] ar(String name, byte[] content) throws IOException {
    return bytes(to -> {
      try (ArArchiveOutputStream archive = new ArArchiveOutputStream(to)) {
        archive.putArchiveEntry(new ArArchiveEntry(name, content.length));
        archive.write(content);
        archive.closeArchiveEntry();
      }
    });
  }

  private byte[] sevenZip(String name, byte[] content) throws IOException {
    Path file = folder.resolve("archive.7z");
    try (SevenZOutputFile archive = new SevenZOutputFile(file.toFile())) {
      SevenZArchiveEntry entry = new SevenZArchiveEntry();
      entry.setName(name);
      archive.putArchiveEntry(entry);
      archive.write(content);
      archive.closeArchiveEntry();
    }
    return Files.readAllBytes(file);
  }

  @Test
  void eachFormatIsUnpacked() throws Exception {
    for (byte[] packed :
        List.of(zip("a", TEXT), tar("a", TEXT), ar("a", TEXT), sevenZip("a", TEXT))) {
      seen.clear();
      unpack(packed);
      assertEquals(Map.of("a", "what is in it"), seen);
    }
    for (byte[] packed : List.of(gzip(TEXT), xz(TEXT), bzip2(TEXT))) {
      seen.clear();
      unpack(packed);
      assertEquals(List.of("what is in it"), List.copyOf(seen.values()));
    }
  }

  @Test
  void archivesInArchivesAreUnpacked() throws Exception {
    unpack(zip("outer", gzip(tar("inner", ar("data", xz(TEXT))))));
    assertEquals("what is in it", seen.get("outer!gz!inner!data!xz"));
    assertEquals(5, seen.size(), seen::toString);
  }

  @Test
  void whatIsNoArchiveHasNothingInIt() throws Exception {
    unpack(TEXT);
    unpack(new byte[0]);
    unpack(new byte[4096]);
    assertEquals(Map.of(), seen);
  }

  @Test
  void theVisitorStopsIt() throws Exception {
    byte[] two = zip("outer", zip("inner", TEXT));
    List<String> names = new ArrayList<>();
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment memory = arena.allocate(two.length);
      MemorySegment.copy(two, 0, memory, ValueLayout.JAVA_BYTE, 0, two.length);
      Unpacker.unpack(
          memory,
          new UnpackBudget(() -> Duration.ofMinutes(1)),
          (name, _) -> {
            names.add(name);
            return false;
          });
    }
    assertEquals(List.of("outer"), names);
  }

  @Test
  void whatIsTooDeepIsNamedAndTheRestIsLookedAt() throws Exception {
    byte[] deep = TEXT;
    for (int i = 0; i < 2 * UnpackBudget.DEPTH; i++) {
      deep = gzip(deep);
    }
    assertTrue(refusal(deep).contains("deeper than"));
    assertEquals(UnpackBudget.DEPTH, seen.size());
  }

  /// A thousand times as large when it is unpacked.
  @Test
  void aBombIsNotUnpackedAsAWhole() throws Exception {
    byte[] zeros = new byte[UnpackBudget.MEMBER_BYTES + 1];
    String cut = refusal(gzip(zeros));
    assertTrue(cut.contains("more than " + UnpackBudget.MEMBER_BYTES), cut);
    assertEquals(1, seen.size());
    byte[] many =
        bytes(to -> {
          try (ZipOutputStream zip = new ZipOutputStream(to)) {
            for (int i = 0; i < 34; i++) {
              zip.putNextEntry(new ZipEntry("zeros-" + i));
              zip.write(zeros, 0, UnpackBudget.MEMBER_BYTES);
              zip.closeEntry();
            }
          }
        });
    assertTrue(refusal(many).contains("unpacked it has more than"));
  }

  @Test
  void aMillionMembersAreNotUnpacked() throws Exception {
    byte[] many =
        bytes(to -> {
          try (TarArchiveOutputStream tar = new TarArchiveOutputStream(to)) {
            for (int i = 0; i < UnpackBudget.MEMBERS + 10; i++) {
              tar.putArchiveEntry(new TarArchiveEntry("e" + i));
              tar.closeArchiveEntry();
            }
          }
        });
    assertTrue(refusal(many).contains("members"));
  }

  @Test
  void timeEndsIt() throws Exception {
    byte[] archive = zip("a", TEXT);
    UnpackException late =
        assertThrows(UnpackException.class, () -> unpack(archive, Duration.ZERO));
    assertEquals("not unpacked in time", late.getMessage());
  }

  /// The flag in both headers is what says so.
  @Test
  void whatIsEncryptedIsNamed() throws Exception {
    byte[] archive = zip("a", TEXT);
    archive[6] |= 1;
    for (int i = 0; i < archive.length - 4; i++) {
      if (archive[i] == 'P' && archive[i + 1] == 'K' && archive[i + 2] == 1) {
        archive[i + 8] |= 1;
      }
    }
    assertEquals("encrypted", refusal(archive));
  }

  @Test
  void whatIsBrokenIsLookedAtAsFarAsItGoesAndNamed() throws Exception {
    Random random = new Random(7);
    byte[] noise = new byte[100_000];
    random.nextBytes(noise);
    byte[] packed = gzip(noise);
    String half = refusal(Arrays.copyOf(packed, packed.length / 2));
    assertTrue(half.contains("broken"), half);
    assertEquals(1, seen.size());
    String beginning = refusal(Arrays.copyOf(zip("a", noise), 200));
    assertTrue(beginning.contains("broken"), beginning);
  }

  /// A program that unpacks such a file says that one member is broken, and gives the other.
  @Test
  void aBrokenMemberHidesNoOther() throws Exception {
    byte[] two =
        bytes(to -> {
          try (ZipOutputStream zip = new ZipOutputStream(to)) {
            for (String name : List.of("broken", "whole")) {
              zip.putNextEntry(new ZipEntry(name));
              zip.write(TEXT);
              zip.closeEntry();
            }
          }
        });
    // The first member's data come behind a header of 30 bytes and its name.
    Arrays.fill(two, 36, 42, (byte) 0xff);
    assertTrue(refusal(two).contains("broken"));
    assertEquals("what is in it", seen.get("whole"));
  }

  /// Each of them takes memory when the archive is opened.
  @Test
  void anArchiveWithTooManyMembersIsNotOpened() throws Exception {
    byte[] many =
        bytes(to -> {
          try (ZipOutputStream zip = new ZipOutputStream(to)) {
            for (int i = 0; i <= UnpackBudget.MEMBERS; i++) {
              zip.putNextEntry(new ZipEntry("e" + i));
              zip.closeEntry();
            }
          }
        });
    assertTrue(refusal(many).contains("members"));
    assertEquals(Map.of(), seen);
  }

  @Test
  void whatLooksPackedByChanceIsNot() throws Exception {
    for (byte[] beginning :
        List.of(new byte[] {0x78, (byte) 0x9c, 1, 2}, new byte[] {0x5d, 0, 0, 1, 2, 3})) {
      unpack(Arrays.copyOf(beginning, 600));
    }
    assertEquals(Map.of(), seen);
  }

  @Test
  void anyContentIsUnpackedOrNot() throws Exception {
    int count = Integer.getInteger("redoubt.fuzz.count", 300);
    long seed = Long.getLong("redoubt.fuzz.seed", System.nanoTime());
    System.out.println(
        "UnpackerTest: -Dredoubt.fuzz.count=" + count + " -Dredoubt.fuzz.seed=" + seed);
    Random random = new Random(seed);
    List<byte[]> good =
        List.of(
            zip("a", gzip(TEXT)),
            tar("a", xz(TEXT)),
            ar("a", bzip2(TEXT)),
            sevenZip("a", TEXT),
            gzip(tar("a", TEXT)));
    int whole = 0;
    for (int i = 0; i < count; i++) {
      byte[] content = good.get(random.nextInt(good.size())).clone();
      for (int j = random.nextInt(5); j > 0; j--) {
        content[random.nextInt(content.length)] = (byte) random.nextInt(256);
      }
      seen.clear();
      try {
        unpack(content);
        whole += seen.containsValue("what is in it") ? 1 : 0;
      } catch (UnpackException _) {
        // It says what is left out.
      }
    }
    assertTrue(whole > 0, "nothing was unpacked: seed=" + seed);
  }
}
