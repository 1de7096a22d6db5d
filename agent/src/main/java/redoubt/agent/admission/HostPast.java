package redoubt.agent.admission;

import java.util.Collections;
import java.util.Iterator;
import java.util.List;
import java.util.function.Supplier;
import redoubt.core.model.FileIdentity;
import redoubt.core.model.HostEvent;
import redoubt.core.model.Sha256;

/// What a host has, and what happened on it: what new content must leave alone. Immutable.
///
/// @param files what runs here and what this host cannot do without
/// @param events gives what has happened, a batch after the other, oldest first; as often as asked
/// @param end lets go of what the events are read from
public record HostPast(List<File> files, Supplier<Iterator<List<HostEvent>>> events, Runnable end)
    implements AutoCloseable {
  /// A host without a past.
  public static final HostPast NONE = new HostPast(List.of(), Collections::emptyIterator, () -> {});

  public HostPast {
    files = List.copyOf(files);
  }

  /// The same with the files alone that run here, for a second look; it need not be closed.
  public HostPast ofPrograms() {
    return new HostPast(files.stream().filter(File::runs).toList(), events, () -> {});
  }

  @Override
  public void close() {
    end.run();
  }

  /// A file.
  ///
  /// @param path where it is, without links
  /// @param identity what its content was known by
  /// @param sha256 the digest of that
  /// @param isProgram whether it may be executed
  /// @param runs whether it was executed here
  public record File(
      String path, FileIdentity identity, Sha256 sha256, boolean isProgram, boolean runs) {}
}
