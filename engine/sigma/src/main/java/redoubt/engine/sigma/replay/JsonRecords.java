package redoubt.engine.sigma.replay;

import java.io.IOException;
import redoubt.engine.sigma.event.Event;
import redoubt.engine.sigma.event.EventFormatException;
import redoubt.engine.sigma.event.JsonEvents;

/// A recording of JSON objects: one on each line, or over several lines with white space or commas
/// between them, or in one array.
final class JsonRecords implements RecordSource {
  /// The longest object that is read.
  static final int LENGTH_LIMIT = 16 << 20;

  private final Input input;
  private final JsonEvents reader;
  private boolean lines;
  private boolean first = true;

  JsonRecords(Input input, JsonEvents reader) {
    this.input = input;
    this.reader = reader;
  }

  @Override
  public boolean next(Event event) throws IOException, EventFormatException {
    if (!skipBetween()) {
      return false;
    }
    if (first) {
      first = false;
      lines = !isContinued();
    }
    while (true) {
      try {
        input.take(reader.read(input.bytes(), input.begin(), input.end(), event));
        return true;
      } catch (EventFormatException e) {
        event.clear();
        if (!mayBeCompleted()) {
          throw e;
        }
      }
    }
  }

  /// Takes white space, commas and the brackets of an outer array.
  private boolean skipBetween() throws IOException {
    while (true) {
      while (input.available() > 0) {
        byte b = input.bytes()[input.begin()];
        if (b > ' ' && b != ',' && b != '[' && b != ']') {
          return true;
        }
        if (b >= 0) {
          input.take(input.begin() + 1);
        } else if (!input.skipMark()) {
          return true;
        }
      }
      if (!input.fetch()) {
        return false;
      }
    }
  }

  /// Whether the first line cannot be all of its object.
  private boolean isContinued() throws IOException {
    int lineFeed = input.find((byte) '\n', 0, LENGTH_LIMIT);
    int end = lineFeed == Input.NOT_THERE ? input.end() : input.begin() + lineFeed;
    while (end > input.begin() && input.bytes()[end - 1] <= ' ') {
      end--;
    }
    byte last = end > input.begin() ? input.bytes()[end - 1] : 0;
    return last == '{' || last == ',' || last == '[';
  }

  /// Fetches more of an object that could not be read; or takes it away, up to where the next one
  /// may begin.
  ///
  /// @return whether reading should be tried again
  private boolean mayBeCompleted() throws IOException, EventFormatException {
    int lineFeed = lines ? input.findFetched((byte) '\n', 0) : Input.NOT_THERE;
    if (lineFeed != Input.NOT_THERE && lineFeed <= LENGTH_LIMIT) {
      input.take(input.begin() + lineFeed);
      return false;
    }
    if (input.available() > LENGTH_LIMIT) {
      skip();
      throw new EventFormatException("longer than is read: limit=" + LENGTH_LIMIT + " bytes");
    }
    int before = input.available();
    while (input.available() < 2 * before && input.fetch()) {
      // Twice as much, so that a long object is not tried again and again.
    }
    if (input.available() > before) {
      return true;
    }
    input.take(nextObject());
    return false;
  }

  /// Where a line begins with an object, behind the one that could not be read.
  private int nextObject() {
    for (int i = input.begin() + 1; i < input.end(); i++) {
      if (input.bytes()[i] == '{' && input.bytes()[i - 1] == '\n') {
        return i;
      }
    }
    return input.end();
  }

  /// Takes all up to the next line, or where lines mean nothing, all.
  private void skip() throws IOException {
    if (lines) {
      input.skipTo((byte) '\n');
      return;
    }
    do {
      input.take(input.end());
    } while (input.fetch());
  }

  @Override
  public void close() throws IOException {
    input.close();
  }
}
