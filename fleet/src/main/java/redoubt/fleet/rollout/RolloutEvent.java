package redoubt.fleet.rollout;

/// What a fleet server hears, from hosts, its owner and its clock. No event carries a time of the
/// host's: its clock may be wrong.
public sealed interface RolloutEvent {
  /// A host joined, or its traits have changed. Its number is the next free one or a known one.
  record HostEnrolled(int host, HostTraits traits) implements RolloutEvent {}

  /// Hosts were heard of. A server collects them for a moment: there are many.
  record Heartbeats(HostBatch hosts) implements RolloutEvent {}

  /// The host has the bundle, admitted and tried, and asks whether it may activate it. Asking again
  /// is how an answer that was lost is had again.
  record LeaseRequested(int host) implements RolloutEvent {}

  /// The host has begun to run the bundle under that lease.
  record ActivationStarted(int host, int lease) implements RolloutEvent {}

  /// The bundle has run for the whole soak and the host is well; never sent after writing alone.
  ///
  /// @param lease the counter of the lease it was activated under
  /// @param digest what really runs
  record Confirmed(int host, int lease, String digest) implements RolloutEvent {}

  /// What the host runs, told now and then and after each change.
  record Running(int host, String digest) implements RolloutEvent {}

  /// Something is wrong with the host, which may or may not have the update.
  record Failed(int host, Symptom symptom) implements RolloutEvent {}

  /// The host is back on its last known good, by order or by its own decision.
  record RolledBack(int host) implements RolloutEvent {}

  /// The host says goodbye: shut down, asleep.
  record WentAway(int host) implements RolloutEvent {}

  /// The owner has spoken.
  record Owner(OwnerOrder order) implements RolloutEvent {}

  /// Time has passed; every few seconds.
  record Tick() implements RolloutEvent {}
}
