package redoubt.agent.engine;

import java.util.concurrent.atomic.AtomicLong;

/// How often an engine was asked, and what came of it. Thread-safe.
final class EngineFigures {
  final AtomicLong asked = new AtomicLong();
  final AtomicLong answered = new AtomicLong();
  final AtomicLong missed = new AtomicLong();
  final AtomicLong denied = new AtomicLong();

  /// Denials of files that nothing may deny.
  final AtomicLong refused = new AtomicLong();

  /// Findings that it reported.
  final AtomicLong found = new AtomicLong();

  /// Events of the host that it was told of.
  final AtomicLong told = new AtomicLong();

  /// What it could not be asked or told, since it had too much to do.
  final AtomicLong dropped = new AtomicLong();

  /// What it was not told, since it had said that it does not need it.
  final AtomicLong filtered = new AtomicLong();

  final LatencyWindow latencies = new LatencyWindow();

  /// An event of the host was offered.
  void became(ActivityStream.Offer offer) {
    switch (offer) {
      case TAKEN -> told.incrementAndGet();
      case UNNEEDED -> filtered.incrementAndGet();
      case DROPPED -> dropped.incrementAndGet();
    }
  }

  /// It said DENY.
  ///
  /// @param isProtected whether nothing may deny that file
  void denies(boolean isProtected) {
    denied.incrementAndGet();
    if (isProtected) {
      refused.incrementAndGet();
    }
  }

  /// Starts anew.
  void forget() {
    asked.set(0);
    answered.set(0);
    missed.set(0);
    denied.set(0);
    refused.set(0);
    found.set(0);
    told.set(0);
    dropped.set(0);
    filtered.set(0);
    latencies.clear();
  }
}
