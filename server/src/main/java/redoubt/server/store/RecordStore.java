package redoubt.server.store;

import static redoubt.server.store.Tables.JournalRecord.CLASS_UID;
import static redoubt.server.store.Tables.JournalRecord.HOST;
import static redoubt.server.store.Tables.JournalRecord.KEPT_MILLIS;
import static redoubt.server.store.Tables.JournalRecord.LINE;
import static redoubt.server.store.Tables.JournalRecord.NUMBER;
import static redoubt.server.store.Tables.JournalRecord.TABLE;

import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.jooq.Condition;
import org.jooq.DSLContext;
import org.jooq.Query;
import org.jooq.Record;
import org.jooq.impl.DSL;
import redoubt.core.model.HostId;
import redoubt.core.model.Octets;

/// The lines of the hosts' journals.
public final class RecordStore {
  /// No host has as many lines; so that numbers can be moved, and every program can read them.
  private static final long MOST_NUMBER = 1L << 53;

  private static final int MOST_FORGOTTEN = 5_000;

  private final Database database;

  public RecordStore(Database database) {
    this.database = database;
  }

  /// A line.
  ///
  /// @param number the host's own number of it; below 0 if it is of an earlier enrolment
  /// @param line a JSON text, as the host wrote it
  public record Line(HostId host, long number, Instant kept, String line) {}

  /// Keeps lines; those that are kept already stay as they are. They are on disk when this returns.
  ///
  /// @param first the number of the first
  /// @throws IllegalArgumentException if no host has so many
  public void keep(HostId host, long first, List<Octets> lines, Instant now) {
    if (first < 0 || first > MOST_NUMBER) {
      throw new IllegalArgumentException("out of range: first=" + first);
    }
    database.change(in -> {
      List<Query> inserts = new ArrayList<>();
      List<Line> findings = new ArrayList<>();
      List<Integer> classes = new ArrayList<>();
      List<String> texts = new ArrayList<>();
      for (int i = 0; i < lines.size(); i++) {
        // PostgreSQL keeps no such character, and no line of a journal has one.
        String text =
            new String(lines.get(i).toArray(), StandardCharsets.UTF_8).replace('\0', '\ufffd');
        int classUid = OcsfClass.of(text);
        inserts.add(
            in.insertInto(TABLE)
                .set(HOST, host.toString())
                .set(NUMBER, first + i)
                .set(KEPT_MILLIS, now.toEpochMilli())
                .set(LINE, text)
                .set(CLASS_UID, classUid)
                .onConflictDoNothing());
        classes.add(classUid);
        texts.add(text);
        if (classUid == OcsfClass.FINDING) {
          findings.add(new Line(host, first + i, now, text));
        }
      }
      int[] added = in.batch(inserts).execute();
      ObjectionStore.count(
          in,
          host,
          IntStream.range(0, added.length)
              .filter(i -> added[i] != 0)
              .boxed()
              .flatMap(i -> Objection.of(classes.get(i), texts.get(i)).stream())
              .toList(),
          now);
      findings.removeIf(line -> added[(int) (line.number() - first)] == 0);
      if (!findings.isEmpty()) {
        OutputStore.tell(in, OutputStore.Kind.FINDING, now, () -> told(in, host, findings));
      }
    });
  }

  private static List<String> told(DSLContext in, HostId host, List<Line> findings) {
    String name =
        in.select(Tables.Host.NAME)
            .from(Tables.Host.TABLE)
            .where(Tables.Host.ID.eq(host.toString()))
            .fetchSingle()
            .value1();
    return findings.stream().map(line -> OutgoingJson.finding(name, line)).toList();
  }

  /// The newest lines of a host, newest first.
  ///
  /// @param before those before this number; `Long.MAX_VALUE` for the newest
  /// @param most how many at most
  public List<Line> newest(HostId host, long before, int most) {
    return database.transaction(in ->
        in.selectFrom(TABLE)
            .where(HOST.eq(host.toString()))
            .and(NUMBER.lt(before))
            .orderBy(NUMBER.desc())
            .limit(most)
            .fetch(RecordStore::line));
  }

  /// The newest findings of all hosts, newest first.
  ///
  /// @param most how many at most
  public List<Line> findings(int most) {
    return database.transaction(in ->
        in.selectFrom(TABLE)
            .where(CLASS_UID.eq(OcsfClass.FINDING))
            .orderBy(KEPT_MILLIS.desc(), NUMBER.desc())
            .limit(most)
            .fetch(RecordStore::line));
  }

  private static Line line(Record row) {
    return new Line(
        HostId.parse(row.get(HOST)),
        row.get(NUMBER),
        Instant.ofEpochMilli(row.get(KEPT_MILLIS)),
        row.get(LINE));
  }

  /// A host counts its lines anew: those that it had get numbers below 0, in the same order.
  static void setBehind(DSLContext in, HostId host) {
    Condition ofHost = HOST.eq(host.toString());
    var range = in.select(DSL.min(NUMBER), DSL.max(NUMBER)).from(TABLE).where(ofHost).fetchSingle();
    if (range.value1() != null) {
      // So far that no line ever has a number that another still has.
      long by = Math.max(range.value2() + 1, range.value2() - range.value1() + 1);
      in.update(TABLE).set(NUMBER, NUMBER.minus(by)).where(ofHost).execute();
    }
  }

  /// Lets go of lines that were kept before a time, some of them at a time, so that nobody waits
  /// long for the database.
  ///
  /// @return whether that was all of them
  public boolean forgetBefore(Instant time) {
    return database.transaction(in ->
        in.deleteFrom(TABLE)
                .where(KEPT_MILLIS.lt(time.toEpochMilli()))
                .limit(MOST_FORGOTTEN)
                .execute()
            < MOST_FORGOTTEN);
  }
}
