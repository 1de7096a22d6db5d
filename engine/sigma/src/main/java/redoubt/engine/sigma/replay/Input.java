package redoubt.engine.sigma.replay;

import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import java.util.Arrays;

/// A stream of bytes of which as many as wanted can be looked at before they are taken.
final class Input implements Closeable {
  /// What [#find] returns if there is no such byte.
  static final int NOT_THERE = -1;

  private static final int FIRST_SIZE = 1 << 16;

  /// U+FEFF in UTF-8.
  private static final byte[] MARK = {(byte) 0xEF, (byte) 0xBB, (byte) 0xBF};

  private final InputStream stream;
  private byte[] buffer = new byte[FIRST_SIZE];
  private int begin;
  private int end;
  private boolean ended;

  Input(InputStream stream) {
    this.stream = stream;
  }

  /// Holds what [#begin] and [#end] enclose; another array after [#fetch].
  byte[] bytes() {
    return buffer;
  }

  /// Where what was not taken begins.
  int begin() {
    return begin;
  }

  /// Where what was fetched ends.
  int end() {
    return end;
  }

  /// How much was fetched and not taken.
  int available() {
    return end - begin;
  }

  /// The byte that is so far ahead, the next one at 0; -1 if the input ends before it.
  int peek(int ahead) throws IOException {
    while (ahead >= available()) {
      if (!fetch()) {
        return -1;
      }
    }
    return buffer[begin + ahead] & 0xFF;
  }

  /// Whether so far ahead there is the word.
  boolean startsWith(int ahead, byte[] word) throws IOException {
    for (int i = 0; i < word.length; i++) {
      if (peek(ahead + i) != (word[i] & 0xFF)) {
        return false;
      }
    }
    return true;
  }

  /// How long the byte order mark is that begins as these bytes do; 0 if none does.
  static int markLength(byte[] first) {
    return first.length > 0 && first[0] == MARK[0] ? MARK.length : 0;
  }

  /// Takes a byte order mark, if one is next.
  ///
  /// @return whether there was one
  boolean skipMark() throws IOException {
    boolean there = startsWith(0, MARK);
    if (there) {
      take(begin + MARK.length);
    }
    return there;
  }

  /// How far ahead the first such byte is. Fetches until it is there, but no more if there is more
  /// than the limit.
  ///
  /// @param from how far ahead to begin
  /// @return [#NOT_THERE] if it is not among what was fetched
  int find(byte wanted, int from, int limit) throws IOException {
    int begun = from;
    while (true) {
      int found = findFetched(wanted, begun);
      if (found != NOT_THERE) {
        return found;
      }
      begun = Math.max(begun, available());
      if (available() > limit || !fetch()) {
        return NOT_THERE;
      }
    }
  }

  /// How far ahead the first such byte is among what was fetched, or [#NOT_THERE].
  int findFetched(byte wanted, int from) {
    for (int i = begin + from; i < end; i++) {
      if (buffer[i] == wanted) {
        return i - begin;
      }
    }
    return NOT_THERE;
  }

  /// Takes what is before the next such byte, or all if there is none.
  void skipTo(byte wanted) throws IOException {
    do {
      int found = findFetched(wanted, 0);
      if (found != NOT_THERE) {
        begin += found;
        return;
      }
      begin = end;
    } while (fetch());
  }

  /// Takes what is before `to`.
  void take(int to) {
    begin = to;
  }

  /// Fetches more.
  ///
  /// @return whether there was more
  boolean fetch() throws IOException {
    if (ended) {
      return false;
    }
    if (begin > 0) {
      System.arraycopy(buffer, begin, buffer, 0, end - begin);
      end -= begin;
      begin = 0;
    }
    if (end == buffer.length) {
      buffer = Arrays.copyOf(buffer, 2 * buffer.length);
    }
    int length = stream.read(buffer, end, buffer.length - end);
    ended = length < 0;
    end += Math.max(0, length);
    return !ended;
  }

  @Override
  public void close() throws IOException {
    stream.close();
  }
}
