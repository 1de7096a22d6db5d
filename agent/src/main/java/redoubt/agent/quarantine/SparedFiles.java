package redoubt.agent.quarantine;

import java.util.Optional;

/// Which files are never put away, whoever wants it. Any thread may ask; may block on the disk.
@FunctionalInterface
public interface SparedFiles {
  /// Why a file is spared.
  ///
  /// @param descriptor the file, open
  /// @param path its name now
  /// @param byOwner whether its owner names it, and not an engine
  /// @return for people; empty if it is not spared
  Optional<String> reason(int descriptor, String path, boolean byOwner);
}
