package redoubt.core.tuf.client;

import java.io.IOException;
import java.time.InstantSource;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import redoubt.core.tuf.Limits;
import redoubt.core.tuf.MetadataReader;
import redoubt.core.tuf.Root;
import redoubt.core.tuf.Snapshot;
import redoubt.core.tuf.Targets;
import redoubt.core.tuf.Timestamp;
import redoubt.core.tuf.TufException;
import redoubt.core.tuf.mirror.Mirror;
import redoubt.core.tuf.mirror.MirrorException;
import redoubt.core.tuf.store.MetadataStore;

/// The client of one repository: looks at a mirror with the eyes of a root that the owner trusts.
/// For one thread at a time; blocks as long as mirror and disk do.
public final class Updater {
  private final MetadataStore store;
  private final Mirror mirror;
  private final Limits limits;
  private final InstantSource clock;
  private final MetadataReader reader;
  private @Nullable DelegationSearch search;

  /// Makes a client. Touches nothing yet.
  ///
  /// @param store begun with the root that the owner trusts
  /// @param mirror of the repository's metadata
  /// @param clock read once for each refresh
  public Updater(MetadataStore store, Mirror mirror, Limits limits, InstantSource clock) {
    this(store, mirror, limits, clock, MetadataReader.ANY_FORM);
  }

  /// Makes a client that reads in one way.
  public Updater(
      MetadataStore store,
      Mirror mirror,
      Limits limits,
      InstantSource clock,
      MetadataReader reader) {
    this.reader = reader;
    this.store = store;
    this.mirror = mirror;
    this.limits = limits;
    this.clock = clock;
  }

  /// Brings the top-level metadata up to date.
  ///
  /// @throws MirrorException if the mirror does not answer, which says nothing about the repository
  /// @throws IOException if the store's disk fails
  public Refresh refresh() throws IOException, MirrorException {
    search = null;
    Repository repository =
        new Repository(store, mirror, limits, reader, clock.instant()); // TUF 5.1
    try {
      Root root = new RootChain(repository).advance();
      TopLevel topLevel = new TopLevel(repository, root);
      topLevel.forgetAfterRotation();
      Timestamp timestamp = topLevel.timestamp();
      Snapshot snapshot = topLevel.snapshot(timestamp);
      Verified<Targets> targets = topLevel.targets(Targets.TYPE, root.keys(Targets.TYPE), snapshot);
      search = new DelegationSearch(topLevel, snapshot, targets);
      return new Refresh.Current(
          root.version(), timestamp.version(), snapshot.version(), targets.signed().version());
    } catch (TufException e) {
      return Refresh.of(e);
    }
  }

  /// Searches a target in the repository as it was at the last refresh, or refreshes first if there
  /// was none that succeeded.
  ///
  /// @throws MirrorException if the mirror does not answer
  /// @throws IOException if the store's disk fails
  public Lookup find(String path) throws IOException, MirrorException {
    try {
      return search().find(path);
    } catch (TufException e) {
      return Lookup.of(e);
    }
  }

  /// Says what a role lists to which the top-level targets role delegates by its name, as [#find].
  ///
  /// @throws MirrorException if the mirror does not answer
  /// @throws IOException if the store's disk fails
  public Listing list(String role) throws IOException, MirrorException {
    try {
      return search().list(role);
    } catch (TufException e) {
      return new Listing.NotListed(Lookup.of(e));
    }
  }

  private DelegationSearch search() throws IOException, MirrorException, TufException {
    if (search == null) {
      switch (refresh()) {
        case Refresh.Current _ -> {}
        case Refresh.Expired(TufException why) -> throw why;
        case Refresh.Refused(TufException why) -> throw why;
      }
    }
    return Objects.requireNonNull(search, "a refresh without its result");
  }
}
