package redoubt.engine.scanner;

import java.io.IOException;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import redoubt.engine.kit.LoadResult.Problem;
import redoubt.engine.kit.PositionedBytes;

/// Reads a hash list line by line. A bad line is left out and named; the others count. Used once,
/// by one thread.
final class HashListReader {
  /// The longest payload.
  static final long MAX_BYTES = 1L << HashTable.OFFSET_BITS;

  /// The longest line without its end.
  static final int MAX_LINE_BYTES = 4096;

  /// The most entries; lines beyond are left out.
  static final int MAX_ENTRIES = 4_000_000;

  /// The most problems that are named.
  static final int MAX_PROBLEMS = 64;

  private static final int CHUNK_BYTES = 64 * 1024;

  private final PositionedBytes payload;
  private final long sizeBytes;
  private final Map<Algorithm, HashTable.Builder> builders = new EnumMap<>(Algorithm.class);
  private final List<Problem> problems = new ArrayList<>();
  private final HashLine line = new HashLine();
  private final byte[] buffer = new byte[CHUNK_BYTES];
  private long entries;
  private long badLines;
  private long lineNumber;

  /// Where the buffer's first byte stands in the payload.
  private long bufferOffset;

  private int filled;

  /// Whether the line at the buffer's start is the rest of one that is too long.
  private boolean skipping;

  /// @param sizeBytes the payload's size, at most [#MAX_BYTES]
  HashListReader(PositionedBytes payload, long sizeBytes) {
    this.payload = payload;
    this.sizeBytes = sizeBytes;
  }

  /// Reads everything.
  ///
  /// @return the list, which has no entry if no line was good
  /// @throws IOException if the payload cannot be read
  HashList read() throws IOException {
    while (fill()) {
      int done = takeLines();
      keepRest(done);
    }
    if (filled > 0 && !skipping) {
      takeLine(0, filled);
    }
    return build();
  }

  /// The first problems found, the last of them saying how many more there were.
  List<Problem> problems() {
    long unnamed = badLines - problems.size();
    if (unnamed == 0) {
      return List.copyOf(problems);
    }
    List<Problem> all = new ArrayList<>(problems.subList(0, MAX_PROBLEMS - 1));
    all.add(new Problem("list", unnamed + 1 + " more bad lines"));
    return List.copyOf(all);
  }

  private HashList build() {
    Map<Algorithm, HashTable> tables = new EnumMap<>(Algorithm.class);
    builders.forEach((algorithm, builder) -> tables.put(algorithm, builder.build()));
    builders.clear();
    return new HashList(payload, tables, entries);
  }

  private boolean fill() throws IOException {
    int room = (int) Math.min(buffer.length - filled, sizeBytes - bufferOffset - filled);
    int count = room == 0 ? -1 : payload.read(buffer, filled, room, bufferOffset + filled);
    filled += Math.max(0, count);
    return count > 0;
  }

  /// Takes every whole line in the buffer.
  ///
  /// @return where the first line that is not whole starts
  private int takeLines() {
    int start = 0;
    for (int i = 0; i < filled; i++) {
      if (buffer[i] == '\n') {
        if (skipping) {
          skipping = false;
        } else {
          takeLine(start, i);
        }
        start = i + 1;
      }
    }
    return start;
  }

  private void keepRest(int start) {
    filled -= start;
    System.arraycopy(buffer, start, buffer, 0, filled);
    bufferOffset += start;
    if (skipping || filled > MAX_LINE_BYTES + 1) {
      dropStartOfLongLine();
    }
  }

  /// Forgets what is there of a line that is too long, so that the buffer never fills up with it.
  private void dropStartOfLongLine() {
    if (!skipping) {
      lineNumber++;
      bad("longer than " + MAX_LINE_BYTES + " bytes");
    }
    skipping = true;
    bufferOffset += filled;
    filled = 0;
  }

  private void takeLine(int start, int end) {
    lineNumber++;
    int length = end > start && buffer[end - 1] == '\r' ? end - 1 - start : end - start;
    if (length > MAX_LINE_BYTES) {
      bad("longer than " + MAX_LINE_BYTES + " bytes");
      return;
    }
    switch (line.parse(buffer, start, end)) {
      case NOTHING -> {
        // Blank lines and comments are for people.
      }
      case BAD -> bad(line.problem());
      case ENTRY -> add(bufferOffset + start);
    }
  }

  private void add(long offset) {
    if (entries == MAX_ENTRIES) {
      bad("more than " + MAX_ENTRIES + " entries");
      return;
    }
    entries++;
    builders
        .computeIfAbsent(line.algorithm(), algorithm -> builder(algorithm, offset))
        .add(line.prefix(), offset);
  }

  /// Makes room for as many entries as the rest of the payload can have.
  private HashTable.Builder builder(Algorithm algorithm, long offset) {
    long most = (sizeBytes - offset) / (algorithm.digits() + 1) + 1;
    return new HashTable.Builder((int) Math.min(most, MAX_ENTRIES));
  }

  private void bad(String problem) {
    badLines++;
    if (problems.size() < MAX_PROBLEMS) {
      problems.add(new Problem("line " + lineNumber, problem));
    }
  }
}
