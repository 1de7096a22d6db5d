package redoubt.core.wire;

import java.util.List;
import redoubt.core.model.Octets;

/// What a host says to the server of its fleet; `spec/fleet.md` says when. Immutable.
public sealed interface HostMessage {
  /// The first message of each connection.
  ///
  /// @param protocolVersion the newest that the host speaks
  /// @param inventory what the machine is
  /// @param bootId what the kernel calls this boot
  /// @param leaseCounter of the newest lease that the host has accepted; 0 for none
  /// @param firstRecord the number of the first record that the host still keeps
  record Hello(
      int protocolVersion,
      HostInventory inventory,
      String bootId,
      long leaseCounter,
      long firstRecord)
      implements HostMessage {}

  /// Still here.
  ///
  /// @param state how the host is protected
  /// @param operations how many were decided since the agent's start
  /// @param denials how many of them were denied
  /// @param deadlineMisses how many answers came too late
  /// @param engineFailures how often an engine ended by itself
  /// @param recordsWaiting how many records wait to be sent
  /// @param recordsLost how many were given up since this enrolment
  record Heartbeat(
      State state,
      long operations,
      long denials,
      long deadlineMisses,
      long engineFailures,
      long recordsWaiting,
      long recordsLost)
      implements HostMessage {}

  /// The bundle is here, verified, admitted and tried: may it be activated?
  ///
  /// @param nonce drawn anew for each request
  record LeaseRequest(BundleName bundle, long nonce) implements HostMessage {}

  /// How it goes with a bundle that there is a lease for.
  ///
  /// @param lease the counter of the lease; from 1
  /// @param reason why, for people
  record Activation(BundleName bundle, long lease, Step step, String reason)
      implements HostMessage {}

  /// All bundles that run now.
  record Running(List<BundleName> bundles) implements HostMessage {
    public Running {
      bundles = List.copyOf(bundles);
    }
  }

  /// The first sign that something is wrong with the host.
  ///
  /// @param detail what it was, for people
  record Failure(Symptom symptom, String detail) implements HostMessage {}

  /// Lines of the host's journal, in order.
  ///
  /// @param first the number of the first; each line has the next one
  /// @param lines each a JSON text
  record Records(long first, List<Octets> lines) implements HostMessage {
    public Records {
      lines = List.copyOf(lines);
    }
  }

  /// What the engines of the host have done and cost.
  ///
  /// @param seconds for how long the agent has run
  record Engines(long seconds, List<EngineReport> engines) implements HostMessage {
    public Engines {
      engines = List.copyOf(engines);
    }
  }

  /// What became of a command.
  ///
  /// @param command its id
  /// @param text for people
  record CommandOutcome(long command, boolean isDone, String text) implements HostMessage {}

  /// The certificate ends soon.
  ///
  /// @param certificateRequest PKCS #10 in DER
  record Renewal(Octets certificateRequest) implements HostMessage {}

  /// The host is about to be gone: shut down, asleep, stopped.
  record Goodbye() implements HostMessage {}

  /// A part of what was collected; the next one goes when this one is kept.
  ///
  /// @param command what asked for it
  /// @param offset where in the whole it begins
  /// @param bytes at most 64 KiB
  /// @param isLast whether the whole ends with it
  record Part(long command, long offset, Octets bytes, boolean isLast) implements HostMessage {
    /// How long one is at most.
    public static final int BYTES = 64 * 1024;
  }

  /// The answer to [FleetMessage.Policy].
  ///
  /// @param version that of the policy which counts here from now on
  /// @param leftOut how many of its exemptions make no sense on this host
  /// @param problem what is wrong with the first of them, or why nothing of it counts; for people
  record PolicyInForce(long version, int leftOut, String problem) implements HostMessage {}

  /// How a host is protected.
  enum State {
    ENFORCING(1),
    MONITORING(2),
    OBSERVING(3),
    DEGRADED(4);

    final int number;

    State(int number) {
      this.number = number;
    }
  }

  /// How far an activation is.
  enum Step {
    /// It begins to run.
    STARTED(1),
    /// It has run for the whole soak, and the host is well.
    CONFIRMED(2),
    /// The host is back on its last known good.
    ROLLED_BACK(3);

    final int number;

    Step(int number) {
      this.number = number;
    }
  }

  /// What can be wrong with a host.
  enum Symptom {
    /// An engine ends again and again.
    CRASH_LOOP(1),
    /// The host did not settle after a start.
    BOOT_FAILURE(2),
    /// More deadlines were missed than this host's own bound.
    DEADLINE_MISSES(3),
    /// Files are denied that ran here before.
    DENIAL_RATE(4),
    /// An engine wanted to deny what the host lives on.
    PROTECTED_REFUSAL(5),
    /// More memory than it may have.
    MEMORY(6);

    final int number;

    Symptom(int number) {
      this.number = number;
    }
  }
}
