package redoubt.core.tuf;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import redoubt.core.disk.DiskSteps;
import redoubt.core.model.Octets;
import redoubt.core.tuf.client.Refresh;
import redoubt.core.tuf.client.Updater;
import redoubt.core.tuf.mirror.DirectoryMirror;
import redoubt.core.tuf.mirror.MirrorException;
import redoubt.core.tuf.signing.Drafts;
import redoubt.core.tuf.signing.Publication;
import redoubt.core.tuf.signing.PublishedRepository;
import redoubt.core.tuf.signing.SignedFile;
import redoubt.core.tuf.signing.SigningException;
import redoubt.core.tuf.signing.SigningKey;
import redoubt.core.tuf.store.MetadataStore;

/// A repository that is published to: in which order, by whom, and what is never published.
class PublishedRepositoryTest {
  @TempDir private Path scratch = Path.of("");

  @Test
  void theTimestampIsWrittenLast() throws Exception {
    HonestRepository repo = repository();
    List<String> renamed = new ArrayList<>();
    repo.rootKeys.add(repo.newKey());
    repo.rootChanged = true;
    repo.addTarget("acme", "bundle-2", "two");
    new PublishedRepository(scratch.resolve("repo"), new Noting(renamed))
        .publish(repo.change(), List.of(repo.pinned), repo.clock());
    String order = String.join(" ", renamed).replaceAll("[0-9a-f]{64,128}", "HASH");
    assertTrue(order.contains("HASH.bundle-2"), order);
    assertTrue(
        order.endsWith("2.vendor-acme.json 2.snapshot.json 2.root.json timestamp.json"), order);
  }

  @Test
  void twoWhoBuildOnTheSameAreNotBothPublished() throws Exception {
    HonestRepository repo = repository();
    repo.addTarget("acme", "bundle-2", "two");
    Publication first = repo.change();
    repo.addTarget("acme", "bundle-3", "three");
    Publication second = repo.change();
    repo.published.publish(first, List.of(repo.pinned), repo.clock());
    SigningException refused =
        assertThrows(
            SigningException.class,
            () -> repo.published.publish(second, List.of(repo.pinned), repo.clock()));
    assertTrue(refused.getMessage().contains("somebody else has published"));
  }

  @Test
  void aPublishedVersionIsForEver() throws Exception {
    HonestRepository repo = repository();
    repo.addTarget("acme", "bundle-2", "two");
    Publication change = repo.change();
    Files.write(repo.published.metadata().resolve("2.vendor-acme.json"), new byte[] {'x'});
    assertThrows(
        SigningException.class,
        () -> repo.published.publish(change, List.of(repo.pinned), repo.clock()));
    assertEquals(1, repo.published.timestamp().orElseThrow().version());
  }

  @Test
  void ourOwnClientMustTakeItFirst() throws Exception {
    HonestRepository repo = repository();
    assertUnchanged(repo, () -> repo.timestampKey = repo.newKey(), "5.4.2");
    assertUnchanged(repo, () -> repo.snapshotKey = repo.newKey(), "5.5.3");
  }

  /// A root without the old signatures must not even appear: hosts look for it all the time.
  @Test
  void aRootThatDoesNotFollowNeverAppears() throws Exception {
    HonestRepository repo = repository();
    HonestRepository stranger = new HonestRepository(scratch.resolve("stranger"));
    stranger.addVendor("acme");
    stranger.publish();
    stranger.rootChanged = true;
    Publication theirs = stranger.change();
    Publication change =
        new Publication(
            1, theirs.root(), Map.of(), Optional.empty(), repo.change().timestamp(), Map.of());
    assertThrows(
        SigningException.class,
        () -> repo.published.publish(change, List.of(repo.pinned), repo.clock()));
    assertTrue(Files.notExists(repo.published.metadata().resolve("2.root.json")));
  }

  @Test
  void aTimestampIsRenewedAlone() throws Exception {
    HonestRepository repo = repository();
    repo.now = repo.now.plus(Duration.ofDays(9));
    Timestamp old = repo.published.timestamp().orElseThrow();
    byte[] renewed =
        SignedFile.sign(
            Drafts.timestamp(old.version() + 1, repo.now.plus(Duration.ofDays(10)), old.snapshot()),
            List.of(repo.timestampKey));
    repo.published.publish(
        Publication.ofTimestamp(old.version(), Octets.of(renewed)),
        List.of(repo.pinned),
        repo.clock());
    repo.now = repo.now.plus(Duration.ofDays(9));
    assertInstanceOf(Refresh.Current.class, refresh(repo, "host"));
  }

  @Test
  void expiredMetadataIsNotPublished() throws Exception {
    HonestRepository repo = repository();
    repo.addTarget("acme", "bundle-2", "two");
    Publication change = repo.change();
    repo.now = repo.now.plus(Duration.ofDays(11));
    assertThrows(
        SigningException.class,
        () -> repo.published.publish(change, List.of(repo.pinned), repo.clock()));
  }

  /// A publisher that is killed at any step has published nothing or all; the same change again
  /// brings it to its end.
  @Test
  void aPublisherMayBeKilledAtAnyStep() throws Exception {
    HonestRepository repo = repository();
    Map<String, byte[]> before = DirectoryContents.of(scratch.resolve("repo"));
    repo.addTarget("acme", "bundle-2", "two");
    repo.timestampKey = repo.newKey();
    repo.rootChanged = true;
    Publication change = repo.change();
    boolean finished = false;
    int step = 0;
    while (!finished) {
      step++;
      Path directory = scratch.resolve("cut-" + step);
      DirectoryContents.restore(before, directory);
      finished = publishUntilCut(change, repo, directory, step);
      Refresh refresh = refresh(repo, directory.resolve("metadata"), "host-" + step);
      if (!(refresh instanceof Refresh.Current)) {
        // Between the root with another timestamp key and the timestamp: refused for a moment.
        assertTrue(Files.exists(directory.resolve("metadata/2.root.json")), refresh.toString());
      }
      new PublishedRepository(directory).publish(change, List.of(repo.pinned), repo.clock());
      assertInstanceOf(
          Refresh.Current.class, refresh(repo, directory.resolve("metadata"), "later-" + step));
    }
    assertTrue(step > 20, "steps=" + step);
  }

  @Test
  void whatHasHurtOthersIsNotPublished() throws Exception {
    HonestRepository repo = repository();
    repo.addTarget("acme", "../escape", "x");
    SigningException refused = assertThrows(SigningException.class, repo::publish);
    assertTrue(refused.getMessage().contains("not plain"), refused.getMessage());
  }

  private static boolean publishUntilCut(
      Publication change, HonestRepository repo, Path directory, int step)
      throws IOException, SigningException {
    try {
      new PublishedRepository(directory, new CutDisk(step))
          .publish(change, List.of(repo.pinned), repo.clock());
      return true;
    } catch (CutDisk.PowerCut _) {
      return false;
    }
  }

  private void assertUnchanged(HonestRepository repo, Runnable mistake, String step)
      throws Exception {
    repo.addTarget("acme", "bundle-x", "x");
    SigningKey timestampKey = repo.timestampKey;
    SigningKey snapshotKey = repo.snapshotKey;
    mistake.run();
    Publication change = repo.change();
    repo.timestampKey = timestampKey;
    repo.snapshotKey = snapshotKey;
    SigningException refused =
        assertThrows(
            SigningException.class,
            () -> repo.published.publish(change, List.of(repo.pinned), repo.clock()));
    assertTrue(refused.getMessage().contains(step), refused.getMessage());
    assertEquals(1, repo.published.timestamp().orElseThrow().version());
    assertTrue(Files.notExists(repo.published.metadata().resolve("2.root.json")));
    assertInstanceOf(Refresh.Current.class, refresh(repo, "host"));
    // what nobody saw may be cleared away
    Files.deleteIfExists(repo.published.metadata().resolve("2.vendor-acme.json"));
    Files.deleteIfExists(repo.published.metadata().resolve("2.snapshot.json"));
  }

  private HonestRepository repository() throws IOException, SigningException {
    HonestRepository repo = new HonestRepository(scratch.resolve("repo"));
    repo.addVendor("acme");
    repo.addTarget("acme", "bundle", "content");
    repo.publish();
    return repo;
  }

  private Refresh refresh(HonestRepository repo, String host) throws IOException, MirrorException {
    return refresh(repo, repo.published.metadata(), host);
  }

  private Refresh refresh(HonestRepository repo, Path metadata, String host)
      throws IOException, MirrorException {
    MetadataStore store = new MetadataStore(scratch.resolve(host));
    if (!store.isInitialized()) {
      store.initialize(repo.pinned.toArray());
    }
    return new Updater(store, new DirectoryMirror(metadata), Limits.DEFAULT, repo.clock())
        .refresh();
  }

  /// The real disk, and a note of each name that appears.
  private record Noting(List<String> renamed) implements DiskSteps {
    private static final DiskSteps REAL = new DiskSteps.Real();

    @Override
    public void write(Path file, byte[] bytes) throws IOException {
      REAL.write(file, bytes);
    }

    @Override
    public void copy(Path from, Path to) throws IOException {
      REAL.copy(from, to);
    }

    @Override
    public void syncFile(Path file) throws IOException {
      REAL.syncFile(file);
    }

    @Override
    public void rename(Path from, Path to) throws IOException {
      renamed.add(String.valueOf(to.getFileName()));
      REAL.rename(from, to);
    }

    @Override
    public void syncDirectory(Path directory) throws IOException {
      REAL.syncDirectory(directory);
    }

    @Override
    public void delete(Path file) throws IOException {
      REAL.delete(file);
    }
  }
}
