package redoubt.server.store;

import java.time.Instant;
import java.util.Optional;
import redoubt.core.model.HostId;
import redoubt.core.wire.FleetMessage;

/// What an operator wants to be done on a host. Immutable.
///
/// @param id rises with each of this host, from 1
/// @param operator who wants it
/// @param expires after when the host is not told any more
/// @param outcome what became of it, if that is known
public record HostCommand(
    HostId host,
    long id,
    String operator,
    FleetMessage.Action action,
    Instant made,
    Instant expires,
    Optional<Outcome> outcome) {
  /// What became of it.
  ///
  /// @param isDone whether it was done
  /// @param text for people
  public record Outcome(Instant at, boolean isDone, String text) {}
}
