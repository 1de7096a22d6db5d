package redoubt.server.store;

import static redoubt.server.store.Tables.Outgoing.AT_MILLIS;
import static redoubt.server.store.Tables.Outgoing.BODY;
import static redoubt.server.store.Tables.Outgoing.KIND;
import static redoubt.server.store.Tables.Outgoing.SEQUENCE;
import static redoubt.server.store.Tables.Output.ADDRESS;
import static redoubt.server.store.Tables.Output.ID;
import static redoubt.server.store.Tables.Output.LOST;
import static redoubt.server.store.Tables.Output.MADE_BY;
import static redoubt.server.store.Tables.Output.MADE_MILLIS;
import static redoubt.server.store.Tables.Output.NEXT;
import static redoubt.server.store.Tables.Output.SECRET;
import static redoubt.server.store.Tables.Output.TABLE;

import java.net.URI;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.function.Supplier;
import org.jooq.DSLContext;
import org.jooq.Record;
import org.jooq.Table;
import org.jooq.impl.DSL;

/// Where findings and the audit go beside the database, and what is still to be sent there: written
/// down in the transaction that it tells of, and kept until every output has it.
public final class OutputStore {
  /// How much waits at most; of more the oldest is let go of, and counted.
  public static final int MOST_WAITING = 100_000;

  private static final int MOST_OUTPUTS = 8;
  private static final Table<Record> OUTGOING = Tables.Outgoing.TABLE;

  private final Database database;

  public OutputStore(Database database) {
    this.database = database;
  }

  /// What is told of.
  public enum Kind {
    /// A finding of a host.
    FINDING,
    /// An entry of the audit.
    AUDIT
  }

  /// Something that is told.
  ///
  /// @param sequence rises, from 1
  /// @param at when this server heard of it
  /// @param body a JSON text
  public record Outgoing(long sequence, Instant at, Kind kind, String body) {}

  /// Sets one up; it gets what happens from then on.
  ///
  /// @param secret what signatures are made with; empty for none
  /// @param by who does
  /// @throws RefusedException if there are as many as there can be, or there is one with that
  ///   address
  public OutputEntry add(URI address, String secret, String by, Instant now) {
    return database.transaction(in -> {
      if (in.fetchExists(TABLE, ADDRESS.eq(address.toString()))) {
        throw new RefusedException("there is one with that address: " + address);
      }
      if (in.fetchCount(TABLE) >= MOST_OUTPUTS) {
        throw new RefusedException("too many outputs: most=" + MOST_OUTPUTS);
      }
      int id = Tables.nextId(in, TABLE, ID);
      in.insertInto(TABLE)
          .set(ID, id)
          .set(ADDRESS, address.toString())
          .set(SECRET, secret)
          .set(MADE_BY, by)
          .set(MADE_MILLIS, now.toEpochMilli())
          .set(NEXT, nextSequence(in))
          .set(LOST, 0L)
          .execute();
      AuditTrail.add(in, now, by, "output.add", Integer.toString(id), address.toString());
      return in.selectFrom(TABLE).where(ID.eq(id)).fetchSingle(OutputStore::entry);
    });
  }

  /// Ends one; what it has not got it never gets.
  ///
  /// @param by who does
  /// @throws RefusedException if there is none
  public void remove(int id, String by, Instant now) {
    database.change(in -> {
      if (in.deleteFrom(TABLE).where(ID.eq(id)).execute() == 0) {
        throw new RefusedException("no such output: id=" + id);
      }
      AuditTrail.add(in, now, by, "output.remove", Integer.toString(id), "");
      forget(in);
    });
  }

  /// All, in the order of their ids.
  public List<OutputEntry> list() {
    return database.transaction(in -> in.selectFrom(TABLE).orderBy(ID).fetch(OutputStore::entry));
  }

  /// How much waits for one.
  public long waiting(OutputEntry output) {
    return database.transaction(in -> in.fetchCount(OUTGOING, SEQUENCE.ge(output.next())));
  }

  /// What one is to be sent next, in order.
  ///
  /// @param from [OutputEntry#next]
  /// @param most how many at most
  public List<Outgoing> next(long from, int most) {
    return database.transaction(in ->
        in.selectFrom(OUTGOING)
            .where(SEQUENCE.ge(from))
            .orderBy(SEQUENCE)
            .limit(most)
            .fetch(row ->
                new Outgoing(
                    row.get(SEQUENCE),
                    Instant.ofEpochMilli(row.get(AT_MILLIS)),
                    Kind.valueOf(row.get(KIND)),
                    row.get(BODY))));
  }

  /// One has got everything before a sequence, but for what was let go of.
  ///
  /// @param lost how many it has not got
  public void sent(int id, long before, long lost) {
    database.change(in -> {
      in.update(TABLE)
          .set(NEXT, before)
          .set(LOST, LOST.plus(lost))
          .where(ID.eq(id))
          .and(NEXT.lt(before))
          .execute();
      forget(in);
    });
  }

  /// Tells every output of something, in the same transaction.
  ///
  /// @param bodies makes what is told, in order; not asked if there is no output
  static void tell(DSLContext in, Kind kind, Instant at, Supplier<List<String>> bodies) {
    if (!in.fetchExists(TABLE)) {
      return;
    }
    long sequence = nextSequence(in);
    for (String body : bodies.get()) {
      in.insertInto(OUTGOING)
          .set(SEQUENCE, sequence)
          .set(AT_MILLIS, at.toEpochMilli())
          .set(KIND, kind.name())
          .set(BODY, body)
          .execute();
      sequence++;
    }
    in.deleteFrom(OUTGOING).where(SEQUENCE.lt(sequence - MOST_WAITING)).execute();
  }

  /// Never one that an output has got: what it has got may all be forgotten.
  private static long nextSequence(DSLContext in) {
    long written =
        in.select(DSL.coalesce(DSL.max(SEQUENCE), DSL.inline(0L)))
            .from(OUTGOING)
            .fetchSingle()
            .value1();
    long got =
        in.select(DSL.coalesce(DSL.max(NEXT), DSL.inline(1L))).from(TABLE).fetchSingle().value1();
    return Math.max(written + 1, got);
  }

  /// What every output has.
  private static void forget(DSLContext in) {
    Long needed = in.select(DSL.min(NEXT)).from(TABLE).fetchSingle().value1();
    in.deleteFrom(OUTGOING).where(SEQUENCE.lt(needed == null ? Long.MAX_VALUE : needed)).execute();
  }

  private static OutputEntry entry(Record row) {
    return new OutputEntry(
        row.get(ID),
        URI.create(row.get(ADDRESS)),
        row.get(SECRET),
        row.get(MADE_BY),
        Instant.ofEpochMilli(row.get(MADE_MILLIS)),
        row.get(NEXT),
        row.get(LOST));
  }

  /// The word for a kind, in what is sent.
  public static String word(Kind kind) {
    return kind.name().toLowerCase(Locale.ROOT);
  }
}
