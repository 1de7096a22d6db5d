package redoubt.core.tuf;

/// How much is taken from a mirror that nobody trusts yet. A length that verified metadata states
/// may lower a limit, never raise it.
///
/// @param rootBytes a root file; those of large foundations have some 10 KB, with RSA keys and many
///   signatures
/// @param timestampBytes the timestamp, fetched at every look; it names one file
/// @param snapshotBytes the snapshot: one line of 100 bytes for each role
/// @param targetsBytes one targets role: 300 bytes for each target
/// @param targetBytes one target file, the largest payload that the content store takes
/// @param rootRotations new roots in one update; a host that was away longer goes on in the next
/// @param visitedRoles delegated roles that one search looks at, so that a vendor cannot keep a
///   host busy
public record Limits(
    int rootBytes,
    int timestampBytes,
    int snapshotBytes,
    int targetsBytes,
    long targetBytes,
    int rootRotations,
    int visitedRoles) {
  /// What a host without other orders takes.
  public static final Limits DEFAULT =
      new Limits(512_000, 16_384, 2_000_000, 5_000_000, 256L * 1024 * 1024, 256, 32);

  private static final int MOST_BYTES = 64_000_000;

  /// Insists on limits that bound something.
  ///
  /// @throws IllegalArgumentException for one that is not positive, or metadata beyond 64 MB
  public Limits {
    requireBytes(rootBytes);
    requireBytes(timestampBytes);
    requireBytes(snapshotBytes);
    requireBytes(targetsBytes);
    if (targetBytes < 1 || rootRotations < 1 || visitedRoles < 1) {
      throw new IllegalArgumentException("a limit that lets nothing pass");
    }
  }

  private static void requireBytes(int bytes) {
    if (bytes < 1 || bytes > MOST_BYTES) {
      throw new IllegalArgumentException("limit out of range: bytes=" + bytes);
    }
  }
}
