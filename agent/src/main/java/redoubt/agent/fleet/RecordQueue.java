package redoubt.agent.fleet;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import redoubt.agent.journal.JournalCursor;
import redoubt.agent.policy.PolicyException;
import redoubt.agent.policy.PrivateFile;
import redoubt.core.model.HostId;
import redoubt.core.model.Octets;
import redoubt.core.wire.HostMessage.Records;
import redoubt.core.wire.WireLimits;

/// The lines of the journal on their way to the fleet's server: numbered in order, and sent again
/// until they are acknowledged, over restarts of agent and server. The journal itself is what keeps
/// them: of it the server is told everything that was written since this host joined.
///
/// Thread-safe.
final class RecordQueue implements AutoCloseable {
  private static final String FORM = "redoubt records 1";
  private static final int FILE_BYTES = 512;

  /// How many lines may be on their way at a time.
  private static final int MOST_OUTSTANDING = 4 * WireLimits.RECORDS_PER_MESSAGE;

  /// Room for what is around the lines in a message.
  private static final int MESSAGE_BYTES = WireLimits.FLEET_MESSAGE_BYTES - 4096;

  private static final int LINE_EXTRA_BYTES = 8;

  private final PrivateFile file;
  private final Path journal;
  private final Membership own;
  private JournalCursor cursor;

  /// Where the journal is behind each line that was sent and is not acknowledged; the first has the
  /// number [#first].
  private final Deque<JournalCursor.Position> outstanding = new ArrayDeque<>();

  private JournalCursor.Position acknowledged;
  private long first;
  private long lost;

  /// A line that did not fit into the message before.
  private Octets held = Octets.of(new byte[0]);

  private record Kept(JournalCursor.Position position, long first, long lost) {}

  private RecordQueue(
      PrivateFile file, Path journal, Membership own, JournalCursor cursor, Kept kept) {
    this.file = file;
    this.journal = journal;
    this.own = own;
    this.cursor = cursor;
    acknowledged = kept.position();
    first = kept.first();
    lost = kept.lost();
  }

  /// Goes on with what is not acknowledged, or, for a new enrolment, begins behind the last line
  /// that there is.
  ///
  /// @param folder where it is written down how far the server is
  /// @throws IOException if the journal cannot be read
  static RecordQueue open(Path folder, Path journal, Membership own)
      throws IOException, PolicyException {
    PrivateFile file = new PrivateFile(folder.resolve("records"), FILE_BYTES);
    Optional<Kept> kept = file.read().flatMap(bytes -> parse(bytes, own));
    if (kept.isPresent()) {
      JournalCursor cursor = JournalCursor.at(journal, kept.get().position());
      return new RecordQueue(file, journal, own, cursor, kept.get());
    }
    JournalCursor cursor = JournalCursor.atEnd(journal);
    RecordQueue fresh =
        new RecordQueue(file, journal, own, cursor, new Kept(cursor.position(), 0, 0));
    fresh.write();
    return fresh;
  }

  /// What was written down for this enrolment; one that cannot be read is as none.
  private static Optional<Kept> parse(byte[] content, Membership own) {
    String[] lines = new String(content, StandardCharsets.US_ASCII).split("\n", -1);
    try {
      if (lines.length == 8
          && lines[0].equals(FORM)
          && HostId.parse(lines[1]).equals(own.host())
          && Integer.parseInt(lines[2]) == own.enrolment()) {
        return Optional.of(
            new Kept(
                new JournalCursor.Position(Long.parseLong(lines[3]), Long.parseLong(lines[4])),
                Long.parseLong(lines[5]),
                Long.parseLong(lines[6])));
      }
    } catch (IllegalArgumentException _) {
      // As none.
    }
    return Optional.empty();
  }

  /// The number of the first line that is not acknowledged.
  synchronized long first() {
    return first;
  }

  /// How many lines are on their way.
  synchronized long waiting() {
    return outstanding.size();
  }

  /// How often lines were gone from the journal before they were sent.
  synchronized long lost() {
    return lost;
  }

  /// Everything that is not acknowledged is to be sent again: there is another connection.
  synchronized void sendAgain() throws IOException {
    outstanding.clear();
    held = Octets.of(new byte[0]);
    cursor.close();
    cursor = JournalCursor.at(journal, acknowledged);
  }

  /// The next lines to send; nothing if there is none, or so many are on their way that the server
  /// is to acknowledge some first.
  synchronized Optional<Records> next() throws IOException {
    List<Octets> lines = new ArrayList<>();
    long number = first + outstanding.size();
    int bytes = 0;
    while (lines.size() < WireLimits.RECORDS_PER_MESSAGE && outstanding.size() < MOST_OUTSTANDING) {
      Octets line = take();
      if (line.length() == 0) {
        break;
      }
      if (bytes + line.length() + LINE_EXTRA_BYTES > MESSAGE_BYTES) {
        held = line;
        break;
      }
      if (cursor.takeMissed()) {
        lost++;
      }
      bytes += line.length() + LINE_EXTRA_BYTES;
      lines.add(line);
      outstanding.add(cursor.position());
    }
    return lines.isEmpty() ? Optional.empty() : Optional.of(new Records(number, lines));
  }

  private Octets take() throws IOException {
    if (held.length() > 0) {
      Octets line = held;
      held = Octets.of(new byte[0]);
      return line;
    }
    byte[] line = cursor.next();
    return Octets.of(line == null ? new byte[0] : line);
  }

  /// The server keeps all lines before a number. What it cannot know is as nothing.
  ///
  /// @throws IOException if that cannot be written down; then they are sent again some day
  synchronized void kept(long next) throws IOException {
    if (next <= first || next > first + outstanding.size()) {
      return;
    }
    while (first < next) {
      acknowledged = outstanding.remove();
      first++;
    }
    write();
  }

  private void write() throws IOException {
    String text =
        String.join(
            "\n",
            FORM,
            own.host().toString(),
            Integer.toString(own.enrolment()),
            Long.toString(acknowledged.file()),
            Long.toString(acknowledged.offset()),
            Long.toString(first),
            Long.toString(lost),
            "");
    file.write(text.getBytes(StandardCharsets.US_ASCII));
  }

  @Override
  public synchronized void close() throws IOException {
    cursor.close();
  }
}
