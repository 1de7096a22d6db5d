package redoubt.agent.supply;

import java.io.IOException;
import java.net.URI;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.locks.ReentrantLock;
import redoubt.agent.confinement.EngineSandbox;
import redoubt.agent.confinement.Spawner;
import redoubt.agent.health.TimeSource;
import redoubt.core.model.EngineId;
import redoubt.core.model.Sha256;
import redoubt.core.tuf.Limits;
import redoubt.core.tuf.MetadataReader;
import redoubt.core.tuf.TargetFile;
import redoubt.core.tuf.TufException;
import redoubt.core.tuf.client.Download;
import redoubt.core.tuf.client.Lookup;
import redoubt.core.tuf.client.TargetFetcher;
import redoubt.core.tuf.mirror.DirectoryMirror;
import redoubt.core.tuf.mirror.Mirror;
import redoubt.core.tuf.mirror.MirrorAddress;
import redoubt.core.tuf.mirror.MirrorException;
import redoubt.core.tuf.policy.PinnedRepositories;
import redoubt.core.tuf.policy.PinnedRepository;
import redoubt.core.tuf.policy.PublishedBundle;
import redoubt.core.tuf.policy.TrustedContent;
import redoubt.core.tuf.policy.VendorListing;
import redoubt.core.tuf.policy.VendorLookup;

/// Gets bundles that their vendors and trial runners vouch for, from the repositories that this
/// host's owner trusts, as they are on disk at that moment. Thread-safe; one caller at a time,
/// others are turned away.
public final class Supply implements BundleSource {
  /// Small enough for the agent's heap, large enough for a thousand bundles of one vendor; vendors
  /// with more split them into bins.
  private static final Limits LIMITS =
      new Limits(128_000, 16_384, 256_000, 512_000, Limits.DEFAULT.targetBytes(), 256, 8);

  private static final String BUNDLE = "bundle-";

  private final PinnedRepositories pinned;
  private final Path home;
  private final Courier courier;
  private final TimeSource time;
  private final ReentrantLock busy = new ReentrantLock();
  private boolean begun;
  private long bundles;

  private Supply(PinnedRepositories pinned, Path home, Courier courier, TimeSource time) {
    this.pinned = pinned;
    this.home = home;
    this.courier = courier;
    this.time = time;
  }

  private interface Question<T> {
    T of(List<PinnedRepository> all, TrustedContent content)
        throws IOException, SupplyException, MirrorException;
  }

  /// A bundle that was fetched and is what its vendor published. Closing it deletes the file.
  ///
  /// @param file where it lies, in a folder of root's
  /// @param target its path in the repository
  /// @param repository what the owner calls the repository
  public record Supplied(Path file, String target, String repository) implements AutoCloseable {
    @Override
    public void close() throws IOException {
      Files.deleteIfExists(file);
    }
  }

  /// Touches nothing yet.
  ///
  /// @param trust the folder with the repositories that the owner trusts
  /// @param home a folder of its own
  /// @param output a file that takes what fetching programs print
  public static Supply of(
      Path trust, Path home, Path output, Spawner spawner, EngineSandbox sandbox, TimeSource time) {
    Courier courier =
        new Courier(spawner, sandbox, home.resolve("room"), output, Courier.Patience.DEFAULT);
    return new Supply(new PinnedRepositories(trust), home, courier, time);
  }

  @Override
  public Supplied fetch(String target) throws IOException, SupplyException {
    return ask((all, content) -> {
      VendorLookup.Trusted found = trusted(content.find(target), target);
      if (PublishedBundle.find(found.target().file())
          .filter(PublishedBundle::isRevoked)
          .isPresent()) {
        throw new SupplyException(
            "its vendor and a trial runner have revoked it: target=" + target,
            "take another version");
      }
      String repository = found.speaker().repository().name();
      Mirror mirror = mirror(all, repository, MirrorAddress.Part.TARGETS);
      return new Supplied(stored(mirror, found.target()), target, repository);
    });
  }

  @Override
  public List<Published> published(String vendor, EngineId engine, String name)
      throws IOException, SupplyException {
    return ask((_, content) -> {
      List<Published> published = new ArrayList<>();
      trusted(content.list(vendor), vendor)
          .targets()
          .forEach((path, file) ->
              PublishedBundle.find(file)
                  .filter(each -> each.engine().equals(engine.value()) && each.name().equals(name))
                  .ifPresent(each -> published.add(published(path, file, each))));
      return published;
    });
  }

  private static Published published(String path, TargetFile file, PublishedBundle bundle) {
    return new Published(
        path,
        bundle.version(),
        bundle.channel(),
        Optional.ofNullable(file.digests().values().get("sha256")).map(Sha256::parse));
  }

  private <T> T ask(Question<T> question) throws IOException, SupplyException {
    if (!busy.tryLock()) {
      throw SupplyException.busy();
    }
    try {
      begin();
      List<PinnedRepository> all = pinned.read();
      TrustedContent content =
          new TrustedContent(
              PinnedRepositories.trusted(all),
              Files.createDirectories(home.resolve("trust")),
              repository -> mirror(all, repository.name(), MirrorAddress.Part.METADATA),
              LIMITS,
              () -> Instant.ofEpochMilli(time.wallMillis()),
              MetadataReader.SIGNATURES_FIRST);
      return question.of(all, content);
    } catch (TufException e) {
      throw new SupplyException(
          e.getMessage(), "mend what is in the folder of trusted repositories", e);
    } catch (MirrorException e) {
      throw new SupplyException(e.getMessage(), "try again when it can be reached", e);
    } catch (RuntimeException e) {
      // Whatever a repository makes this thread stumble over is the repository's problem.
      throw new SupplyException(
          "what is published cannot be understood: error=" + e, "ask who keeps the repository", e);
    } finally {
      busy.unlock();
    }
  }

  /// An agent that was killed left what it was fetching.
  private void begin() throws IOException {
    Files.createDirectories(home);
    Files.setPosixFilePermissions(home, PosixFilePermissions.fromString("rwx------"));
    if (begun) {
      return;
    }
    try (DirectoryStream<Path> left = Files.newDirectoryStream(home, BUNDLE + "*")) {
      for (Path file : left) {
        Files.delete(file);
      }
    }
    begun = true;
  }

  private Mirror mirror(List<PinnedRepository> all, String repository, MirrorAddress.Part part) {
    MirrorAddress address =
        all.stream()
            .filter(each -> each.trusted().name().equals(repository))
            .findFirst()
            .orElseThrow()
            .mirror();
    Optional<URI> behind = address.address(part);
    return behind.isPresent()
        ? new CourierMirror(courier, behind.get())
        : new DirectoryMirror(address.directory(part));
  }

  private static VendorLookup.Trusted trusted(VendorLookup lookup, String target)
      throws SupplyException {
    return switch (lookup) {
      case VendorLookup.Trusted trusted -> trusted;
      case VendorLookup.NobodySpeaks _ -> throw nobodySpeaks("target=" + target);
      case VendorLookup.NotTrusted(_, Lookup.Failed why) ->
          throw notTrusted(why, "target=" + target);
    };
  }

  private static VendorListing.Trusted trusted(VendorListing listing, String vendor)
      throws SupplyException {
    return switch (listing) {
      case VendorListing.Trusted trusted -> trusted;
      case VendorListing.NobodySpeaks _ -> throw nobodySpeaks("vendor=" + vendor);
      case VendorListing.NotTrusted(_, Lookup.Failed why) ->
          throw notTrusted(why, "vendor=" + vendor);
    };
  }

  private static SupplyException nobodySpeaks(String what) {
    return new SupplyException(
        "this host trusts nobody for it: " + what, "redoubt trust-root add says whom to trust");
  }

  private static SupplyException notTrusted(Lookup.Failed why, String what) {
    return new SupplyException(
        why instanceof Lookup.Absent ? why.problem() + ": " + what : why.problem(), why.fix());
  }

  private Path stored(Mirror mirror, Lookup.Found found)
      throws IOException, MirrorException, SupplyException {
    Path file = home.resolve(BUNDLE + ++bundles);
    Download download = new TargetFetcher(mirror, LIMITS).fetch(found, file);
    if (download instanceof Download.Refused(TufException why)) {
      throw new SupplyException(
          String.valueOf(why.getMessage()), "try again later, or another mirror", why);
    }
    return file;
  }
}
