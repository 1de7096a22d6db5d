package redoubt.core.http;

import java.time.Duration;

/// How long an HTTP mirror may take: enough for a poor line, not enough to hold a host up for ever
/// (TUF 1.5.2, slow retrieval).
///
/// @param connect until a connection stands
/// @param answer until the answer begins
/// @param grace from then on, before the rate counts
/// @param leastBytesPerSecond on average since the answer began, once `grace` is over
public record HttpPatience(
    Duration connect, Duration answer, Duration grace, long leastBytesPerSecond) {
  /// Ten seconds to connect, thirty to answer, thirty of grace, then 4 KiB a second.
  public static final HttpPatience DEFAULT =
      new HttpPatience(
          Duration.ofSeconds(10), Duration.ofSeconds(30), Duration.ofSeconds(30), 4096);

  /// Whether so many bytes in that time are too few.
  boolean isTooSlow(long bytes, long elapsedNanos) {
    return elapsedNanos > grace.toNanos() && bytes < leastBytesPerSecond * (elapsedNanos / 1e9);
  }
}
