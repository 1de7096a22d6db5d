package redoubt.agent.quarantine;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/// Cuts the power after each step of each way into the vault and out of it, on real file systems:
/// whatever moment it is, the file is at its place or in the vault, as it was, and whoever comes
/// next can go on.
class PowerCutTest {
  @TempDir private Path folder;
  private final List<Disk> disks = new ArrayList<>();

  /// Where the file is, seen from the vault.
  enum Place {
    /// On the file system of the vault.
    BESIDE,
    /// On another one.
    ELSEWHERE
  }

  @AfterEach
  void unmount() throws Exception {
    for (Disk disk : disks) {
      disk.close();
    }
  }

  @ParameterizedTest
  @EnumSource
  void puttingAwayLosesNothing(Place place) throws Exception {
    Scene scene = scene(place);
    List<Cut> cuts = new ArrayList<>();
    Quarantining.putAway(scene.vault(step -> cuts.add(scene.cut(step))), scene.file);
    assertTrue(cuts.size() > 5, () -> "every step is seen: " + cuts);
    for (Cut cut : cuts) {
      scene.goBackTo(cut);
      Vault vault = scene.vault(_ -> {});
      vault.recover();
      QuarantinedFile held = Quarantining.only(vault);
      if (held == null) {
        scene.assertAtItsPlace(cut);
        held = Quarantining.putAway(vault, scene.file);
      } else {
        assertFalse(Quarantining.isThere(scene.file), () -> cut + ": it is at one place");
      }
      assertEquals(QuarantinedFile.State.HELD, held.state(), cut::toString);
      vault.restore(held.id(), null);
      scene.assertAtItsPlace(cut);
    }
  }

  @ParameterizedTest
  @EnumSource
  void givingBackLosesNothing(Place place) throws Exception {
    Scene scene = scene(place);
    long id = Quarantining.putAway(scene.vault(_ -> {}), scene.file).id();
    List<Cut> cuts = new ArrayList<>();
    scene.vault(step -> cuts.add(scene.cut(step))).restore(id, null);
    assertTrue(cuts.size() > 3, () -> "every step is seen: " + cuts);
    for (Cut cut : cuts) {
      scene.goBackTo(cut);
      Vault vault = scene.vault(_ -> {});
      vault.recover();
      QuarantinedFile held = Quarantining.only(vault);
      if (held == null) {
        scene.assertAtItsPlace(cut);
      } else {
        assertEquals(QuarantinedFile.State.HELD, held.state(), cut::toString);
        assertFalse(Quarantining.isThere(scene.file), () -> cut + ": it is at one place");
        vault.restore(held.id(), null);
        scene.assertAtItsPlace(cut);
      }
    }
  }

  @ParameterizedTest
  @EnumSource
  void deletingIsFinishedOrHasNotBegun(Place place) throws Exception {
    Scene scene = scene(place);
    long id = Quarantining.putAway(scene.vault(_ -> {}), scene.file).id();
    List<Cut> cuts = new ArrayList<>();
    scene.vault(step -> cuts.add(scene.cut(step))).delete(id);
    assertEquals(3, cuts.size());
    for (Cut cut : cuts) {
      scene.goBackTo(cut);
      Vault vault = scene.vault(_ -> {});
      vault.recover();
      assertEquals(null, Quarantining.only(vault), cut::toString);
      assertFalse(Quarantining.isThere(scene.file));
    }
  }

  private Scene scene(Place place) throws Exception {
    disks.add(Disk.make(folder, "disk"));
    if (place == Place.ELSEWHERE) {
      disks.add(Disk.make(folder, "other"));
    }
    Path home = Files.createDirectory(disks.getLast().root().resolve("home"));
    Scene scene = new Scene(Quarantining.program(home.resolve("it")));
    for (Disk disk : disks) {
      Disk.run("sync", "-f", disk.root().toString());
    }
    return scene;
  }

  /// What a power cut after a step would leave of each disk.
  private record Cut(String step, List<Path> images) {}

  /// A file, what it is, and the disks.
  private final class Scene {
    private final Path file;
    private final String all;

    private Scene(Path file) throws Exception {
      this.file = file;
      this.all = Quarantining.all(file);
    }

    Vault vault(Vault.Steps steps) {
      return new Vault(
          disks.getFirst().root().resolve("state/quarantine"), Vault.MOST_BYTES, steps);
    }

    Cut cut(String step) {
      try {
        List<Path> images = new ArrayList<>();
        for (Disk disk : disks) {
          images.add(disk.cut(step + "-" + images.size() + "-" + System.nanoTime()));
        }
        return new Cut(step, images);
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }

    void goBackTo(Cut cut) throws Exception {
      for (int i = 0; i < disks.size(); i++) {
        disks.set(i, disks.get(i).after(cut.images().get(i)));
      }
    }

    void assertAtItsPlace(Cut cut) throws Exception {
      assertTrue(Quarantining.isThere(file), () -> cut + ": it is at its place");
      assertEquals(all, Quarantining.all(file), cut::toString);
    }
  }
}
