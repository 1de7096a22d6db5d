package redoubt.core.tuf.policy;

import java.io.IOException;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.Map;
import java.util.function.Function;
import redoubt.core.tuf.Limits;
import redoubt.core.tuf.MetadataReader;
import redoubt.core.tuf.TargetFile;
import redoubt.core.tuf.TufException;
import redoubt.core.tuf.client.Listing;
import redoubt.core.tuf.client.Lookup;
import redoubt.core.tuf.client.Refresh;
import redoubt.core.tuf.client.Updater;
import redoubt.core.tuf.mirror.Mirror;
import redoubt.core.tuf.mirror.MirrorException;
import redoubt.core.tuf.policy.TrustedRepositories.Speaker;
import redoubt.core.tuf.store.MetadataStore;

/// All trusted repositories with their stores and mirrors: the one door to vendors' targets. For
/// one thread at a time; blocks as long as mirrors and disk do.
public final class TrustedContent {
  private final TrustedRepositories trusted;
  private final Path directory;
  private final Function<TrustedRepository, Mirror> mirrors;
  private final Limits limits;
  private final InstantSource clock;
  private final MetadataReader reader;
  private final Map<String, Updater> updaters = new HashMap<>();

  /// Names them. Touches nothing yet.
  ///
  /// @param directory below which each repository's metadata lies
  /// @param mirrors gives the mirror of a repository's metadata
  /// @param reader how what it sends is read
  public TrustedContent(
      TrustedRepositories trusted,
      Path directory,
      Function<TrustedRepository, Mirror> mirrors,
      Limits limits,
      InstantSource clock,
      MetadataReader reader) {
    this.trusted = trusted;
    this.directory = directory;
    this.mirrors = mirrors;
    this.limits = limits;
    this.clock = clock;
    this.reader = reader;
  }

  /// Brings one repository up to date.
  ///
  /// @throws MirrorException if its mirror does not answer
  /// @throws IOException if the disk fails
  public Refresh refresh(TrustedRepository repository) throws IOException, MirrorException {
    return updater(repository).refresh();
  }

  /// Searches a target where the owner lets it be searched, under the two-party rule.
  ///
  /// @throws MirrorException if the mirror of that repository does not answer
  /// @throws IOException if the disk fails
  public VendorLookup find(String path) throws IOException, MirrorException {
    Speaker speaker = trusted.findSpeaker(path).orElse(null);
    if (speaker == null) {
      return new VendorLookup.NobodySpeaks();
    }
    return switch (updater(speaker.repository()).find(path)) {
      case Lookup.Found found -> ruled(speaker, found);
      case Lookup.Failed why -> new VendorLookup.NotTrusted(speaker, why);
    };
  }

  /// Says which targets a vendor has where the owner lets it speak, under the two-party rule.
  ///
  /// @param vendor what the owner calls it
  /// @throws MirrorException if the mirror of that repository does not answer
  /// @throws IOException if the disk fails
  public VendorListing list(String vendor) throws IOException, MirrorException {
    Speaker speaker = trusted.findVendor(vendor).orElse(null);
    if (speaker == null) {
      return new VendorListing.NobodySpeaks();
    }
    return switch (updater(speaker.repository()).list(speaker.vendor().role())) {
      case Listing.Listed listed -> ruled(speaker, listed);
      case Listing.NotListed(Lookup.Failed why) -> new VendorListing.NotTrusted(speaker, why);
    };
  }

  private static VendorListing ruled(Speaker speaker, Listing.Listed listed) {
    try {
      TwoPartyRule.require(listed.chain(), speaker.vendor(), speaker.repository().trialRunners());
    } catch (TufException e) {
      return new VendorListing.NotTrusted(speaker, new Lookup.Refused(e));
    }
    Map<String, TargetFile> own = new HashMap<>(listed.targets());
    own.keySet().removeIf(path -> !speaker.vendor().owns(path));
    return new VendorListing.Trusted(speaker, own);
  }

  private static VendorLookup ruled(Speaker speaker, Lookup.Found found) {
    try {
      TwoPartyRule.require(found.chain(), speaker.vendor(), speaker.repository().trialRunners());
      return new VendorLookup.Trusted(speaker, found);
    } catch (TufException e) {
      return new VendorLookup.NotTrusted(speaker, new Lookup.Refused(e));
    }
  }

  private Updater updater(TrustedRepository repository) throws IOException {
    Updater known = updaters.get(repository.name());
    if (known != null) {
      return known;
    }
    MetadataStore store = new MetadataStore(directory.resolve(repository.directory()));
    if (!store.isInitialized()) {
      store.initialize(repository.root().toArray());
    }
    Updater updater = new Updater(store, mirrors.apply(repository), limits, clock, reader);
    updaters.put(repository.name(), updater);
    return updater;
  }
}
