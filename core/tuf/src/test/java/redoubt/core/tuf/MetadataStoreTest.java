package redoubt.core.tuf;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import redoubt.core.tuf.client.Refresh;
import redoubt.core.tuf.client.Updater;
import redoubt.core.tuf.mirror.Mirror;
import redoubt.core.tuf.mirror.MirrorException;
import redoubt.core.tuf.store.MetadataStore;

/// The trusted metadata on disk, and power cuts at every step of a change.
class MetadataStoreTest {
  @TempDir private Path scratch = Path.of("");

  @Test
  void bytesAreKeptAsTheyAre() throws IOException {
    MetadataStore store = new MetadataStore(scratch.resolve("store"));
    byte[] odd = {0, '{', ' ', (byte) 0xff};
    store.initialize(odd);
    store.put("../x", odd);
    assertArrayEquals(odd, store.find("../x", 100).orElseThrow());
    assertTrue(Files.exists(scratch.resolve("store/..%2Fx.json")));
    assertEquals(Optional.empty(), store.find("../x", 3), "too long");
    store.delete("../x");
    assertEquals(Optional.empty(), store.find("../x", 100));
  }

  @Test
  void everyRootIsRemembered() throws IOException, MirrorException {
    SimulatedRepository repo = new SimulatedRepository();
    byte[] first = repo.latest("root");
    MetadataStore store = new MetadataStore(scratch.resolve("store"));
    store.initialize(first);
    repo.publish("root", "root");
    assertInstanceOf(Refresh.Current.class, updater(store, repo).refresh());
    assertArrayEquals(first, store.findRoot(1).orElseThrow());
    assertArrayEquals(repo.metadata.get("2.root.json"), store.findRoot(2).orElseThrow());
    assertArrayEquals(repo.latest("root"), store.findRoot(3).orElseThrow());
    store.initialize(repo.latest("root"));
    assertEquals(Optional.empty(), store.findRoot(1), "a new beginning");
  }

  /// A host whose power fails at any step of any write, also in the middle of one, goes on with
  /// what was or what should be, and its next look at the mirror brings it up to date.
  @Test
  void aPowerCutAtAnyStepLosesNothing() throws IOException, MirrorException {
    SimulatedRepository repo = new SimulatedRepository();
    byte[] pinned = repo.latest("root");
    Path before = scratch.resolve("before");
    MetadataStore store = new MetadataStore(before);
    store.initialize(pinned);
    assertInstanceOf(Refresh.Current.class, updater(store, repo).refresh());
    Map<String, byte[]> oldFiles = DirectoryContents.of(before);
    repo.rotate("snapshot");
    repo.publish("root", "root", "targets", "snapshot", "timestamp");

    int steps = 0;
    boolean finished = false;
    while (!finished) {
      steps++;
      Path directory = scratch.resolve("cut-" + steps);
      DirectoryContents.restore(oldFiles, directory);
      finished = runUntilCut(repo, directory, steps);
      assertSound(repo, oldFiles, DirectoryContents.of(directory));
      assertInstanceOf(
          Refresh.Current.class, updater(new MetadataStore(directory), repo).refresh());
      for (String role : List.of("root", "timestamp", "snapshot", "targets")) {
        assertArrayEquals(
            repo.latest(role), Files.readAllBytes(directory.resolve(role + ".json")), role);
      }
    }
    assertTrue(steps > 30, "steps=" + steps);
  }

  private static boolean runUntilCut(SimulatedRepository repo, Path directory, int step)
      throws IOException, MirrorException {
    try {
      updater(new MetadataStore(directory, new CutDisk(step)), repo).refresh();
      return true;
    } catch (CutDisk.PowerCut _) {
      return false;
    }
  }

  /// Every file that counts is whole: the old one, or one that was served.
  private static void assertSound(
      SimulatedRepository repo, Map<String, byte[]> old, Map<String, byte[]> now) {
    now.forEach((name, bytes) -> {
      if (name.endsWith(".json")) {
        boolean known =
            Stream.concat(old.values().stream(), repo.metadata.values().stream())
                .anyMatch(file -> Arrays.equals(file, bytes));
        assertTrue(known, "half a file: name=" + name);
      }
    });
  }

  private static Updater updater(MetadataStore store, SimulatedRepository repo) {
    Mirror mirror =
        (path, maxBytes, sink) -> {
          byte[] file = repo.metadata.get(path.encoded());
          return file != null && send(file, sink);
        };
    return new Updater(
        store, mirror, Limits.DEFAULT, InstantSource.fixed(SimulatedRepository.START));
  }

  private static boolean send(byte[] file, OutputStream sink) {
    try {
      new ByteArrayInputStream(file).transferTo(sink);
      return true;
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }
}
