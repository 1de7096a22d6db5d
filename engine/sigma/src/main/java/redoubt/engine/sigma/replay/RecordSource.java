package redoubt.engine.sigma.replay;

import java.io.Closeable;
import java.io.IOException;
import org.jspecify.annotations.Nullable;
import redoubt.engine.sigma.event.Event;
import redoubt.engine.sigma.event.EventClass;
import redoubt.engine.sigma.event.EventFormatException;

/// The records of a recording, one after the other.
interface RecordSource extends Closeable {
  /// Reads the next record.
  ///
  /// @param event empty
  /// @return whether there was one
  /// @throws EventFormatException if the record cannot be read; the next call goes on behind it
  /// @throws IOException if the file cannot be read on
  boolean next(Event event) throws IOException, EventFormatException;

  /// What kind of events they are, if the kind of recording tells; null if the events do.
  default @Nullable EventClass eventClass() {
    return null;
  }
}
