package redoubt.server.store;

import java.time.Instant;
import java.util.List;
import java.util.Optional;
import redoubt.core.model.HostId;
import redoubt.core.wire.HostInventory;
import redoubt.core.wire.HostMessage;
import redoubt.fleet.rollout.DeviceClass;

/// A host of the fleet. Immutable.
///
/// @param id who it is
/// @param number what the rollout controller knows it by; from 0
/// @param enrolment which of its enrolments counts; from 1
/// @param inventory what it said of itself last
/// @param site where it stands, as its token says; may be empty
/// @param deviceClass how it behaves, as its token says
/// @param labels what people call it by, sorted
/// @param enrolled when it was taken in last
/// @param seen when it was heard of last, to a minute or so
/// @param state what it said last of its protection; nothing before it has said anything
/// @param revoked when it was cast out, if it was
public record HostEntry(
    HostId id,
    int number,
    int enrolment,
    HostInventory inventory,
    String site,
    DeviceClass deviceClass,
    List<String> labels,
    Instant enrolled,
    Instant seen,
    Optional<HostMessage.State> state,
    Optional<Instant> revoked) {
  public HostEntry {
    labels = List.copyOf(labels);
  }

  /// The same host, as it was heard of later.
  public HostEntry with(HostStore.Seen later) {
    return new HostEntry(
        id,
        number,
        enrolment,
        inventory,
        site,
        deviceClass,
        labels,
        enrolled,
        later.at(),
        Optional.of(later.state()),
        revoked);
  }
}
