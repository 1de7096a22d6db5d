package redoubt.fleet.rollout;

/// Why a host gets no lease now. Unless it has been told to stay away for good, its request stands,
/// and one of its next heartbeats is answered with a lease.
public enum Refusal {
  NOT_STARTED,
  HALTED,
  VENDOR_KILLED,
  /// There is no telemetry to judge by.
  FROZEN,
  PINNED,
  OUTSIDE_MAINTENANCE_WINDOW,
  /// It is one of those that the others are compared with.
  HELD_BACK,
  RING_NOT_OPEN,
  /// As many as may be are unconfirmed: over all, of its kind, or at its site.
  WINDOW_FULL,
  /// It has failed or was rolled back with this bundle.
  FAILED_HERE_BEFORE,
  /// It runs it already.
  ACTIVE_ALREADY
}
