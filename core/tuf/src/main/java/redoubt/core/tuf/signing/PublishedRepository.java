package redoubt.core.tuf.signing;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import redoubt.core.disk.DiskSteps;
import redoubt.core.model.Octets;
import redoubt.core.tuf.Digests;
import redoubt.core.tuf.MetaFile;
import redoubt.core.tuf.Metadata;
import redoubt.core.tuf.Root;
import redoubt.core.tuf.Signed;
import redoubt.core.tuf.Snapshot;
import redoubt.core.tuf.Targets;
import redoubt.core.tuf.Timestamp;
import redoubt.core.tuf.TufException;

/// A repository as a directory, which mirrors copy or serve: metadata in `metadata/`, targets under
/// their digests in `targets/`. Snapshots are always consistent.
///
/// A change is published in the order in which no client ever sees half of it: targets, targets
/// roles, snapshot (which nothing names yet), then our own client looks at the change as every host
/// would, then the root, and last the timestamp. A change that was broken off can be published
/// again as it is.
public final class PublishedRepository {
  private final Path metadata;
  private final Path targets;
  private final Path lock;
  private final DiskSteps disk;

  /// Names a repository. Touches nothing yet.
  public PublishedRepository(Path directory) {
    this(directory, new DiskSteps.Real());
  }

  /// Names a repository on another disk.
  public PublishedRepository(Path directory, DiskSteps disk) {
    this.metadata = directory.resolve("metadata");
    this.targets = directory.resolve("targets");
    this.lock = directory.resolve(".publishing");
    this.disk = disk;
  }

  /// Where its metadata lies.
  public Path metadata() {
    return metadata;
  }

  /// Where its targets lie.
  public Path targets() {
    return targets;
  }

  /// The published timestamp, or nothing before the first publication.
  public Optional<Timestamp> timestamp() throws IOException, SigningException {
    return read("timestamp.json", Timestamp.class);
  }

  /// The published snapshot, or nothing before the first publication.
  public Optional<Snapshot> snapshot() throws IOException, SigningException {
    Optional<Timestamp> timestamp = timestamp();
    return timestamp.isEmpty()
        ? Optional.empty()
        : read(timestamp.get().snapshot().version() + ".snapshot.json", Snapshot.class);
  }

  /// The newest root, or nothing before the first publication.
  public Optional<Root> root() throws IOException, SigningException {
    Optional<Root> newest = Optional.empty();
    for (long version = 1; Files.exists(metadata.resolve(version + ".root.json")); version++) {
      newest = read(version + ".root.json", Root.class);
    }
    return newest;
  }

  /// The files of all roots, oldest first: hosts may begin with any of them.
  public List<Octets> rootFiles() throws IOException {
    List<Octets> files = new ArrayList<>();
    for (long version = 1; Files.exists(metadata.resolve(version + ".root.json")); version++) {
      files.add(Octets.of(Files.readAllBytes(metadata.resolve(version + ".root.json"))));
    }
    return files;
  }

  /// A targets role as it is published, or nothing.
  public Optional<Targets> targetsRole(String role) throws IOException, SigningException {
    Optional<Snapshot> snapshot = snapshot();
    return snapshot.isEmpty() ? Optional.empty() : targetsRole(role, snapshot.get());
  }

  private Optional<Targets> targetsRole(String role, Snapshot snapshot)
      throws IOException, SigningException {
    Optional<MetaFile> file = snapshot.find(role);
    return file.isEmpty()
        ? Optional.empty()
        : read(file.get().version() + "." + role + ".json", Targets.class);
  }

  /// The version that a role's next file may have: one more than any file has, also one that was
  /// never published.
  public long nextVersion(String role) throws IOException {
    long version = 1;
    while (Files.exists(metadata.resolve(version + "." + role + ".json"))) {
      version++;
    }
    return version;
  }

  /// Publishes a change, or leaves what clients see as it is.
  ///
  /// @param pinnedRoots every root that hosts were given, as files: the self-check begins with each
  /// @throws SigningException if somebody else has published since, if the linter or our own client
  ///   finds something
  /// @throws IOException if the disk fails; publishing it again goes on
  public void publish(Publication change, List<Octets> pinnedRoots, InstantSource clock)
      throws IOException, SigningException {
    Files.createDirectories(metadata);
    Files.createDirectories(targets);
    try (FileChannel channel =
            FileChannel.open(lock, StandardOpenOption.CREATE, StandardOpenOption.WRITE);
        FileLock held = channel.tryLock()) {
      if (held == null) {
        throw new SigningException("somebody is publishing: lock=" + lock);
      }
      publishLocked(change, pinnedRoots, clock);
    }
  }

  private void publishLocked(Publication change, List<Octets> pinnedRoots, InstantSource clock)
      throws IOException, SigningException {
    if (isPublished(change)) {
      disk.syncDirectory(metadata);
      return;
    }
    long published = timestamp().map(Timestamp::version).orElse(0L);
    if (published != change.basedOnTimestamp()) {
      throw new SigningException(
          "somebody else has published: basedOn="
              + change.basedOnTimestamp()
              + " published="
              + published);
    }
    Timestamp next = parse(change.timestamp().toArray(), Timestamp.class);
    if (next.version() <= published) {
      throw new SigningException("not a newer timestamp: version=" + next.version());
    }
    lint(change);
    for (Map.Entry<String, Path> target : change.targets().entrySet()) {
      putTarget(target.getKey(), Files.readAllBytes(target.getValue()));
    }
    for (Map.Entry<String, Octets> role : change.targetsRoles().entrySet()) {
      byte[] file = role.getValue().toArray();
      putVersion(role.getKey(), parse(file, Targets.class), file);
    }
    if (change.snapshot().isPresent()) {
      byte[] snapshot = change.snapshot().get().toArray();
      putVersion(Snapshot.TYPE, parse(snapshot, Snapshot.class), snapshot);
    }
    new SelfCheck(this, change, clock).require(pinnedRoots);
    if (change.root().isPresent()) {
      byte[] root = change.root().get().toArray();
      putVersion(Root.TYPE, parse(root, Root.class), root);
    }
    put(metadata.resolve("timestamp.json"), change.timestamp().toArray());
  }

  /// Whoever was broken off in the last step does not know that it was done. The timestamp alone
  /// does not tell: two changes can have the same, if the snapshot states versions only.
  private boolean isPublished(Publication change) throws IOException, SigningException {
    if (!isThere("timestamp.json", change.timestamp())) {
      return false;
    }
    Map<String, Octets> files = new LinkedHashMap<>(change.targetsRoles());
    change.snapshot().ifPresent(file -> files.put(Snapshot.TYPE, file));
    change.root().ifPresent(file -> files.put(Root.TYPE, file));
    for (Map.Entry<String, Octets> file : files.entrySet()) {
      long version = parse(file.getValue().toArray(), Signed.class).version();
      if (!isThere(version + "." + file.getKey() + ".json", file.getValue())) {
        return false;
      }
    }
    return true;
  }

  private boolean isThere(String name, Octets content) throws IOException {
    Path file = metadata.resolve(name);
    return Files.exists(file) && Octets.of(Files.readAllBytes(file)).equals(content);
  }

  private void lint(Publication change) throws IOException, SigningException {
    Root root =
        change.root().isPresent()
            ? parse(change.root().get().toArray(), Root.class)
            : root().orElseThrow(() -> new SigningException("no root is published yet"));
    List<String> problems = new RepositoryLinter(root, rolesAfter(change)).problems();
    if (!problems.isEmpty()) {
      throw new SigningException("not to be published: " + String.join("; ", problems));
    }
  }

  private Map<String, Targets> rolesAfter(Publication change) throws IOException, SigningException {
    Map<String, Targets> roles = new LinkedHashMap<>();
    Optional<Snapshot> snapshot = snapshot();
    if (snapshot.isPresent()) {
      for (String file : snapshot.get().files().keySet()) {
        String role = file.substring(0, file.length() - ".json".length());
        targetsRole(role, snapshot.get()).ifPresent(found -> roles.put(role, found));
      }
    }
    for (Map.Entry<String, Octets> role : change.targetsRoles().entrySet()) {
      roles.put(role.getKey(), parse(role.getValue().toArray(), Targets.class));
    }
    return roles;
  }

  private void putTarget(String path, byte[] bytes) throws IOException, SigningException {
    Path home = targets.resolve(path).resolveSibling("");
    Files.createDirectories(home);
    Path name = targets.resolve(path).getFileName();
    for (String digest : Digests.of(bytes).values().values()) {
      putOnce(home.resolve(digest + "." + name), bytes);
    }
  }

  private void putVersion(String role, Signed signed, byte[] file)
      throws IOException, SigningException {
    putOnce(metadata.resolve(signed.version() + "." + role + ".json"), file);
  }

  /// A name that clients take to be for ever has one content for ever.
  private void putOnce(Path file, byte[] bytes) throws IOException, SigningException {
    if (!Files.exists(file)) {
      put(file, bytes);
    } else if (!Arrays.equals(Files.readAllBytes(file), bytes)) {
      throw new SigningException("it is there with another content: file=" + file);
    }
  }

  private void put(Path file, byte[] bytes) throws IOException {
    Path fresh = file.resolveSibling("." + file.getFileName() + ".new");
    disk.write(fresh, bytes);
    disk.syncFile(fresh);
    disk.rename(fresh, file);
    disk.syncDirectory(file.resolveSibling(""));
  }

  private <T extends Signed> Optional<T> read(String name, Class<T> kind)
      throws IOException, SigningException {
    Path file = metadata.resolve(name);
    return Files.exists(file)
        ? Optional.of(parse(Files.readAllBytes(file), kind))
        : Optional.empty();
  }

  private static <T extends Signed> T parse(byte[] file, Class<T> kind) throws SigningException {
    try {
      return Metadata.parse(file, kind).signed();
    } catch (TufException e) {
      throw new SigningException("not metadata: " + e.getMessage(), e);
    }
  }
}
