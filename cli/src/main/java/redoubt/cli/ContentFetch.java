package redoubt.cli;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import redoubt.core.http.OpenMirror;
import redoubt.core.tuf.Limits;
import redoubt.core.tuf.MetadataReader;
import redoubt.core.tuf.TufException;
import redoubt.core.tuf.client.Download;
import redoubt.core.tuf.client.Lookup;
import redoubt.core.tuf.client.TargetFetcher;
import redoubt.core.tuf.mirror.MirrorAddress;
import redoubt.core.tuf.mirror.MirrorException;
import redoubt.core.tuf.policy.PinnedRepositories;
import redoubt.core.tuf.policy.PinnedRepository;
import redoubt.core.tuf.policy.TrustedContent;
import redoubt.core.tuf.policy.VendorLookup;

/// Fetches bundles from the repositories that a host believes. For one thread; closed, it lets go
/// of its connections.
final class ContentFetch implements AutoCloseable {
  private final List<PinnedRepository> pinned;
  private final TrustedContent content;
  private final List<OpenMirror> opened = new ArrayList<>();

  /// What came of one.
  ///
  /// @param target its path
  /// @param repository where it was found; empty if nowhere
  /// @param file where it lies now; null if it was not fetched
  /// @param problem why it was not; empty if it was
  /// @param fix what would mend that
  record Outcome(
      String target, String repository, @Nullable Path file, String problem, String fix) {
    private static Outcome not(String target, @Nullable String problem, String fix) {
      return new Outcome(target, "", null, String.valueOf(problem), fix);
    }
  }

  /// Begins.
  ///
  /// @param pinned the repositories
  /// @param metadata where what was seen of them is kept
  ContentFetch(List<PinnedRepository> pinned, Path metadata, InstantSource clock)
      throws IOException {
    this.pinned = List.copyOf(pinned);
    Files.createDirectories(metadata);
    content =
        new TrustedContent(
            PinnedRepositories.trusted(pinned),
            metadata,
            repository -> opened(repository.name()),
            Limits.DEFAULT,
            clock,
            MetadataReader.ANY_FORM);
  }

  private OpenMirror opened(String repository) {
    OpenMirror mirror = OpenMirror.of(mirrorOf(repository), MirrorAddress.Part.METADATA);
    opened.add(mirror);
    return mirror;
  }

  private MirrorAddress mirrorOf(String repository) {
    return pinned.stream()
        .filter(each -> each.trusted().name().equals(repository))
        .findFirst()
        .orElseThrow()
        .mirror();
  }

  /// Fetches one.
  ///
  /// @param directory where to
  /// @throws IOException if the disk fails
  Outcome fetch(String target, Path directory) throws IOException {
    try {
      return switch (content.find(target)) {
        case VendorLookup.Trusted(var speaker, var found) ->
            fetch(found, speaker.repository().name(), directory);
        case VendorLookup.NobodySpeaks _ ->
            Outcome.not(
                target,
                "this host believes nobody for it",
                "redoubt trust-root add says whom to believe");
        case VendorLookup.NotTrusted(_, Lookup.Failed why) ->
            Outcome.not(target, why.problem(), why.fix());
      };
    } catch (MirrorException e) {
      return Outcome.not(target, e.getMessage(), "try again when it can be reached");
    }
  }

  private Outcome fetch(Lookup.Found found, String repository, Path directory)
      throws IOException, MirrorException {
    Path file = directory.toAbsolutePath().resolve(Path.of(found.path()).getFileName());
    try (OpenMirror mirror = OpenMirror.of(mirrorOf(repository), MirrorAddress.Part.TARGETS)) {
      Download download = new TargetFetcher(mirror, Limits.DEFAULT).fetch(found, file);
      return download instanceof Download.Refused(TufException why)
          ? Outcome.not(found.path(), why.getMessage(), "try again later, or another mirror")
          : new Outcome(found.path(), repository, file, "", "");
    }
  }

  @Override
  public void close() {
    opened.forEach(OpenMirror::close);
  }
}
