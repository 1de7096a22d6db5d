package redoubt.agent;

import java.io.IOException;
import java.lang.ref.SoftReference;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import redoubt.agent.health.TimeSource;
import redoubt.core.content.FileDigest;
import redoubt.core.model.FileIdentity;
import redoubt.core.model.Sha256;

/// The digests of the files that were looked at in the last round: a host has thousands that it
/// cannot do without, and most are the same the next time.
///
/// What nobody asked for in a round is forgotten at its end, and everything when memory is short.
/// Thread-safe; a round is for one thread.
final class DigestMemory {
  private static final long NANOS_PER_MILLI = 1_000_000;

  private final TimeSource time;
  private volatile SoftReference<Map<FileIdentity, Sha256>> before = new SoftReference<>(Map.of());

  DigestMemory(TimeSource time) {
    this.time = time;
  }

  /// One look at many files.
  final class Round implements AutoCloseable {
    private final Map<FileIdentity, Sha256> known;
    private final Map<FileIdentity, Sha256> asked = new HashMap<>();

    private Round() {
      @Nullable Map<FileIdentity, Sha256> kept = before.get();
      known = kept == null ? Map.of() : kept;
    }

    /// The digest of a file.
    ///
    /// @param file where it is, without links
    /// @param identity what its content is known by now
    /// @throws IOException if it has to be read and cannot be
    Sha256 of(Path file, FileIdentity identity) throws IOException {
      // Seen before it is read: what changes meanwhile has another identity the next time.
      boolean stands = identity.isSettled(time.wallMillis() * NANOS_PER_MILLI);
      @Nullable Sha256 same = known.get(identity);
      Sha256 digest = same != null ? same : FileDigest.of(file, LinkOption.NOFOLLOW_LINKS);
      if (stands) {
        asked.put(identity, digest);
      }
      return digest;
    }

    @Override
    public void close() {
      before = new SoftReference<>(asked);
    }
  }

  /// Begins a round.
  Round begin() {
    return new Round();
  }
}
