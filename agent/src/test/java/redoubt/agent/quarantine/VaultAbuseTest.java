package redoubt.agent.quarantine;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import redoubt.core.linux.Descriptors;
import redoubt.core.linux.FileMetadata;
import redoubt.core.model.Octets;

/// What somebody who may write in the folder of a file does while that is taken, and what he leaves
/// for whoever comes next.
class VaultAbuseTest {
  private static final Duration LIMIT = Duration.ofSeconds(20);

  @TempDir private Path folder;
  private Path home;
  private Path place;
  private Vault vault;

  /// Something that is done at one step.
  private interface Deed {
    void run() throws IOException;
  }

  @BeforeEach
  void prepare() throws Exception {
    home = Files.createDirectory(folder.resolve("home"));
    place = folder.resolve("quarantine");
    vault = vaultOf(Vault.MOST_BYTES);
  }

  @AfterEach
  void empty() throws Exception {
    Quarantining.unseal(place);
  }

  private Vault vaultOf(long mostBytes) {
    return new Vault(place, mostBytes, _ -> {});
  }

  private Vault vaultWhere(String moment, Deed deed) {
    return new Vault(
        place,
        Vault.MOST_BYTES,
        step -> {
          if (step.equals(moment)) {
            try {
              deed.run();
            } catch (IOException e) {
              throw new UncheckedIOException(e);
            }
          }
        });
  }

  @Test
  void aFileThatLeavesWhileItsCopyIsMadeIsNotSaidToBeTaken() throws Exception {
    Disk other = Disk.make(folder, "other");
    try (other) {
      for (String moment : List.of("copy named", "original disarmed", "original aside")) {
        Path file = Quarantining.program(other.root().resolve("file"));
        String before = Quarantining.all(file);
        Path escaped = other.root().resolve("escaped");
        Vault raced =
            vaultWhere(
                moment,
                () -> Files.move(moment.equals("original aside") ? aside(other) : file, escaped));
        QuarantineException refused =
            assertThrows(QuarantineException.class, () -> Quarantining.putAway(raced, file));
        assertTrue(refused.getMessage().contains("another file"), refused::getMessage);
        assertEquals(before, Quarantining.all(escaped), moment);
        assertNull(Quarantining.only(vault), moment);
        assertEquals(0, Quarantining.count(place, ".copied"), moment);
        Files.delete(escaped);
      }
    }
  }

  private static Path aside(Disk disk) throws IOException {
    try (var names = Files.newDirectoryStream(disk.root(), ".redoubt-*")) {
      return names.iterator().next();
    }
  }

  /// Its owner gives it one more name before the last one that is known is removed.
  @Test
  void aFileThatStillHasANameIsNotSaidToBeTaken() throws Exception {
    Disk other = Disk.make(folder, "other");
    try (other) {
      Path file = Quarantining.program(other.root().resolve("file"));
      String before = Quarantining.all(file);
      Path kept = other.root().resolve("kept");
      Vault raced = vaultWhere("original aside", () -> Files.createLink(kept, aside(other)));
      QuarantineException refused =
          assertThrows(QuarantineException.class, () -> Quarantining.putAway(raced, file));
      assertTrue(refused.getMessage().contains("another file"), refused::getMessage);
      assertEquals(before, Quarantining.all(kept));
      assertNull(Quarantining.only(vault));
    }
  }

  @Test
  void aFolderThatIsRenamedMeanwhileIsStillTheFolder() throws Exception {
    Disk other = Disk.make(folder, "other");
    try (other) {
      for (String moment : List.of("recorded", "copying", "copied", "original aside")) {
        Path from = Files.createDirectory(other.root().resolve("from"));
        Path file = Quarantining.program(from.resolve("file"));
        Path renamed = other.root().resolve("renamed");
        QuarantinedFile held =
            Quarantining.putAway(vaultWhere(moment, () -> Files.move(from, renamed)), file);
        assertEquals(0, Quarantining.count(renamed, ""), moment);
        vault.delete(held.id());
        Files.delete(renamed);
      }
    }
  }

  @Test
  void whatWasExchangedGoesBackIntoAFolderThatWasRenamed() throws Exception {
    Path precious = Files.writeString(folder.resolve("shell"), "precious");
    Disk.run("chmod", "755", precious.toString());
    Path file = Files.writeString(home.resolve("file"), "bad");
    Path renamed = folder.resolve("renamed");
    Vault raced =
        vaultWhere(
            "loosened",
            () -> {
              Files.move(file, home.resolve("hidden"));
              Files.createLink(file, precious);
              Files.move(home, renamed);
            });
    assertThrows(QuarantineException.class, () -> Quarantining.putAway(raced, file));
    assertEquals("precious", Files.readString(renamed.resolve("file")));
    assertEquals(0100755, Files.getAttribute(precious, "unix:mode"));
    assertNull(Quarantining.only(vault));
  }

  /// The only place for it is no more: it stays, but nobody takes the rights of a file away that
  /// was not meant.
  @Test
  void whatWasExchangedStaysAsItIsWhereItsFolderIsNoMore() throws Exception {
    Path precious = Files.writeString(folder.resolve("shell"), "precious");
    Disk.run("chmod", "755", precious.toString());
    for (boolean givenBack : new boolean[] {true, false}) {
      Files.createDirectories(home);
      Path file = Files.writeString(home.resolve("file"), "bad");
      Vault raced =
          new Vault(
              place,
              Vault.MOST_BYTES,
              step -> {
                try {
                  if (step.equals("loosened")) {
                    Files.delete(file);
                    Files.createLink(file, precious);
                  } else if (step.equals("moved")) {
                    Files.delete(home);
                  }
                } catch (IOException e) {
                  throw new UncheckedIOException(e);
                }
              });
      QuarantineException refused =
          assertThrows(QuarantineException.class, () -> Quarantining.putAway(raced, file));
      assertTrue(refused.fix().contains("restore"), refused::fix);
      QuarantinedFile stranded = Quarantining.only(vault);
      assertNotNull(stranded);
      assertEquals(QuarantinedFile.State.STRANDED, stranded.state());
      vault.recover();
      assertEquals(0100755, Files.getAttribute(precious, "unix:mode"));
      Path back = folder.resolve("back");
      if (givenBack) {
        vault.restore(stranded.id(), Quarantining.octets(back));
        assertTrue(Files.isSameFile(precious, back));
        Files.delete(back);
      } else {
        vault.delete(stranded.id());
      }
      assertEquals("precious", Files.readString(precious));
      assertEquals(0100755, Files.getAttribute(precious, "unix:mode"));
      assertNull(Quarantining.only(vault));
      assertEquals(0, Quarantining.count(place, ".moved"));
    }
  }

  @Test
  void aRecordThatCannotBeWrittenAtLastLeavesTheFileAtItsPlace() throws Exception {
    Path file = Quarantining.program(home.resolve("file"));
    String before = Quarantining.all(file);
    Path record = place.resolve("1.json");
    Vault full =
        vaultWhere(
            "sealed",
            () -> {
              // Nothing can be renamed over a folder.
              Files.delete(record);
              Files.createDirectory(record);
            });
    assertThrows(QuarantineException.class, () -> Quarantining.putAway(full, file));
    assertEquals(before, Quarantining.all(file));
    assertEquals(0, Quarantining.count(place, ".moved"));
  }

  @Test
  void moreAttributesThanARecordHoldsKeepAFileAtItsPlace() throws Exception {
    Path memory = Files.createDirectory(folder.resolve("memory"));
    Disk.run("mount", "-t", "tmpfs", "scratch", memory.toString());
    try {
      Path file = Files.writeString(memory.resolve("file"), "bad");
      int descriptor = Descriptors.openReadOnly(file.toString());
      try {
        for (int i = 0; i <= FileMetadata.MOST_ATTRIBUTES; i++) {
          FileMetadata.setAttributes(descriptor, Map.of("trusted.n" + i, new byte[0]));
        }
      } finally {
        Descriptors.close(descriptor);
      }
      QuarantineException refused =
          assertThrows(QuarantineException.class, () -> Quarantining.putAway(vault, file));
      assertTrue(refused.fix().contains("attributes"), refused::fix);
      assertEquals("bad", Files.readString(file));
      assertNull(Quarantining.only(vault));
    } finally {
      Disk.run("umount", memory.toString());
    }
  }

  /// A file of every second block takes half of its length, and its copy no more than that.
  @Test
  void holesAreNoWayAroundTheBudget() throws Exception {
    Disk other = Disk.make(folder, "other");
    try (other) {
      long budget = 1L << 20;
      Path file = other.root().resolve("file");
      long room = half(file, 2 * budget - 64 * 1_024);
      assertTrue(room < budget, "it fits: " + room);
      QuarantinedFile held = Quarantining.putAway(vaultOf(budget), file);
      assertTrue(held.bytes() <= budget, () -> "as does its copy: " + held);
      Path second = Files.write(other.root().resolve("second"), new byte[64 * 1_024]);
      assertThrows(QuarantineException.class, () -> Quarantining.putAway(vaultOf(budget), second));
      vault.delete(held.id());
    }
  }

  private static long half(Path file, long length) throws IOException {
    try (RandomAccessFile content = new RandomAccessFile(file.toFile(), "rw")) {
      for (long at = 0; at < length; at += 8_192) {
        content.seek(at);
        content.write(new byte[] {1, 2, 3});
      }
    }
    Disk.run("sync", file.toString());
    return length / 2;
  }

  @Test
  void aLongFileGoesAtOnceAndWithoutADigest() throws Exception {
    Path file = home.resolve("long");
    try (RandomAccessFile content = new RandomAccessFile(file.toFile(), "rw")) {
      content.setLength(1L << 40);
    }
    QuarantinedFile held =
        assertTimeoutPreemptively(LIMIT, () -> Quarantining.putAway(vault, file));
    assertNull(held.sha256());
    vault.restore(held.id(), null);
    assertEquals(1L << 40, Files.size(file));
  }

  @Test
  void aFileSystemThatNeverAnswersHoldsUpNobodyElse() throws Exception {
    Disk other = Disk.make(folder, "other");
    Path bad = Quarantining.program(home.resolve("bad"));
    try (other) {
      Path far = Quarantining.program(other.root().resolve("far"));
      for (String moment : List.of("copied", "copy named", "original disarmed")) {
        interruptAt(moment, far);
      }
    }
    DeadFileSystem dead = DeadFileSystem.mountAt(folder.resolve("other"));
    try (dead) {
      assertTimeoutPreemptively(
          LIMIT,
          () -> {
            QuarantinedFile held = Quarantining.putAway(vault, bad);
            vault.restore(held.id(), null);
            // And its owner decides what becomes of what was begun with it.
            Octets elsewhere = Quarantining.octets(folder.resolve("elsewhere"));
            for (QuarantinedFile stuck : vault.list(_ -> {})) {
              assertEquals(QuarantinedFile.State.TAKING, stuck.state());
              if (Quarantining.count(place, stuck.id() + ".copied") > 0) {
                vault.restore(stuck.id(), elsewhere);
                Files.delete(folder.resolve("elsewhere"));
              } else {
                vault.delete(stuck.id());
              }
            }
          });
    }
    assertNull(Quarantining.only(vault));
    assertEquals(0, Quarantining.count(place, ".copied"));
    assertEquals(0, Quarantining.count(place, ".copying"));
  }

  private void interruptAt(String moment, Path file) {
    Vault stopped =
        vaultWhere(
            moment,
            () -> {
              throw new IOException("the power is cut");
            });
    // Whatever the one before has left is finished first.
    assertThrows(UncheckedIOException.class, () -> Quarantining.putAway(stopped, file));
  }

  @Test
  void aFileOfTheVaultIsToldByMoreThanItsPath() throws Exception {
    Path file = Files.writeString(home.resolve("file"), "bad");
    QuarantinedFile held = Quarantining.putAway(vault, file);
    String name = held.id() + ".moved";
    String script =
        "mount -t tmpfs theirs '%s' && touch '%s/%s' && echo ready && read end"
            .formatted(place, place, name);
    Process other = new ProcessBuilder("unshare", "--mount", "sh", "-c", script).start();
    try (var said = other.inputReader()) {
      assertEquals("ready", said.readLine());
      assertTrue(holds(place.resolve(name).toString()));
      assertFalse(holds("/proc/" + other.pid() + "/root" + place.resolve(name)));
    } finally {
      other.destroyForcibly().waitFor();
    }
  }

  private boolean holds(String path) {
    int descriptor = Descriptors.openReadOnly(path);
    assertTrue(descriptor >= 0, path);
    try {
      return vault.holds(descriptor);
    } finally {
      Descriptors.close(descriptor);
    }
  }
}
