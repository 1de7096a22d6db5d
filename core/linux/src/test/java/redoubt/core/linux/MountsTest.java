package redoubt.core.linux;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class MountsTest {
  private static final String TABLE = "/proc/self/mountinfo";

  @Test
  void everyLineOfTheRealTableIsRead() throws Exception {
    List<MountEntry> entries = Mounts.read(TABLE);
    assertEquals(Files.readAllLines(Path.of(TABLE)).size(), entries.size());
    MountEntry proc =
        entries.stream().filter(e -> e.mountPoint().equals("/proc")).findFirst().orElseThrow();
    assertEquals("proc", proc.type());
    assertEquals("/", proc.root());
    assertTrue(proc.options().startsWith("rw"));
  }

  @Test
  void theMountOfAnOpenFileIsFound() throws Exception {
    try (ScratchFileSystem memory = new ScratchFileSystem();
        OwnedDescriptor file =
            new OwnedDescriptor(Descriptors.openPath(memory.write("file", "x").toString()))) {
      MountEntry mount = Mounts.ofDescriptor(file.number()).orElseThrow();
      assertEquals(memory.root().toString(), mount.mountPoint());
      assertEquals("tmpfs", mount.type());
      // What is mounted nowhere any more is in no line.
      Programs.run("umount", "-l", memory.root().toString());
      assertEquals(Optional.empty(), Mounts.ofDescriptor(file.number()));
      Programs.run("mount", "-t", "tmpfs", "scratch", memory.root().toString());
    }
    assertEquals(Optional.empty(), Mounts.ofDescriptor(Integer.MAX_VALUE));
  }

  @Test
  void escapesAndTagsAreUnderstood() {
    String line =
        "36 35 98:3 /mnt1 /mnt\\0402\\134 rw,noatime master:1 shared:7 - ext3 /dev/r\\011t rw,x=y";
    assertEquals(
        List.of(
            new MountEntry(
                36,
                35,
                98L << 32 | 3,
                "/mnt1",
                "/mnt 2\\",
                "ext3",
                "/dev/r\tt",
                "rw,noatime",
                "rw,x=y")),
        Mounts.parse(line));
  }

  @Test
  void aPathIsOnTheLastMountAtItOrAboveIt(@TempDir Path folder) throws Exception {
    Path table =
        Files.writeString(
            folder.resolve("table"),
            """
            1 0 8:1 / / rw - ext4 /dev/a rw
            2 1 0:40 / /mnt/far rw - fuse.sshfs a@b rw
            3 1 8:2 / /mnt/twice rw - ext4 /dev/b rw
            4 1 0:41 / /mnt/twice rw - fuseblk /dev/c rw
            """);
    assertEquals("ext4", typeAt(table, "/mnt"));
    assertEquals("fuse.sshfs", typeAt(table, "/mnt/far"));
    assertEquals("fuse.sshfs", typeAt(table, "/mnt/far/file"));
    assertEquals("ext4", typeAt(table, "/mnt/farther"));
    assertEquals("fuseblk", typeAt(table, "/mnt/twice/file"));
    assertEquals("none", typeAt(table, "memfd:x (deleted)"));
  }

  private static String typeAt(Path table, String path) {
    return Mounts.at(table.toString(), Path.of(path)).map(MountEntry::type).orElse("none");
  }

  @Test
  void aProgramServesWhatIsFuseByItsName() {
    for (String type : List.of("fuse", "fuseblk", "fuse.sshfs")) {
      assertTrue(entryOf(type).isServed(), type);
    }
    for (String type : List.of("fusectl", "ext4", "nfs4", "overlay")) {
      assertFalse(entryOf(type).isServed(), type);
    }
  }

  private static MountEntry entryOf(String type) {
    return new MountEntry(1, 0, 5, "/", "/mnt", type, "", "rw", "rw");
  }

  @Test
  void whatIsWrittenInTheKernelsFormIsReadBack() {
    long seed = System.nanoTime();
    System.out.println("MountsTest.whatIsWrittenInTheKernelsFormIsReadBack seed=" + seed);
    Random random = new Random(seed);
    for (int round = 0; round < 500; round++) {
      List<MountEntry> entries = new ArrayList<>();
      for (int i = random.nextInt(5); i >= 0; i--) {
        entries.add(randomEntry(random));
      }
      String text =
          entries.stream().map(e -> format(e, random)).collect(Collectors.joining("\n", "", "\n"));
      assertEquals(entries, Mounts.parse(text), text);
    }
  }

  @Test
  void damagedTextIsNeverAnError() {
    long seed = System.nanoTime();
    System.out.println("MountsTest.damagedTextIsNeverAnError seed=" + seed);
    Random random = new Random(seed);
    for (int round = 0; round < 5000; round++) {
      StringBuilder text = new StringBuilder(format(randomEntry(random), random));
      for (int i = random.nextInt(8); i >= 0; i--) {
        int at = random.nextInt(text.length());
        switch (random.nextInt(3)) {
          case 0 -> text.setCharAt(at, (char) random.nextInt(256));
          case 1 -> text.insert(at, " \\-:0\n".charAt(random.nextInt(6)));
          default -> text.setLength(Math.max(1, at));
        }
      }
      assertTrue(Mounts.parse(text.toString()).size() < 100);
    }
  }

  @Test
  void aTableThatCannotBeReadIsAnError() {
    assertThrows(UncheckedIOException.class, () -> Mounts.read("/proc/self/no-such-table"));
    assertThrows(LinuxException.class, () -> MountWatch.open("/proc/self/no-such-table").close());
  }

  @Test
  void aWatchSeesMounts() throws Exception {
    try (MountWatch watch = MountWatch.open(TABLE)) {
      while (watch.await(0)) {
        Thread.onSpinWait(); // what others mounted before
      }
      try (ScratchFileSystem scratch = new ScratchFileSystem()) {
        assertTrue(watch.await(10_000));
        assertTrue(
            Mounts.read(TABLE).stream()
                .anyMatch(entry -> entry.mountPoint().equals(scratch.root().toString())));
      }
      assertTrue(watch.await(10_000));
    }
  }

  private static MountEntry randomEntry(Random random) {
    return new MountEntry(
        random.nextInt(Integer.MAX_VALUE),
        random.nextInt(Integer.MAX_VALUE),
        (long) random.nextInt(4096) << 32 | random.nextInt(1 << 20),
        "/" + randomText(random),
        "/" + randomText(random),
        "fuse." + randomText(random),
        randomText(random),
        "rw,nosuid",
        "rw,lowerdir=" + randomText(random));
  }

  private static String randomText(Random random) {
    String alphabet = "abc-/ \t\n\\#:,0123ö‰";
    return random
        .ints(random.nextInt(12), 0, alphabet.length())
        .mapToObj(i -> String.valueOf(alphabet.charAt(i)))
        .collect(Collectors.joining());
  }

  private static String format(MountEntry entry, Random random) {
    return String.join(
        " ",
        String.valueOf(entry.id()),
        String.valueOf(entry.parentId()),
        (entry.device() >>> 32) + ":" + (entry.device() & 0xFFFFFFFFL),
        escape(entry.root()),
        escape(entry.mountPoint()),
        entry.options() + (random.nextBoolean() ? " shared:12 master:3" : ""),
        "-",
        escape(entry.type()),
        escape(entry.source()),
        escape(entry.superOptions()));
  }

  private static String escape(String text) {
    return text.replace("\\", "\\134")
        .replace(" ", "\\040")
        .replace("\t", "\\011")
        .replace("\n", "\\012")
        .replace("#", "\\043");
  }
}
