package redoubt.core.wire;

import java.util.List;
import redoubt.core.model.Octets;
import redoubt.core.model.Sha256;

/// What the server of a fleet says to one of its hosts; `spec/fleet.md` says when. Immutable.
public sealed interface FleetMessage {
  /// The answer to [HostMessage.Hello].
  ///
  /// @param protocolVersion what both speak from now on
  /// @param heartbeatSeconds after how long the server expects to hear of the host again; 1 to
  ///   3,600
  record Welcome(int protocolVersion, int heartbeatSeconds) implements FleetMessage {}

  /// The owner wants this bundle there.
  record Offer(BundleName bundle) implements FleetMessage {}

  /// It may be activated.
  ///
  /// @param lease the bytes of an [ActivationLease], as they were signed
  /// @param signature over them, Ed25519
  record LeaseGrant(Octets lease, Octets signature) implements FleetMessage {
    /// How many bytes a signature has.
    public static final int SIGNATURE_BYTES = 64;
  }

  /// Not now.
  record LeaseRefusal(Sha256 bundle, Reason reason) implements FleetMessage {}

  /// Return to the last known good.
  ///
  /// @param reason why, for people
  record RollBack(BundleName bundle, String reason) implements FleetMessage {}

  /// All records before this number are kept.
  record RecordsKept(long next) implements FleetMessage {}

  /// What an operator wants to be done.
  ///
  /// @param id rises with each command for this host; from 1
  /// @param operator who, for the host's journal
  record Command(long id, String operator, Action action) implements FleetMessage {}

  /// A new certificate.
  ///
  /// @param certificates the host's own, and those up to the one that it trusts, in DER
  record Certificates(List<Octets> certificates) implements FleetMessage {
    public Certificates {
      certificates = List.copyOf(certificates);
    }
  }

  /// What may run on the host whatever engines say, as the owner of the fleet wants it: in place of
  /// every earlier policy.
  ///
  /// @param version rises with each change; 0 before the first
  record Policy(long version, List<Exemption> exemptions) implements FleetMessage {
    public Policy {
      exemptions = List.copyOf(exemptions);
    }
  }

  /// The answer to [HostMessage.Part].
  ///
  /// @param command what the parts are of
  /// @param next before which byte all are kept; the host goes on there
  /// @param problem why no more is taken, for people; empty as long as more is
  record PartKept(long command, long next, String problem) implements FleetMessage {}

  /// One thing that may run although an engine says no.
  ///
  /// @param value the SHA-256 of a content, in hexadecimal digits; an absolute path; or a package
  /// @param engine whose word it outweighs, or `*` for that of every engine
  /// @param madeSeconds when it was made, in seconds since the epoch
  /// @param untilSeconds when it ends, in seconds since the epoch; 0 if it does not
  /// @param comment why, for people
  record Exemption(
      String value, String engine, long madeSeconds, long untilSeconds, String comment) {
    /// Stands for every engine.
    public static final String EVERY_ENGINE = "*";
  }

  /// What can be done on a host from afar.
  sealed interface Action {
    /// Cut it off from the network, but for the fleet server.
    ///
    /// @param seconds after how long the kernel ends it; at least 1
    record Isolate(int seconds) implements Action {}

    /// Let it talk again.
    record EndIsolation() implements Action {}

    /// Look at files.
    ///
    /// @param paths absolute
    record Scan(List<String> paths) implements Action {
      public Scan {
        paths = List.copyOf(paths);
      }
    }

    /// Take back what came into force last for an engine.
    ///
    /// @param engine what the host calls it; with `.engine` behind it for the engine itself
    record TakeBack(String engine) implements Action {}

    /// Bring files, as they are, to the server: in an archive, by [HostMessage.Part].
    ///
    /// @param paths absolute
    record Collect(List<String> paths) implements Action {
      public Collect {
        paths = List.copyOf(paths);
      }
    }
  }

  /// Why there is no lease now.
  enum Reason {
    /// Nobody rolls it out, or not yet.
    NOT_STARTED(1),
    HALTED(2),
    VENDOR_KILLED(3),
    /// Too few hosts are heard of.
    FROZEN(4),
    PINNED(5),
    OUTSIDE_MAINTENANCE_WINDOW(6),
    /// The host is one of those that do without, to compare with.
    HELD_BACK(7),
    RING_NOT_OPEN(8),
    /// As many hosts as may have it without having confirmed it.
    WINDOW_FULL(9),
    /// It has failed on this host, or was rolled back there.
    FAILED_HERE_BEFORE(10),
    ACTIVE_ALREADY(11);

    final int number;

    Reason(int number) {
      this.number = number;
    }
  }
}
