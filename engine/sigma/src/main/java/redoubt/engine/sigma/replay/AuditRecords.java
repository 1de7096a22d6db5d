package redoubt.engine.sigma.replay;

import java.io.IOException;
import redoubt.engine.sigma.event.AuditEvents;
import redoubt.engine.sigma.event.Event;
import redoubt.engine.sigma.event.EventClass;
import redoubt.engine.sigma.event.EventFormatException;

/// A log of the Linux audit daemon: a record on each line.
final class AuditRecords implements RecordSource {
  /// The longest line that is read.
  private static final int LENGTH_LIMIT = 1 << 20;

  private final Input input;
  private final AuditEvents reader;

  AuditRecords(Input input, AuditEvents reader) {
    this.input = input;
    this.reader = reader;
  }

  @Override
  public EventClass eventClass() {
    return AuditEvents.CLASS;
  }

  @Override
  public boolean next(Event event) throws IOException, EventFormatException {
    skipLineFeeds();
    if (input.available() == 0) {
      return false;
    }
    int lineFeed = input.find((byte) '\n', 0, LENGTH_LIMIT);
    int length = lineFeed == Input.NOT_THERE ? input.available() : lineFeed;
    int from = input.begin();
    input.take(from + length);
    if (length > LENGTH_LIMIT) {
      input.skipTo((byte) '\n');
      throw new EventFormatException("longer than is read: limit=" + LENGTH_LIMIT + " bytes");
    }
    reader.read(input.bytes(), from, from + length, event);
    return true;
  }

  private void skipLineFeeds() throws IOException {
    do {
      while (input.available() > 0
          && input.bytes()[input.begin()] <= ' '
          && input.bytes()[input.begin()] >= 0) {
        input.take(input.begin() + 1);
      }
    } while (input.available() == 0 && input.fetch());
  }

  @Override
  public void close() throws IOException {
    input.close();
  }
}
