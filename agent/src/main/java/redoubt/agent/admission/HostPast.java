package redoubt.agent.admission;

import java.util.Collections;
import java.util.Iterator;
import java.util.List;
import java.util.NoSuchElementException;
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

  /// The files that run here.
  public List<File> programs() {
    return files.stream().filter(File::runs).toList();
  }

  /// A part of it, for a further look; it need not be closed. Of the files those that run here, in
  /// each part; of the events every so many batches, so that all parts together have all.
  ///
  /// @param number which one, from 0
  /// @param of how many parts there are
  public HostPast part(int number, int of) {
    return new HostPast(programs(), () -> everySoMany(events.get(), number, of), () -> {});
  }

  private static Iterator<List<HostEvent>> everySoMany(
      Iterator<List<HostEvent>> all, int first, int every) {
    return new Iterator<>() {
      private int skip = first;

      @Override
      public boolean hasNext() {
        for (; skip > 0 && all.hasNext(); skip--) {
          all.next();
        }
        return all.hasNext();
      }

      @Override
      public List<HostEvent> next() {
        if (!hasNext()) {
          throw new NoSuchElementException();
        }
        skip = every - 1;
        return all.next();
      }
    };
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
