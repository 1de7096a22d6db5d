package redoubt.server.made;

import java.time.Instant;
import java.time.InstantSource;
import java.util.concurrent.atomic.AtomicLong;

/// A clock that somebody sets. Thread-safe.
public final class HandTime implements InstantSource {
  private final AtomicLong seconds = new AtomicLong(Instant.now().getEpochSecond());

  /// Lets time pass.
  public void pass(int more) {
    seconds.addAndGet(more);
  }

  @Override
  public Instant instant() {
    return Instant.ofEpochSecond(seconds.get());
  }
}
