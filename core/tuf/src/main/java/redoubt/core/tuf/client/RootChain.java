package redoubt.core.tuf.client;

import java.io.IOException;
import java.util.Optional;
import redoubt.core.tuf.Metadata;
import redoubt.core.tuf.Root;
import redoubt.core.tuf.TufException;
import redoubt.core.tuf.mirror.MirrorException;
import redoubt.core.tuf.mirror.RepositoryPath;

/// Steps 5.2 and 5.3: from the root that is trusted to the newest, one version after the other,
/// each signed by who might sign before and by who may from then on.
record RootChain(Repository repository) {
  /// Walks as far as the mirror can show, or as the limit on rotations lets it; each root on the
  /// way is trusted as soon as it is verified.
  Root advance() throws TufException, IOException, MirrorException {
    Root trusted = load();
    for (int rotation = 0; rotation < repository.limits().rootRotations(); rotation++) {
      Optional<byte[]> next = fetch(trusted.version() + 1); // TUF 5.3.3
      if (next.isEmpty()) {
        break;
      }
      trusted = accept(trusted, next.get());
    }
    if (trusted.isExpired(repository.now())) { // TUF 5.3.10
      throw new TufException(
          TufException.Reason.EXPIRED,
          "5.3.10",
          "verified but expired: role=root version="
              + trusted.version()
              + " expires="
              + trusted.expires());
    }
    return trusted;
  }

  private Root load() throws TufException, IOException {
    byte[] file =
        repository
            .store()
            .find(Root.TYPE, repository.limits().rootBytes())
            .orElseThrow(
                () -> new TufException(TufException.Reason.MISSING, "5.2", "no trusted root"));
    Metadata<Root> root = Metadata.parse(file, Root.class);
    // Whoever chose it may have chosen a broken one.
    root.signed().keys(Root.TYPE).require(root, "5.2");
    return root.signed();
  }

  private Optional<byte[]> fetch(long version) throws MirrorException {
    return repository
        .mirror()
        .fetchBytes(RepositoryPath.of(version + ".root.json"), repository.limits().rootBytes());
  }

  private Root accept(Root trusted, byte[] file) throws TufException, IOException {
    Metadata<Root> next =
        repository.reader().read(file, Root.class, trusted.keys(Root.TYPE), "5.3.4");
    next.signed().keys(Root.TYPE).require(next, "5.3.4");
    if (next.signed().version() != trusted.version() + 1) {
      throw new TufException(
          TufException.Reason.ROLLBACK,
          "5.3.5",
          "not the next root: trusted=" + trusted.version() + " found=" + next.signed().version());
    }
    repository.store().putRoot(next.signed().version(), file); // TUF 5.3.7, 5.3.8
    return next.signed();
  }
}
