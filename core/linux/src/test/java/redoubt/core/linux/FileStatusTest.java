package redoubt.core.linux;

import static java.util.Objects.requireNonNull;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import redoubt.core.model.FileIdentity;

class FileStatusTest {
  @Test
  void saysWhatTheJdkSays() throws Exception {
    try (ScratchFileSystem scratch = new ScratchFileSystem();
        FileStatus status = new FileStatus()) {
      Path file = scratch.write("file", "content");
      Files.createLink(scratch.root().resolve("second"), file);
      Map<String, Object> expected = Files.readAttributes(file, "unix:*");
      int descriptor = Descriptors.openReadOnly(file.toString());
      assertEquals(0, status.load(descriptor));
      assertTrue(status.isRegular());
      assertEquals(expected.get("mode"), status.mode());
      assertEquals(expected.get("uid"), status.uid());
      assertEquals(expected.get("gid"), status.gid());
      assertEquals(expected.get("ino"), status.inode());
      assertEquals(expected.get("nlink"), status.linkCount());
      assertEquals(expected.get("size"), status.sizeBytes());
      assertEquals(nanos(expected, "ctime"), status.changeNanos());
      assertEquals(nanos(expected, "lastModifiedTime"), status.modifyNanos());
      assertEquals(nanos(expected, "creationTime"), status.birthNanos());
      assertEquals(expected.get("dev"), encode(status.device()));
      assertEquals(FileSystemType.TMPFS, FileSystemType.magic(descriptor));
      FileIdentity identity = status.identity();
      Path link = Files.createSymbolicLink(scratch.root().resolve("link"), file);
      assertEquals(0, status.load(link.toString()));
      assertEquals(identity, status.identity());
      assertEquals(-Errno.ENOENT, status.load(link + "-not-there"));
      assertEquals(0, Descriptors.close(descriptor));
      assertEquals(-Errno.EBADF, status.load(descriptor));
      assertEquals(-Errno.EBADF, FileSystemType.magic(descriptor));
    }
  }

  @Test
  void aWriteMakesAnotherIdentity() throws Exception {
    try (ScratchFileSystem scratch = new ScratchFileSystem();
        FileStatus status = new FileStatus()) {
      Path file = scratch.write("file", "content");
      int descriptor = Descriptors.openReadOnly(file.toString());
      assertEquals(0, status.load(descriptor));
      FileIdentity before = status.identity();
      assertEquals(0, status.load(descriptor));
      assertEquals(before, status.identity());
      Files.writeString(file, "CONTENT");
      Files.setLastModifiedTime(
          file, FileTime.from(before.modifyNanos(), TimeUnit.NANOSECONDS)); // as a forger would
      assertEquals(0, status.load(descriptor));
      assertNotEquals(before, status.identity());
      assertEquals(0, Descriptors.close(descriptor));
    }
  }

  @Test
  void directoriesAndDevicesAreNotRegular() {
    try (FileStatus status = new FileStatus()) {
      for (String path : new String[] {"/proc", "/dev/null"}) {
        int descriptor = Descriptors.openPath(path);
        assertEquals(0, status.load(descriptor));
        assertFalse(status.isRegular());
        assertEquals(0, Descriptors.close(descriptor));
      }
    }
  }

  private static long nanos(Map<String, Object> attributes, String name) {
    return requireNonNull((FileTime) attributes.get(name)).to(TimeUnit.NANOSECONDS);
  }

  /// glibc's `makedev`, which `st_dev` uses.
  private static long encode(long device) {
    long major = device >>> 32;
    long minor = device & 0xFFFFFFFFL;
    return ((major & 0xFFF) << 8)
        | ((major & ~0xFFFL) << 32)
        | (minor & 0xFF)
        | ((minor & ~0xFFL) << 12);
  }
}
