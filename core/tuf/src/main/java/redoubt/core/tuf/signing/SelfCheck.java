package redoubt.core.tuf.signing;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import redoubt.core.disk.DiskSteps;
import redoubt.core.disk.FolderTree;
import redoubt.core.model.Octets;
import redoubt.core.tuf.Limits;
import redoubt.core.tuf.Metadata;
import redoubt.core.tuf.Root;
import redoubt.core.tuf.TufException;
import redoubt.core.tuf.client.Lookup;
import redoubt.core.tuf.client.Refresh;
import redoubt.core.tuf.client.TargetFetcher;
import redoubt.core.tuf.client.Updater;
import redoubt.core.tuf.mirror.DirectoryMirror;
import redoubt.core.tuf.mirror.Mirror;
import redoubt.core.tuf.mirror.MirrorException;
import redoubt.core.tuf.store.MetadataStore;

/// Looks at a change with the client's own eyes before anybody else can: as a host that begins with
/// one of the pinned roots, and as one that was up to date a moment ago.
record SelfCheck(PublishedRepository repository, Publication change, InstantSource clock) {

  /// Insists that every host could take the change, and finds its new targets.
  void require(List<Octets> pinnedRoots) throws IOException, SigningException {
    if (pinnedRoots.isEmpty()) {
      throw new SigningException("no root that hosts begin with");
    }
    for (Octets pinned : pinnedRoots) {
      Path scratch = Files.createTempDirectory("redoubt-self-check");
      try {
        requireFor(pinned.toArray(), scratch);
      } catch (MirrorException e) {
        throw new SigningException("the self-check failed: " + e.getMessage(), e);
      } finally {
        FolderTree.delete(scratch);
      }
    }
  }

  private void requireFor(byte[] pinned, Path scratch)
      throws IOException, SigningException, MirrorException {
    Mirror before = new DirectoryMirror(repository.metadata());
    Mirror after = overlay(before);
    MetadataStore fresh = new MetadataStore(scratch.resolve("fresh"), new DiskSteps.Unsynced());
    fresh.initialize(pinned);
    requireTargets(requireCurrent(fresh, after));
    if (change.basedOnTimestamp() > 0) {
      MetadataStore upToDate =
          new MetadataStore(scratch.resolve("up-to-date"), new DiskSteps.Unsynced());
      upToDate.initialize(pinned);
      new Updater(upToDate, before, Limits.DEFAULT, clock).refresh();
      requireCurrent(upToDate, after);
    }
  }

  private Updater requireCurrent(MetadataStore store, Mirror mirror)
      throws IOException, SigningException, MirrorException {
    Updater updater = new Updater(store, mirror, Limits.DEFAULT, clock);
    return switch (updater.refresh()) {
      case Refresh.Current _ -> updater;
      case Refresh.Expired(TufException why) ->
          throw new SigningException("no client would take it: " + why.getMessage(), why);
      case Refresh.Refused(TufException why) ->
          throw new SigningException("no client would take it: " + why.getMessage(), why);
    };
  }

  private void requireTargets(Updater updater)
      throws IOException, SigningException, MirrorException {
    for (Map.Entry<String, Path> target : change.targets().entrySet()) {
      if (!(updater.find(target.getKey()) instanceof Lookup.Found found)
          || !TargetFetcher.isThere(found.file(), target.getValue())
          || !TargetFetcher.isThere(found.file(), found.location().below(repository.targets()))) {
        throw new SigningException("no client would find it: target=" + target.getKey());
      }
    }
  }

  /// What is published, and the names that would make the change visible.
  private Mirror overlay(Mirror below) throws SigningException {
    Map<String, byte[]> above = new HashMap<>();
    above.put("timestamp.json", change.timestamp().toArray());
    if (change.root().isPresent()) {
      byte[] root = change.root().get().toArray();
      try {
        long version = Metadata.parse(root, Root.class).signed().version();
        above.put(version + ".root.json", root);
      } catch (TufException e) {
        throw new SigningException("not a root: " + e.getMessage(), e);
      }
    }
    return (path, maxBytes, sink) -> {
      byte[] file = above.get(String.join("/", path.segments()));
      if (file == null) {
        return below.fetch(path, maxBytes, sink);
      }
      try {
        sink.write(file);
        return true;
      } catch (IOException e) {
        throw new MirrorException("cannot be passed on", e);
      }
    };
  }
}
