package redoubt.server.rollouts;

import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Queue;
import redoubt.core.model.Sha256;
import redoubt.core.wire.ActivationLease;
import redoubt.core.wire.FleetMessage;
import redoubt.fleet.rollout.Lease;
import redoubt.fleet.rollout.RolloutCommand;
import redoubt.server.identity.LeaseSigner;
import redoubt.server.plane.HostSession;
import redoubt.server.plane.Sessions;
import redoubt.server.store.AuditTrail;
import redoubt.server.store.RolloutStore;

/// Does what controllers command. For one thread.
final class Delivery {
  private static final String SERVER = "server";

  private final RolloutStore store;
  private final AuditTrail audit;
  private final LeaseSigner signer;
  private final Sessions sessions;
  private final KnownHosts known;
  private final InstantSource clock;
  private final InstantSource steady;

  /// What the audit does not have yet.
  private final Queue<Said> unwritten = new ArrayDeque<>();

  private record Said(Instant at, String action, String rollout, String detail) {}

  /// A command of one of them.
  record Decided(LiveRollout rollout, RolloutCommand command) {}

  private record Waiting(
      LiveRollout rollout, Lease lease, HostSession session, LiveRollout.Asked asked) {}

  /// @param clock what people call the time
  /// @param steady the time by which rollouts go
  Delivery(
      RolloutStore store,
      AuditTrail audit,
      LeaseSigner signer,
      Sessions sessions,
      KnownHosts known,
      InstantSource clock,
      InstantSource steady) {
    this.store = store;
    this.audit = audit;
    this.signer = signer;
    this.sessions = sessions;
    this.known = known;
    this.clock = clock;
    this.steady = steady;
  }

  void carryOut(List<Decided> decided) {
    List<Decided> leases = new ArrayList<>();
    for (Decided each : decided) {
      LiveRollout rollout = each.rollout();
      Sha256 digest = rollout.entry().bundle().sha256();
      switch (each.command()) {
        case RolloutCommand.GrantLease _ -> leases.add(each);
        case RolloutCommand.RefuseLease(int host, var reason) ->
            send(
                host,
                new FleetMessage.LeaseRefusal(digest, FleetMessage.Reason.valueOf(reason.name())));
        case RolloutCommand.RollBack(int host) ->
            send(
                host,
                new FleetMessage.RollBack(rollout.entry().bundle(), "the rollout is taken back"));
        case RolloutCommand.Halt(var reason, var evidence) ->
            say(
                rollout,
                "rollout.halt",
                "reason="
                    + reason
                    + " symptom="
                    + evidence.symptom()
                    + " with="
                    + evidence.treatedEvents()
                    + " without="
                    + evidence.controlEvents());
        case RolloutCommand.Promote(int ring, var name) ->
            say(rollout, "rollout.promote", "ring=" + ring + " name=" + name);
        case RolloutCommand.Freeze(long heardOf, long expected) ->
            say(rollout, "rollout.freeze", "heard=" + heardOf + " expected=" + expected);
        case RolloutCommand.Thaw() -> say(rollout, "rollout.thaw", "");
      }
    }
    grant(leases);
    writeDown();
  }

  private void say(LiveRollout rollout, String action, String detail) {
    unwritten.add(
        new Said(clock.instant(), action, Integer.toString(rollout.entry().id()), detail));
  }

  /// Writes down for people what was decided, as far as it is not yet.
  void writeDown() {
    for (Said said = unwritten.peek(); said != null; said = unwritten.peek()) {
      audit.add(said.at(), SERVER, said.action(), said.rollout(), said.detail());
      unwritten.remove();
    }
  }

  private void send(int host, FleetMessage message) {
    sessions.of(known.id(host)).ifPresent(session -> session.send(message));
  }

  /// Signs and sends leases, as far as hosts wait for them now: others ask again.
  private void grant(List<Decided> decided) {
    List<RolloutStore.Granted> granted = new ArrayList<>();
    List<Waiting> waiting = new ArrayList<>();
    Instant now = steady.instant();
    for (Decided each : decided) {
      Lease lease = ((RolloutCommand.GrantLease) each.command()).lease();
      Optional<HostSession> session = sessions.of(known.id(lease.host()));
      Optional<LiveRollout.Asked> asked = each.rollout().takeRequest(lease.host());
      if (session.isPresent() && asked.isPresent()) {
        int rollout = each.rollout().entry().id();
        granted.add(
            new RolloutStore.Granted(known.id(lease.host()), rollout, lease.counter(), now));
        waiting.add(new Waiting(each.rollout(), lease, session.get(), asked.get()));
      }
    }
    if (granted.isEmpty()) {
      return;
    }
    List<Long> counters = store.grant(granted);
    for (int i = 0; i < counters.size(); i++) {
      Waiting one = waiting.get(i);
      one.session().send(signer.grant(signed(one, counters.get(i))));
    }
  }

  /// A host counts from when it asked, which may be long ago.
  private static ActivationLease signed(Waiting one, long counter) {
    long valid = one.lease().notAfterSeconds() - one.asked().atSeconds();
    return new ActivationLease(
        one.session().host().id(),
        one.session().host().enrolment(),
        one.rollout().entry().bundle().sha256(),
        one.lease().ring(),
        Math.toIntExact(Math.clamp(valid, 1, ActivationLease.MOST_VALID_SECONDS)),
        counter,
        one.asked().nonce());
  }
}
