package redoubt.core.linux;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class FanotifyNameTest {
  @Test
  void namesOfCreatedAndRenamedFilesAreTold() throws Exception {
    try (ScratchFileSystem scratch = new ScratchFileSystem();
        FanotifyGroup group = FanotifyGroup.openNames(true);
        FanotifyNameReader reader = new FanotifyNameReader(group, 8192)) {
      assertEquals(-Errno.EAGAIN, reader.read());
      long mask = FanotifyGroup.FAN_CREATE | FanotifyGroup.FAN_RENAME | FanotifyGroup.FAN_DELETE;
      group.mark(MarkScope.FILESYSTEM, mask, scratch.root().toString());

      Path directory = Files.createDirectory(scratch.root().resolve("directory"));
      Path file = scratch.write("ä file", "content");
      Path moved = Files.move(file, directory.resolve("moved"));
      Files.delete(moved);

      List<FanotifyNameEvent> events = readAll(reader);
      assertEquals(
          List.of("ä file", "ä file", "moved"), events.stream().map(e -> e.name()).toList());
      FanotifyNameEvent created = events.get(0);
      assertEquals(FanotifyGroup.FAN_CREATE, created.mask());
      assertEquals(ProcessHandle.current().pid(), created.pid());
      assertEquals(scratch.root().toString(), locate(created.directory(), scratch.root()));
      FanotifyNameEvent renamed = events.get(1);
      assertEquals(FanotifyGroup.FAN_RENAME, renamed.mask());
      assertEquals("moved", renamed.newName());
      assertEquals(created.directory(), renamed.directory());
      assertEquals(created.target(), renamed.target());
      assertEquals(directory.toString(), locate(renamed.newDirectory(), scratch.root()));
      assertNotEquals(renamed.directory(), renamed.newDirectory());
      FanotifyNameEvent deleted = events.get(2);
      assertEquals(FanotifyGroup.FAN_DELETE, deleted.mask());
      assertEquals(renamed.newDirectory(), deleted.directory());
      assertEquals(Optional.empty(), reader.next());
    }
  }

  @Test
  void eventsWithNamesOfAnyLengthAreReadTogether() throws Exception {
    try (ScratchFileSystem scratch = new ScratchFileSystem();
        FanotifyGroup group = FanotifyGroup.openNames(false);
        FanotifyNameReader reader = new FanotifyNameReader(group, 65_536)) {
      long mask = FanotifyGroup.FAN_CREATE | FanotifyGroup.FAN_ONDIR;
      group.mark(MarkScope.FILESYSTEM, mask, scratch.root().toString());
      List<String> names = new ArrayList<>();
      for (int length = 1; length <= 40; length++) {
        names.add("n".repeat(length));
        Files.createDirectory(scratch.root().resolve(names.getLast()));
      }
      assertTrue(reader.await(1_000));
      assertEquals(0, reader.read());
      for (String name : names) {
        FanotifyNameEvent event = reader.next().orElseThrow();
        assertEquals(name, event.name());
        assertEquals(FanotifyGroup.FAN_CREATE | FanotifyGroup.FAN_ONDIR, event.mask());
        assertEquals(-1, event.pidfd());
      }
      assertEquals(Optional.empty(), reader.next());
    }
  }

  private static List<FanotifyNameEvent> readAll(FanotifyNameReader reader) {
    List<FanotifyNameEvent> events = new ArrayList<>();
    while (reader.read() == 0) {
      for (var event = reader.next(); event.isPresent(); event = reader.next()) {
        events.add(event.get());
        assertEquals(0, Descriptors.close(event.get().pidfd()));
      }
    }
    return events;
  }

  private static String locate(Optional<FileHandle> handle, Path mount) {
    int root = Descriptors.openReadOnly(mount.toString());
    int place = handle.orElseThrow().open(root);
    String path = Descriptors.readLink(place);
    assertEquals(0, Descriptors.close(place));
    assertEquals(0, Descriptors.close(root));
    return path;
  }

  @Test
  void attachedAndDetachedMountsAreTold() throws Exception {
    try (FanotifyGroup group = FanotifyGroup.openMounts();
        FanotifyMountReader reader = new FanotifyMountReader(group, 16)) {
      long mask = FanotifyGroup.FAN_MNT_ATTACH | FanotifyGroup.FAN_MNT_DETACH;
      group.mark(MarkScope.MOUNT_NAMESPACE, mask, "/proc/self/ns/mnt");
      assertEquals(-Errno.EAGAIN, reader.read());
      long attached;
      try (ScratchFileSystem _ = new ScratchFileSystem()) {
        attached = find(reader, FanotifyGroup.FAN_MNT_ATTACH);
        assertTrue(attached > 0);
      }
      assertEquals(attached, find(reader, FanotifyGroup.FAN_MNT_DETACH));
    }
  }

  /// The mount of the first event of a kind.
  private static long find(FanotifyMountReader reader, long mask) {
    int count = reader.read();
    for (int i = 0; i < count; i++) {
      if (reader.mask(i) == mask) {
        return reader.mountId(i);
      }
    }
    return 0;
  }

  @Test
  void aBufferThatCouldNotHoldAnEventIsRefused() {
    try (FanotifyGroup group = FanotifyGroup.openNames(true)) {
      assertThrows(IllegalArgumentException.class, () -> new FanotifyNameReader(group, 4095));
    }
  }
}
