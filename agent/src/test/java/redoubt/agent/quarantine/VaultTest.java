package redoubt.agent.quarantine;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import redoubt.core.linux.Descriptors;
import redoubt.core.linux.ImmutableFlag;
import redoubt.core.model.Octets;
import redoubt.core.model.Sha256;

class VaultTest {
  @TempDir private Path folder;
  private Path home;
  private Path place;
  private Vault vault;

  @BeforeEach
  void prepare() throws Exception {
    home = Files.createDirectory(folder.resolve("home"));
    place = folder.resolve("quarantine");
    vault = new Vault(place, Vault.MOST_BYTES, _ -> {});
  }

  @AfterEach
  void empty() throws Exception {
    Quarantining.unseal(place);
  }

  @Test
  void whatIsPutAwayRunsForNobodyAndComesBackAsItWas() throws Exception {
    Path file = Quarantining.program(home.resolve("program"));
    String before = Quarantining.all(file);
    Object number = Files.getAttribute(file, "unix:ino");
    QuarantinedFile held = Quarantining.putAway(vault, file);

    assertFalse(Quarantining.isThere(file));
    Path inVault = place.resolve(held.id() + ".moved");
    assertEquals(0100000, Files.getAttribute(inVault, "unix:mode"));
    assertThrows(IOException.class, () -> new ProcessBuilder(inVault.toString()).start());
    assertThrows(
        IOException.class, () -> Files.writeString(inVault, "more", StandardOpenOption.APPEND));
    assertThrows(IOException.class, () -> Files.delete(inVault));
    assertEquals("rwx------", rights(place));
    assertEquals(
        Sha256.hash("#!/bin/sh\necho it runs\n".getBytes(StandardCharsets.UTF_8)), held.sha256());

    vault.restore(held.id(), null);
    assertEquals(before, Quarantining.all(file));
    assertEquals(number, Files.getAttribute(file, "unix:ino"), "it is the same file");
    assertEquals(List.of(), vault.list(_ -> {}));
  }

  @Test
  void anotherNameOfTheFileLosesItsRightsTooAndGetsThemBack() throws Exception {
    Path file = Quarantining.program(home.resolve("program"));
    Path other = Files.createLink(home.resolve("other"), file);
    QuarantinedFile held = Quarantining.putAway(vault, file);
    assertEquals(1, held.otherNames());
    assertEquals(0100000, Files.getAttribute(other, "unix:mode"));
    vault.restore(held.id(), null);
    assertEquals(0104750, Files.getAttribute(other, "unix:mode"));
  }

  @Test
  void flagsThatHoldAFileInPlaceDoNotKeepItFromGoing() throws Exception {
    for (String flag : List.of("+i", "+a")) {
      Path file = Files.writeString(home.resolve("file"), "x");
      Disk.run("chattr", flag, file.toString());
      String before = Quarantining.all(file);
      QuarantinedFile held = Quarantining.putAway(vault, file);
      assertFalse(Quarantining.isThere(file));
      vault.restore(held.id(), null);
      assertEquals(before, Quarantining.all(file), flag);
      Disk.run("chattr", "-ia", file.toString());
      Files.delete(file);
    }
  }

  @Test
  void nothingIsEverOverwritten() throws Exception {
    Path file = Files.writeString(home.resolve("file"), "bad");
    QuarantinedFile held = Quarantining.putAway(vault, file);
    Files.writeString(file, "new");
    QuarantineException taken =
        assertThrows(QuarantineException.class, () -> vault.restore(held.id(), null));
    assertTrue(taken.getMessage().contains("another file is there"), taken::getMessage);
    assertEquals("new", Files.readString(file));
    assertEquals(held, Quarantining.only(vault));

    Path elsewhere = home.resolve("elsewhere");
    vault.restore(held.id(), Quarantining.octets(elsewhere));
    assertEquals("bad", Files.readString(elsewhere));
  }

  @Test
  void aLinkOnTheWayBackLeadsNowhere() throws Exception {
    Path file = Files.writeString(home.resolve("file"), "bad");
    QuarantinedFile held = Quarantining.putAway(vault, file);
    Path target = Files.createDirectory(folder.resolve("target"));
    Files.delete(home);
    QuarantineException gone =
        assertThrows(QuarantineException.class, () -> vault.restore(held.id(), null));
    assertTrue(gone.fix().contains("--to"), gone::fix);
    Files.createSymbolicLink(home, target);
    QuarantineException led =
        assertThrows(QuarantineException.class, () -> vault.restore(held.id(), null));
    assertTrue(led.fix().contains("symbolic link"), led::fix);
    assertEquals(0, Quarantining.count(target, ""));
  }

  @Test
  void aNameThatIsNoTextIsKeptByteByByte() throws Exception {
    Disk.run("sh", "-c", "printf strange > \"$1/$(printf 'a\\377\\nb')\"", "sh", home.toString());
    Path file;
    try (var files = Files.list(home)) {
      file = files.findFirst().orElseThrow();
    }
    QuarantinedFile held;
    int descriptor = openStrange();
    try {
      held = vault.putAway(descriptor, null, Quarantining.CAUSE);
    } finally {
      Descriptors.close(descriptor);
    }
    assertEquals(0, Quarantining.count(home, ""));
    vault.restore(held.id(), null);
    assertEquals("strange", Files.readString(file));
  }

  private int openStrange() {
    byte[] name = (home + "/a?\nb").getBytes(StandardCharsets.US_ASCII);
    name[name.length - 3] = (byte) 0xff;
    return Descriptors.openWithCare(name);
  }

  @Test
  void whatIsNoFileOfThatNameIsRefused() throws Exception {
    Path file = Files.writeString(home.resolve("file"), "x");
    int descriptor = Descriptors.openReadOnly(file.toString());
    try {
      Files.move(file, home.resolve("moved"));
      // The kernel knows the new name.
      assertEquals(
          home.resolve("moved").toString(),
          vault.putAway(descriptor, null, Quarantining.CAUSE).pathText());
      QuarantineException again =
          assertThrows(
              QuarantineException.class, () -> vault.putAway(descriptor, null, Quarantining.CAUSE));
      assertTrue(again.getMessage().contains("is in quarantine"), again::getMessage);
      vault.delete(1);
      QuarantineException deleted =
          assertThrows(
              QuarantineException.class, () -> vault.putAway(descriptor, null, Quarantining.CAUSE));
      assertTrue(deleted.getMessage().contains("no name"), deleted::getMessage);
    } finally {
      Descriptors.close(descriptor);
    }
    assertThrows(QuarantineException.class, () -> Quarantining.putAway(vault, home));
    assertThrows(
        QuarantineException.class, () -> Quarantining.putAway(vault, Path.of("/dev/null")));
    assertThrows(QuarantineException.class, () -> vault.restore(99, null));
    assertThrows(QuarantineException.class, () -> vault.delete(99));
  }

  /// Whoever can write in the folder puts another name of a file that the host lives on in the
  /// place of the one that is taken.
  @Test
  void aFileThatIsExchangedAtTheLastMomentIsNotTouched() throws Exception {
    Path precious = Files.writeString(folder.resolve("shell"), "precious");
    Disk.run("chmod", "755", precious.toString());
    Path file = Files.writeString(home.resolve("file"), "bad");
    Vault raced =
        new Vault(
            place,
            Vault.MOST_BYTES,
            step -> {
              if (step.equals("loosened") && Quarantining.isThere(file)) {
                exchange(file, precious);
              }
            });
    QuarantineException refused =
        assertThrows(QuarantineException.class, () -> Quarantining.putAway(raced, file));
    assertTrue(refused.getMessage().contains("another file"), refused::getMessage);
    assertEquals(0100755, Files.getAttribute(precious, "unix:mode"));
    assertEquals("precious", Files.readString(file));
    assertEquals("bad", Files.readString(home.resolve("hidden")));
    assertEquals(0, Quarantining.count(place.resolve("."), ".json"), "no record is left");
    assertEquals(0, Quarantining.count(place.resolve("."), ".moved"));
  }

  @Test
  void aFileThatIsExchangedWhileItIsCopiedIsNotTouched() throws Exception {
    Disk other = Disk.make(folder, "other");
    try (other) {
      for (String moment : List.of("copy named", "original disarmed")) {
        Path precious = Files.writeString(other.root().resolve("shell"), "precious");
        Disk.run("chmod", "755", precious.toString());
        Path file = Files.writeString(other.root().resolve("file"), "bad");
        Vault raced =
            new Vault(
                place,
                Vault.MOST_BYTES,
                step -> {
                  if (step.equals(moment)) {
                    exchange(file, precious);
                  }
                });
        QuarantineException refused =
            assertThrows(QuarantineException.class, () -> Quarantining.putAway(raced, file));
        assertTrue(refused.getMessage().contains("another file"), refused::getMessage);
        assertEquals(0100755, Files.getAttribute(precious, "unix:mode"), moment);
        assertEquals("precious", Files.readString(file), moment);
        assertEquals("bad", Files.readString(other.root().resolve("hidden")), moment);
        assertEquals(0, Quarantining.count(place, ".json"), moment);
        assertEquals(0, Quarantining.count(place, ".copied"), moment);
        Files.delete(file);
      }
    }
  }

  private void exchange(Path file, Path by) {
    try {
      Files.move(
          file, file.resolveSibling("hidden"), java.nio.file.StandardCopyOption.REPLACE_EXISTING);
      Files.createLink(file, by);
    } catch (IOException e) {
      throw new java.io.UncheckedIOException(e);
    }
  }

  @Test
  void aFileOfAnotherFileSystemIsCopiedAndComesBack() throws Exception {
    Disk other = Disk.make(folder, "other");
    try (other) {
      Path file = Quarantining.program(other.root().resolve("program"));
      String before = Quarantining.all(file);
      Path second = Files.createLink(other.root().resolve("second"), file);
      QuarantinedFile held = Quarantining.putAway(vault, file);
      assertTrue(held.copied());
      assertFalse(Quarantining.isThere(file));
      assertEquals(0100000, Files.getAttribute(second, "unix:mode"), "and it runs by no name");
      assertEquals(0100000, Files.getAttribute(place.resolve(held.id() + ".copied"), "unix:mode"));
      vault.restore(held.id(), null);
      assertEquals(before, Quarantining.all(file));

      // A moved file can be given back to another file system too.
      Path here = Quarantining.program(home.resolve("program"));
      QuarantinedFile moved = Quarantining.putAway(vault, here);
      Path there = other.root().resolve("there");
      vault.restore(moved.id(), Quarantining.octets(there));
      assertEquals(before, Quarantining.all(there));
      assertEquals(List.of(), vault.list(_ -> {}));
    }
  }

  /// In a namespace of his own, anybody can show a file of a disk that he made under any path; on
  /// that disk it has whatever number and birth time he wants.
  @Test
  void aFileOfAnotherDeviceIsNotTakenForTheOneAtItsPath() throws Exception {
    Path file = Files.writeString(home.resolve("file"), "precious");
    Disk other = Disk.make(folder, "other");
    try (other) {
      Path strange = Files.writeString(other.root().resolve("file"), "bad");
      int ours = Descriptors.openReadOnly(file.toString());
      int theirs = Descriptors.openReadOnly(strange.toString());
      try (var directory =
          redoubt.core.linux.DirectoryHandle.open(Quarantining.octets(home).toArray())) {
        byte[] name = "file".getBytes(StandardCharsets.US_ASCII);
        assertTrue(Names.isSameDevice(directory, name, ours));
        assertFalse(Names.isSameDevice(directory, name, theirs));
      } finally {
        Descriptors.close(ours);
        Descriptors.close(theirs);
      }
    }
  }

  /// A container's files: those of its image are copied up by the kernel once anything is done to
  /// them.
  @Test
  void aFileOfAnOverlayGoesAndComesBack() throws Exception {
    Path merged = Files.createDirectory(folder.resolve("merged"));
    for (String layer : List.of("lower", "upper", "work")) {
      Files.createDirectory(folder.resolve(layer));
    }
    Quarantining.program(folder.resolve("lower/program"));
    String layers = "lowerdir=%1$s/lower,upperdir=%1$s/upper,workdir=%1$s/work".formatted(folder);
    Disk.run("mount", "-t", "overlay", "overlay", "-o", layers, merged.toString());
    try {
      Path file = merged.resolve("program");
      String before = Quarantining.all(file);
      for (Vault each :
          List.of(vault, new Vault(merged.resolve("quarantine"), Vault.MOST_BYTES, _ -> {}))) {
        QuarantinedFile held = Quarantining.putAway(each, file);
        assertFalse(Quarantining.isThere(file));
        each.restore(held.id(), null);
        assertEquals(before, Quarantining.all(file));
      }
    } finally {
      Disk.run("umount", merged.toString());
    }
  }

  @Test
  void aReadOnlyFileSystemKeepsItsFile() throws Exception {
    Disk other = Disk.make(folder, "other");
    try (other) {
      Path file = Quarantining.program(other.root().resolve("program"));
      String before = Quarantining.all(file);
      Disk.run("mount", "-o", "remount,ro", other.root().toString());
      QuarantineException refused =
          assertThrows(QuarantineException.class, () -> Quarantining.putAway(vault, file));
      assertTrue(refused.getMessage().contains("EROFS"), refused::getMessage);
      assertEquals(before, Quarantining.all(file));
      assertEquals(List.of(), vault.list(_ -> {}));
      assertEquals(0, Quarantining.count(place, ".copied"));
    }
  }

  @Test
  void moreThanTheBudgetIsRefused() throws Exception {
    Vault small = new Vault(place, 64 * 1024, _ -> {});
    for (int i = 0; i < 2; i++) {
      Quarantining.putAway(small, Files.write(home.resolve("file" + i), new byte[32 * 1024 - i]));
    }
    Path third = Files.writeString(home.resolve("third"), "x");
    QuarantineException full =
        assertThrows(QuarantineException.class, () -> Quarantining.putAway(small, third));
    assertTrue(full.getMessage().contains("full"), full::getMessage);
    assertTrue(Quarantining.isThere(third));
    small.delete(1);
    assertEquals(4, Quarantining.putAway(small, third).id(), "no number is given twice");
  }

  @Test
  void aBrokenRecordIsToldOfAndItsFileStays() throws Exception {
    Quarantining.putAway(vault, Files.writeString(home.resolve("one"), "1"));
    Quarantining.putAway(vault, Files.writeString(home.resolve("two"), "2"));
    Files.writeString(place.resolve("1.json"), "{\"version\":1,");
    List<String> problems = new ArrayList<>();
    assertEquals(1, vault.list(problems::add).size());
    assertEquals(1, problems.size(), problems::toString);
    assertTrue(problems.getFirst().startsWith("1.json: "), problems::toString);
    vault.recover();
    assertEquals(0, vault.drainRecovered());
    assertTrue(Quarantining.isThere(place.resolve("1.moved")));
    assertEquals(
        3, Quarantining.putAway(vault, Files.writeString(home.resolve("three"), "3")).id());
    vault.restore(2, null);
    assertEquals("2", Files.readString(home.resolve("two")));
  }

  @Test
  void aFolderThatIsGoneKeepsItsFileInTheVault() throws Exception {
    Path file = Files.writeString(home.resolve("file"), "bad");
    Vault stopped =
        new Vault(
            place,
            Vault.MOST_BYTES,
            step -> {
              if (step.equals("moved")) {
                throw new IllegalStateException("the power is cut");
              }
            });
    assertThrows(IllegalStateException.class, () -> Quarantining.putAway(stopped, file));
    Files.delete(home);
    vault.recover();
    assertEquals(1, vault.drainRecovered());
    QuarantinedFile held = Quarantining.only(vault);
    assertNotNull(held);
    assertEquals(QuarantinedFile.State.HELD, held.state());
    Octets elsewhere = Quarantining.octets(folder.resolve("elsewhere"));
    vault.restore(held.id(), elsewhere);
    assertEquals("bad", Files.readString(folder.resolve("elsewhere")));
  }

  @Test
  void aVaultIsNotMadeByLookingAtIt() throws Exception {
    assertEquals(List.of(), vault.list(_ -> {}));
    vault.recover();
    assertEquals(0, vault.drainRecovered());
    assertFalse(Quarantining.isThere(place));
    assertNotEquals(true, ImmutableFlag.isSet(home).orElse(false));
  }

  private static String rights(Path file) throws IOException {
    return java.nio.file.attribute.PosixFilePermissions.toString(
        Files.getPosixFilePermissions(file));
  }
}
