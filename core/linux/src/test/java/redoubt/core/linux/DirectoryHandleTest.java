package redoubt.core.linux;

import static java.nio.file.StandardOpenOption.CREATE_NEW;
import static java.nio.file.StandardOpenOption.WRITE;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.UserDefinedFileAttributeView;
import java.security.MessageDigest;
import java.util.HexFormat;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DirectoryHandleTest {
  @TempDir private Path folder;

  @Test
  void aNameIsMovedOnlyToOneThatIsFree() throws Exception {
    Path one = Files.createDirectory(folder.resolve("one"));
    Path other = Files.createDirectory(folder.resolve("other"));
    Files.writeString(one.resolve("a"), "a");
    Files.writeString(other.resolve("taken"), "untouched");
    try (DirectoryHandle from = open(one);
        DirectoryHandle to = open(other)) {
      assertEquals(-Errno.EEXIST, from.move(bytes("a"), to, bytes("taken")));
      assertEquals("untouched", Files.readString(other.resolve("taken")));
      assertEquals(-Errno.ENOENT, from.move(bytes("none"), to, bytes("free")));
      assertEquals(0, from.move(bytes("a"), to, bytes("free")));
      assertEquals("a", Files.readString(other.resolve("free")));
      assertEquals(0, to.sync());
      assertEquals(0, to.remove(bytes("free")));
      assertFalse(Files.exists(other.resolve("free")));
    }
  }

  @Test
  void aLinkOnTheWayLeadsNowhere() throws Exception {
    Path real = Files.createDirectories(folder.resolve("real/below"));
    Files.createSymbolicLink(folder.resolve("link"), folder.resolve("real"));
    open(real).close();
    LinuxException refused =
        assertThrows(LinuxException.class, () -> open(folder.resolve("link/below")));
    assertEquals(Errno.ELOOP, refused.errno());
    Path file = Files.createFile(folder.resolve("file"));
    assertEquals(Errno.ENOTDIR, assertThrows(LinuxException.class, () -> open(file)).errno());
  }

  @Test
  void aLinkIsNotFollowedAndANewFileTakesNoName() throws Exception {
    Files.writeString(folder.resolve("there"), "there");
    Files.createSymbolicLink(folder.resolve("link"), folder.resolve("there"));
    try (DirectoryHandle directory = open(folder)) {
      assertEquals(-Errno.ELOOP, directory.openFile(bytes("link")));
      assertEquals(-Errno.EEXIST, directory.createFile(bytes("there")));
      int made = directory.createFile(bytes("new"));
      assertTrue(made >= 0);
      Descriptors.close(made);
      assertEquals("---------", rights(folder.resolve("new")));
    }
    assertThrows(IllegalArgumentException.class, () -> DirectoryHandle.open(new byte[] {'/', 0}));
  }

  @Test
  void contentRightsTimesAndAttributesAreCopied() throws Exception {
    Path from = folder.resolve("from");
    byte[] content = new byte[3 << 20];
    content[0] = 1;
    content[content.length - 1] = 2;
    Files.write(from, content);
    Files.setLastModifiedTime(from, FileTime.from(-1_234_567_891L, TimeUnit.NANOSECONDS));
    attributes(from).write("note", StandardCharsets.UTF_8.encode("kept"));
    MessageDigest digest = MessageDigest.getInstance("SHA-256");
    try (DirectoryHandle directory = open(folder);
        OwnedDescriptor source = new OwnedDescriptor(directory.openFile(bytes("from")));
        OwnedDescriptor target = new OwnedDescriptor(directory.createFile(bytes("to")));
        FileStatus status = new FileStatus()) {
      assertEquals(0, status.load(source.number()));
      assertEquals(
          content.length,
          FileCopy.copy(source.number(), target.number(), content.length, content.length, digest));
      Map<String, byte[]> attributes = FileMetadata.attributes(source.number());
      assertArrayEquals(bytes("kept"), attributes.get("user.note"));
      FileMetadata.setAttributes(target.number(), attributes);
      FileMetadata.setOwner(target.number(), 1234, 5678);
      FileMetadata.setMode(target.number(), 04750);
      FileMetadata.setTimes(target.number(), status.accessNanos(), status.modifyNanos());
      FileMetadata.sync(target.number());
      LinuxException tooLong =
          assertThrows(
              LinuxException.class,
              () -> FileCopy.copy(source.number(), target.number(), 1_000, 1_000, digest));
      assertEquals(Errno.EFBIG, tooLong.errno());
    }
    Path to = folder.resolve("to");
    assertArrayEquals(content, Files.readAllBytes(to));
    assertEquals(
        HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(content)),
        HexFormat.of().formatHex(digest.digest()));
    assertEquals(Files.getLastModifiedTime(from), Files.getLastModifiedTime(to));
    assertEquals(1234, Files.getAttribute(to, "unix:uid"));
    assertEquals(5678, Files.getAttribute(to, "unix:gid"));
    assertEquals(0104750, Files.getAttribute(to, "unix:mode"));
    assertEquals("note", attributes(to).list().getFirst());
    try (FileStatus status = new FileStatus()) {
      assertEquals(0, status.load(to.toString()));
      assertTrue(status.allocatedBytes() < content.length / 2, "what is zero takes no room");
    }
  }

  /// The two ways of file systems that cannot look and rename in one step.
  @Test
  void neitherWayOverwritesWhatIsThere() throws Exception {
    Files.writeString(folder.resolve("a"), "a");
    Files.writeString(folder.resolve("taken"), "untouched");
    try (DirectoryHandle directory = open(folder)) {
      assertEquals(-Errno.EEXIST, directory.moveByLink(bytes("a"), directory, bytes("taken")));
      assertEquals(-Errno.EEXIST, directory.takeByLooking(bytes("a"), directory, bytes("taken")));
      assertEquals("untouched", Files.readString(folder.resolve("taken")));
      assertEquals("a", Files.readString(folder.resolve("a")));
      assertEquals(0, directory.moveByLink(bytes("a"), directory, bytes("b")));
      assertEquals(0, directory.takeByLooking(bytes("b"), directory, bytes("c")));
      assertEquals(-Errno.ENOENT, directory.takeByLooking(bytes("b"), directory, bytes("d")));
    }
    assertEquals("a", Files.readString(folder.resolve("c")));
    assertFalse(Files.exists(folder.resolve("a")));
    assertFalse(Files.exists(folder.resolve("b")));
  }

  /// Every second block is a hole: a copy that filled them would need twice the room.
  @Test
  void aCopyNeedsNoMoreRoomThanItsOriginal() throws Exception {
    int blocks = 512;
    Path from = folder.resolve("from");
    try (var file = FileChannel.open(from, CREATE_NEW, WRITE)) {
      for (int i = 0; i < blocks; i++) {
        file.write(ByteBuffer.wrap(new byte[] {(byte) (i + 1), 1}), i * 8_192L);
      }
    }
    try (DirectoryHandle directory = open(folder);
        OwnedDescriptor source = new OwnedDescriptor(directory.openFile(bytes("from")));
        OwnedDescriptor target = new OwnedDescriptor(directory.createFile(bytes("to")));
        OwnedDescriptor small = new OwnedDescriptor(directory.createFile(bytes("small")));
        FileStatus status = new FileStatus()) {
      assertEquals(0, status.load(source.number()));
      long room = status.allocatedBytes();
      MessageDigest digest = MessageDigest.getInstance("SHA-256");
      FileCopy.copy(source.number(), target.number(), Long.MAX_VALUE, room, digest);
      FileMetadata.sync(target.number());
      assertEquals(0, status.load(target.number()));
      assertTrue(status.allocatedBytes() < room + 64 * 1_024, "but for the list of its blocks");
      assertEquals(-1, Files.mismatch(from, folder.resolve("to")));
      LinuxException full =
          assertThrows(
              LinuxException.class,
              () ->
                  FileCopy.copy(
                      source.number(), small.number(), Long.MAX_VALUE, room - 4_096, digest));
      assertEquals(Errno.EDQUOT, full.errno());
    }
  }

  @Test
  void moreAttributesThanARecordHoldsAreRefused() throws Exception {
    try (ScratchFileSystem memory = new ScratchFileSystem();
        OwnedDescriptor file =
            new OwnedDescriptor(Descriptors.openReadOnly(memory.write("file", "x").toString()))) {
      for (int i = 0; i < FileMetadata.MOST_ATTRIBUTES; i++) {
        FileMetadata.setAttributes(file.number(), Map.of("trusted.n" + i, new byte[0]));
      }
      assertEquals(FileMetadata.MOST_ATTRIBUTES, FileMetadata.attributes(file.number()).size());
      FileMetadata.setAttributes(file.number(), Map.of("trusted.one-more", new byte[0]));
      LinuxException refused =
          assertThrows(LinuxException.class, () -> FileMetadata.attributes(file.number()));
      assertEquals(Errno.E2BIG, refused.errno());
    }
  }

  @Test
  void flagsAreReadAndSetByDescriptor() throws Exception {
    Files.writeString(folder.resolve("file"), "x");
    try (DirectoryHandle directory = open(folder);
        OwnedDescriptor file = new OwnedDescriptor(directory.openFile(bytes("file")))) {
      long before = FileFlags.read(file.number());
      assertEquals(0, before & FileFlags.FS_IMMUTABLE_FL);
      assertEquals(0, FileFlags.write(file.number(), before | FileFlags.FS_IMMUTABLE_FL));
      assertEquals(-Errno.EPERM, directory.remove(bytes("file")));
      assertEquals(-Errno.EPERM, directory.move(bytes("file"), directory, bytes("other")));
      assertEquals(0, FileFlags.write(file.number(), before));
      assertEquals(0, directory.remove(bytes("file")));
    }
    try (OwnedDescriptor clock = new OwnedDescriptor(Descriptors.openReadOnly("/proc/uptime"))) {
      assertTrue(FileFlags.areUnknown(FileFlags.read(clock.number())));
      assertEquals(Map.of(), FileMetadata.attributes(clock.number()));
    }
  }

  private static UserDefinedFileAttributeView attributes(Path file) {
    return Files.getFileAttributeView(file, UserDefinedFileAttributeView.class);
  }

  private static String rights(Path file) throws Exception {
    return java.nio.file.attribute.PosixFilePermissions.toString(
        Files.getPosixFilePermissions(file));
  }

  private static DirectoryHandle open(Path path) {
    return DirectoryHandle.open(bytes(path.toString()));
  }

  private static byte[] bytes(String name) {
    return name.getBytes(StandardCharsets.UTF_8);
  }
}
