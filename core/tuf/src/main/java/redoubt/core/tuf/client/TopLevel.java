package redoubt.core.tuf.client;

import java.io.IOException;
import java.util.Map;
import java.util.Optional;
import redoubt.core.tuf.MetaFile;
import redoubt.core.tuf.RoleKeys;
import redoubt.core.tuf.Root;
import redoubt.core.tuf.Signed;
import redoubt.core.tuf.Snapshot;
import redoubt.core.tuf.Targets;
import redoubt.core.tuf.Timestamp;
import redoubt.core.tuf.TufException;
import redoubt.core.tuf.mirror.MirrorException;
import redoubt.core.tuf.mirror.RepositoryPath;

/// Steps 5.3.11 to 5.6.6: timestamp, snapshot and targets under a root that is trusted. Each is
/// trusted on disk as soon as it is verified, also when a later one is not.
record TopLevel(Repository repository, Root root) {

  /// Step 5.3.11: what the root's keys do not vouch for any more is forgotten, and with it the
  /// other of the two, so that versions that a stolen key drove up bind nobody once it is replaced.
  ///
  /// The files themselves show it, so that a power cut after a new root changes nothing.
  void forgetAfterRotation() throws IOException {
    if (isOrphaned(Timestamp.TYPE, Timestamp.class, repository.limits().timestampBytes())
        || isOrphaned(Snapshot.TYPE, Snapshot.class, repository.limits().snapshotBytes())) {
      repository.store().delete(Snapshot.TYPE);
      repository.store().delete(Timestamp.TYPE);
    }
  }

  /// Step 5.4.
  Timestamp timestamp() throws TufException, IOException, MirrorException {
    RoleKeys keys = root.keys(Timestamp.TYPE);
    int maxBytes = repository.limits().timestampBytes();
    Optional<Verified<Timestamp>> trusted =
        repository.findTrusted(Timestamp.TYPE, Timestamp.class, keys, maxBytes);
    byte[] file =
        repository
            .mirror()
            .fetchBytes(RepositoryPath.of("timestamp.json"), maxBytes) // TUF 5.4.1
            .orElseThrow(() -> Repository.missing(Timestamp.TYPE, "5.4.1"));
    Verified<Timestamp> fetched = repository.verify(file, Timestamp.class, keys, "5.4.2");
    if (trusted.isPresent()) {
      requireNewer(trusted.get().signed(), fetched.signed());
      if (trusted.get().signed().version() == fetched.signed().version()) {
        // One version has one content: the one that is known.
        return trusted.get().requireInTime(Timestamp.TYPE, repository.now(), "5.4.4").signed();
      }
    }
    fetched.requireInTime(Timestamp.TYPE, repository.now(), "5.4.4");
    repository.store().put(Timestamp.TYPE, file); // TUF 5.4.5
    return fetched.signed();
  }

  /// Step 5.5.
  Snapshot snapshot(Timestamp timestamp) throws TufException, IOException, MirrorException {
    RoleKeys keys = root.keys(Snapshot.TYPE);
    int maxBytes = repository.limits().snapshotBytes();
    Optional<Verified<Snapshot>> trusted =
        repository.findTrusted(Snapshot.TYPE, Snapshot.class, keys, maxBytes);
    MetaFile announced = timestamp.snapshot();
    if (trusted.isPresent() && trusted.get().isThat(announced)) {
      return trusted.get().requireInTime(Snapshot.TYPE, repository.now(), "5.5.6").signed();
    }
    byte[] file =
        repository.fetch(Snapshot.TYPE, announced, root.consistentSnapshot(), maxBytes, "5.5.1");
    announced.requireBytes(file, "5.5.2");
    Verified<Snapshot> fetched = repository.verify(file, Snapshot.class, keys, "5.5.3");
    announced.requireVersion(fetched.signed(), "5.5.4");
    if (trusted.isPresent()) {
      requireNewer(trusted.get().signed(), fetched.signed());
    }
    fetched.requireInTime(Snapshot.TYPE, repository.now(), "5.5.6");
    repository.store().put(Snapshot.TYPE, file); // TUF 5.5.7
    return fetched.signed();
  }

  /// Steps 5.6.1 to 5.6.6, for the top-level role or a delegated one: what is stored counts only if
  /// those keys vouch for it, since another role may delegate to the same name with other keys.
  Verified<Targets> targets(String role, RoleKeys keys, Snapshot snapshot)
      throws TufException, IOException, MirrorException {
    int maxBytes = repository.limits().targetsBytes();
    MetaFile announced =
        snapshot
            .find(role)
            .orElseThrow(() ->
                new TufException(
                    TufException.Reason.MISSING,
                    "5.6.1",
                    "the snapshot does not have it: role=" + role));
    Optional<Verified<Targets>> trusted =
        repository.findTrusted(role, Targets.class, keys, maxBytes);
    if (trusted.isPresent() && trusted.get().isThat(announced)) {
      return trusted.get().requireInTime(role, repository.now(), "5.6.5");
    }
    byte[] file = repository.fetch(role, announced, root.consistentSnapshot(), maxBytes, "5.6.1");
    announced.requireBytes(file, "5.6.2");
    Verified<Targets> fetched = repository.verify(file, Targets.class, keys, "5.6.3");
    announced.requireVersion(fetched.signed(), "5.6.4");
    fetched.requireInTime(role, repository.now(), "5.6.5");
    repository.store().put(role, file); // TUF 5.6.6
    return fetched;
  }

  private <T extends Signed> boolean isOrphaned(String role, Class<T> kind, int maxBytes)
      throws IOException {
    return repository.store().find(role, maxBytes).isPresent()
        && repository.findTrusted(role, kind, root.keys(role), maxBytes).isEmpty();
  }

  private static void requireNewer(Timestamp trusted, Timestamp fetched) throws TufException {
    if (fetched.version() < trusted.version()) { // TUF 5.4.3.1
      throw rollback("5.4.3.1", "timestamp", trusted.version(), fetched.version());
    }
    long trustedSnapshot = trusted.snapshot().version();
    if (fetched.version() > trusted.version()
        && fetched.snapshot().version() < trustedSnapshot) { // TUF 5.4.3.2
      throw rollback("5.4.3.2", "snapshot", trustedSnapshot, fetched.snapshot().version());
    }
  }

  private static void requireNewer(Snapshot trusted, Snapshot fetched) throws TufException {
    for (Map.Entry<String, MetaFile> each : trusted.files().entrySet()) { // TUF 5.5.5
      MetaFile now = fetched.files().get(each.getKey());
      if (now == null) {
        throw new TufException(
            TufException.Reason.ROLLBACK,
            "5.5.5",
            "left out of the snapshot: file=" + each.getKey());
      }
      if (now.version() < each.getValue().version()) {
        throw rollback("5.5.5", each.getKey(), each.getValue().version(), now.version());
      }
    }
  }

  private static TufException rollback(String step, String what, long trusted, long found) {
    return new TufException(
        TufException.Reason.ROLLBACK,
        step,
        "older than what is trusted: what=" + what + " trusted=" + trusted + " found=" + found);
  }
}
