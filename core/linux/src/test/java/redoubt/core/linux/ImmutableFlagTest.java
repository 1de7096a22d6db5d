package redoubt.core.linux;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ImmutableFlagTest {
  @TempDir private Path folder;
  private Path file;

  @BeforeEach
  void createFile() throws Exception {
    file = Files.writeString(folder.resolve("file"), "as it was");
  }

  @AfterEach
  void takeOff() {
    ImmutableFlag.set(folder, false);
    ImmutableFlag.set(file, false);
  }

  @Test
  void nobodyChangesWhatHasTheFlagUntilItIsTakenOff() throws Exception {
    assertEquals(Optional.of(false), ImmutableFlag.isSet(file));
    assertTrue(ImmutableFlag.set(file, true));
    assertEquals(Optional.of(true), ImmutableFlag.isSet(file));
    assertThrows(IOException.class, () -> Files.writeString(file, "changed"));
    assertThrows(IOException.class, () -> Files.delete(file));
    assertThrows(IOException.class, () -> Files.move(file, folder.resolve("other")));

    assertTrue(ImmutableFlag.set(file, false));
    Files.writeString(file, "changed");
    assertEquals("changed", Files.readString(file));
  }

  @Test
  void aDirectoryWithTheFlagTakesNoNewName() throws Exception {
    assertTrue(ImmutableFlag.set(folder, true));
    assertThrows(IOException.class, () -> Files.createFile(folder.resolve("new")));
    assertThrows(IOException.class, () -> Files.delete(file));
    Files.writeString(file, "only names are fixed");
    assertTrue(ImmutableFlag.set(folder, false));
    Files.createFile(folder.resolve("new"));
  }

  @Test
  void aFileSystemWithoutFlagsIsAnAnswer() {
    Path clock = Path.of("/proc/uptime");
    assertEquals(Optional.empty(), ImmutableFlag.isSet(clock));
    assertFalse(ImmutableFlag.set(clock, true));
  }

  @Test
  void aMissingFileIsNamed() {
    LinuxException error =
        assertThrows(LinuxException.class, () -> ImmutableFlag.isSet(folder.resolve("none")));
    assertEquals(Errno.ENOENT, error.errno());
  }
}
