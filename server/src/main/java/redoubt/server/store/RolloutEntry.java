package redoubt.server.store;

import java.time.Instant;
import java.util.List;
import java.util.Optional;
import redoubt.core.wire.BundleName;
import redoubt.fleet.rollout.Channel;

/// A rollout, as the owner decided it. Immutable.
///
/// @param id from 1, without gaps
/// @param bundle what is rolled out
/// @param channel how fast
/// @param soakSeconds how long a host runs it before it counts as well
/// @param rings its own; without any they are those of the channel
/// @param holdback the share of hosts that does without, to compare with
/// @param salt draws the rings; secret
/// @param madeBy who prepared it
/// @param made when
/// @param beginsBefore the line of the journal before which it begins
/// @param ended when it was put aside, if it was
public record RolloutEntry(
    int id,
    BundleName bundle,
    Channel channel,
    int soakSeconds,
    List<RingTerms> rings,
    double holdback,
    long salt,
    String madeBy,
    Instant made,
    long beginsBefore,
    Optional<Instant> ended) {
  public RolloutEntry {
    rings = List.copyOf(rings);
  }

  /// Names nothing of the salt, so that no log has it.
  @Override
  public String toString() {
    return "RolloutEntry[id=" + id + ", bundle=" + bundle + ", channel=" + channel + "]";
  }
}
