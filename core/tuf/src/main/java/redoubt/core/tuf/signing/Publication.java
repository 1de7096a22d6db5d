package redoubt.core.tuf.signing;

import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import redoubt.core.model.Octets;

/// A change of a repository, signed and ready.
///
/// @param basedOnTimestamp the version of the timestamp that was published when the change was
///   drafted, 0 if none was: if another has been published since, this one is not
/// @param root the next root, if there is one
/// @param targetsRoles new files of targets roles, by role
/// @param snapshot the next snapshot; none if only the timestamp is renewed
/// @param timestamp the next timestamp
/// @param targets new target files, by target path; the files may go away afterwards
public record Publication(
    long basedOnTimestamp,
    Optional<Octets> root,
    Map<String, Octets> targetsRoles,
    Optional<Octets> snapshot,
    Octets timestamp,
    Map<String, Path> targets) {
  /// Copies the maps.
  public Publication {
    targetsRoles = Map.copyOf(targetsRoles);
    targets = Map.copyOf(targets);
  }

  /// A timestamp that says the same for longer.
  public static Publication ofTimestamp(long basedOnTimestamp, Octets timestamp) {
    return new Publication(
        basedOnTimestamp, Optional.empty(), Map.of(), Optional.empty(), timestamp, Map.of());
  }
}
