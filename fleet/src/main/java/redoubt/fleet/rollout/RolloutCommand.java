package redoubt.fleet.rollout;

import redoubt.fleet.evidence.Age;

/// What the server is to do. All may be done twice without harm.
public sealed interface RolloutCommand {
  /// Sign it and send it.
  record GrantLease(Lease lease) implements RolloutCommand {}

  /// Tell the host that it may not, for now.
  record RefuseLease(int host, Refusal reason) implements RolloutCommand {}

  /// Tell people that no more is granted.
  ///
  /// @param reason why
  /// @param evidence what it rests on
  record Halt(Reason reason, Evidence evidence) implements RolloutCommand {}

  /// Have this host return to its last known good.
  record RollBack(int host) implements RolloutCommand {}

  /// A ring is open now.
  record Promote(int ring, String name) implements RolloutCommand {}

  /// Tell people that nothing is granted while there is no telemetry.
  record Freeze(long heard, long expected) implements RolloutCommand {}

  /// Tell people that it goes on.
  record Thaw() implements RolloutCommand {}

  /// Why a rollout stands.
  enum Reason {
    BAD_HEALTH,
    OWNER,
    VENDOR_KILLED
  }

  /// What a halt rests on.
  ///
  /// @param symptom what hosts with the update show more often
  /// @param age how long ago the hosts got it that show it most
  /// @param treatedEvents how many of them did
  /// @param controlEvents how many without the update did, in the same time
  /// @param logEvidence the natural logarithm of the evidence, which reached that of `1/alpha`
  record Evidence(
      Symptom symptom, Age age, long treatedEvents, long controlEvents, double logEvidence) {}
}
