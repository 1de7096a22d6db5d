package redoubt.core.wire;

import java.util.List;
import redoubt.core.model.EngineMode;
import redoubt.core.model.Octets;

/// What the command line asks the agent over the control socket. One request, one reply, in order.
///
/// A peer may read if it can open the socket; [#changes] says which requests need the peer's user
/// id to be 0.
public sealed interface ControlRequest {
  /// Whether the request changes anything, and so needs root.
  default boolean changes() {
    return switch (this) {
      case Status(), HotSpots() -> false;
      case Scan(_, _, boolean quarantine) -> quarantine;
      case SetMode _, ReloadPolicy _, ReloadEngines _, ReloadSeal _, Stop _, Thaw _ -> true;
      case PutAway(), Restore _, DeleteQuarantined _, Isolate _ -> true;
      case ActivateContent _, FetchContent _, UpdateContent _, RollBackContent _ -> true;
      case JoinFleet _, LeaveFleet(), ReloadSettings _ -> true;
    };
  }

  /// Asks for everything `redoubt status` shows.
  record Status() implements ControlRequest {}

  /// Asks for whom and for what this host waited most of late.
  record HotSpots() implements ControlRequest {}

  /// Sets what an engine's DENY is worth, at once.
  ///
  /// @param engine the engine's id, or empty for all engines and those to come
  /// @param mode the new mode
  record SetMode(String engine, EngineMode mode) implements ControlRequest {}

  /// The owner's exceptions on disk have changed: read them now. The reply comes when they count.
  record ReloadPolicy() implements ControlRequest {}

  /// The owner's register of engines or their grants have changed: make the running engines those
  /// that are registered now.
  record ReloadEngines() implements ControlRequest {}

  /// The owner has sealed the installation anew or removed its seal: take that, and look at every
  /// file again.
  ///
  /// @param passphrase the one of the seal before, empty if none was asked for
  record ReloadSeal(String passphrase) implements ControlRequest {
    @Override
    public String toString() {
      return "ReloadSeal[]";
    }
  }

  /// The command line proposes another configuration: take it as a whole, or not at all.
  ///
  /// @param restart whether the agent may end for it, to be started again with it
  record ReloadSettings(boolean restart) implements ControlRequest {}

  /// Lets processes go on that were stopped on an engine's wish.
  ///
  /// @param freeze which ones, by the number that the notice of it names; 0 for all
  record Thaw(long freeze) implements ControlRequest {}

  /// Asks the engines about files, whose descriptors come with the message.
  ///
  /// @param files how many, 1 to [WireLimits#SCAN_FILES]
  /// @param anew whether to look again at what has not changed since it was looked at
  /// @param quarantine whether to put away what is found
  record Scan(int files, boolean anew, boolean quarantine) implements ControlRequest {}

  /// Puts a file into quarantine, whose descriptor comes with the message.
  record PutAway() implements ControlRequest {}

  /// Gives a file back from quarantine.
  ///
  /// @param file its number
  /// @param target where to, an absolute path; empty for where it was; at most
  ///   [WireLimits#PATH_BYTES]
  record Restore(long file, Octets target) implements ControlRequest {}

  /// Deletes a file in quarantine for good.
  ///
  /// @param file its number
  record DeleteQuarantined(long file) implements ControlRequest {}

  /// Cuts this host off from everybody but those who are named, and its name servers.
  ///
  /// @param seconds for how long; 0 ends it
  /// @param peers who is named, at most [WireLimits#PEERS]
  record Isolate(int seconds, List<String> peers) implements ControlRequest {
    public Isolate {
      peers = List.copyOf(peers);
    }
  }

  /// Has a bundle tried, and brought into force if nothing is wrong with it. The reply comes when
  /// the agent has a copy of it.
  ///
  /// @param path where it lies, absolute, at most [WireLimits#PATH_BYTES] characters
  record ActivateContent(String path) implements ControlRequest {}

  /// As [ActivateContent], for a bundle of a repository that the owner trusts: the agent fetches
  /// it, and takes it only if its vendor and a trial runner vouch for it.
  ///
  /// @param target its path in the repository, as of [BundleManifest#target], at most
  ///   [WireLimits#PATH_BYTES] characters
  record FetchContent(String target) implements ControlRequest {}

  /// Has the agent look for updates now, as the owner's word on disk says. The reply comes when it
  /// has looked and taken what it chose.
  ///
  /// @param engine the id of the engine to look for; empty for all
  record UpdateContent(String engine) implements ControlRequest {}

  /// Takes back the content of an engine that is in force: what was before it is again.
  ///
  /// @param engine the engine's id
  /// @param reason for the journal, and for whoever offers it again
  record RollBackContent(String engine, String reason) implements ControlRequest {}

  /// Makes this host one of a fleet. The reply comes when the server has taken it in.
  ///
  /// @param server its name or address, as in its certificate
  /// @param port where it takes hosts in, 1 to 65,535
  /// @param token what lets this host in, as of [EnrolmentToken#text]
  /// @param ownUpdates whether this host's owner, and not the fleet, decides what it activates
  record JoinFleet(String server, int port, String token, boolean ownUpdates)
      implements ControlRequest {
    /// Names nothing of the token, so that no log has it.
    @Override
    public String toString() {
      return "JoinFleet[server=" + server + ", port=" + port + ", ownUpdates=" + ownUpdates + "]";
    }
  }

  /// Makes this host one of no fleet.
  record LeaveFleet() implements ControlRequest {}

  /// How many descriptors come with the message.
  default int descriptors() {
    return switch (this) {
      case Scan scan -> scan.files();
      case PutAway() -> 1;
      default -> 0;
    };
  }

  /// Stop in order: release every waiting operation first, then end.
  ///
  /// @param reason for the journal
  /// @param passphrase what the owner wants to be asked for, empty if nothing
  record Stop(String reason, String passphrase) implements ControlRequest {
    @Override
    public String toString() {
      return "Stop[reason=" + reason + "]";
    }
  }
}
