package redoubt.server.store;

import static redoubt.server.store.Tables.Marks.COVERS;
import static redoubt.server.store.Tables.Marks.ENGINE;
import static redoubt.server.store.Tables.Marks.ID;
import static redoubt.server.store.Tables.Marks.MADE_BY;
import static redoubt.server.store.Tables.Marks.MADE_MILLIS;
import static redoubt.server.store.Tables.Marks.NOTE;
import static redoubt.server.store.Tables.Marks.RULE;
import static redoubt.server.store.Tables.Marks.SUBJECT;
import static redoubt.server.store.Tables.Marks.TABLE;

import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Set;
import org.jooq.DSLContext;
import org.jooq.Record;

/// What people say was no threat. It changes nothing on a host: it is counted.
public final class MarkStore {
  /// The most marks of a fleet.
  static final int MOST = 10_000;

  private static final int MOST_AUDITED_CHARS = 256;

  private final Database database;

  public MarkStore(Database database) {
    this.database = database;
  }

  /// Marks, in the order in which they were made.
  ///
  /// @param from the lowest id
  /// @param most how many at most
  public List<Mark> list(int from, int most) {
    return database.transaction(in ->
        in.selectFrom(TABLE).where(ID.ge(from)).orderBy(ID).limit(most).fetch(MarkStore::mark));
  }

  /// Those that cover one of some objections, the oldest first.
  public List<Mark> covering(Collection<Objection> objections) {
    List<String> keys = objections.stream().flatMap(each -> each.keys().stream()).toList();
    return keys.isEmpty()
        ? List.of()
        : database.transaction(
            in -> in.selectFrom(TABLE).where(COVERS.in(keys)).orderBy(ID).fetch(MarkStore::mark));
  }

  /// Which of some keys of objections are marked.
  static Set<String> marked(DSLContext in, Collection<String> keys) {
    return in.select(COVERS).from(TABLE).where(COVERS.in(keys)).fetchSet(COVERS);
  }

  /// Makes one.
  ///
  /// @param by who does
  /// @throws RefusedException if there is one that says the same, or as many as there may be
  public Mark add(Mark.Terms terms, String by, Instant now) {
    return database.transaction(in -> {
      String covers = terms.covered();
      in.select(ID)
          .from(TABLE)
          .where(COVERS.eq(covers))
          .fetchOptional(ID)
          .ifPresent(id -> {
            throw new RefusedException("it is marked already: id=" + id);
          });
      if (in.fetchCount(TABLE) >= MOST) {
        throw new RefusedException(
            "too many marks: most=" + MOST + "; remove some that nobody needs any more");
      }
      int id = Tables.nextId(in, TABLE, ID);
      in.insertInto(TABLE)
          .set(ID, id)
          .set(ENGINE, terms.engine())
          .set(RULE, terms.rule())
          .set(SUBJECT, terms.subject())
          .set(COVERS, covers)
          .set(NOTE, terms.note())
          .set(MADE_BY, by)
          .set(MADE_MILLIS, now.toEpochMilli())
          .execute();
      ObjectionStore.mark(in, covers);
      changed(in, now, by, "mark.add", id, terms);
      return in.selectFrom(TABLE).where(ID.eq(id)).fetchSingle(MarkStore::mark);
    });
  }

  /// Takes one back.
  ///
  /// @param by who does
  /// @throws RefusedException if there is no such mark
  public void remove(int id, String by, Instant now) {
    database.change(in -> {
      Mark mark =
          in.selectFrom(TABLE)
              .where(ID.eq(id))
              .fetchOptional(MarkStore::mark)
              .orElseThrow(() -> new RefusedException("no such mark: id=" + id));
      in.deleteFrom(TABLE).where(ID.eq(id)).execute();
      ObjectionStore.unmark(in, mark.terms().covered());
      changed(in, now, by, "mark.remove", id, mark.terms());
    });
  }

  private static void changed(
      DSLContext in, Instant now, String by, String action, int id, Mark.Terms terms) {
    AuditTrail.add(
        in,
        now,
        by,
        action,
        Integer.toString(id),
        "engine="
            + terms.engine()
            + " rule="
            + quoted(terms.rule())
            + (terms.subject().isEmpty() ? "" : " subject=" + quoted(terms.subject()))
            + (terms.note().isEmpty() ? "" : " comment=" + quoted(terms.note())));
  }

  /// So that nobody who makes a mark can write another field.
  private static String quoted(String text) {
    String cut = text.length() <= MOST_AUDITED_CHARS ? text : text.substring(0, MOST_AUDITED_CHARS);
    return '"' + cut.replace("\\", "\\\\").replace("\"", "\\\"") + '"';
  }

  private static Mark mark(Record row) {
    return new Mark(
        row.get(ID),
        new Mark.Terms(row.get(ENGINE), row.get(RULE), row.get(SUBJECT), row.get(NOTE)),
        row.get(MADE_BY),
        Instant.ofEpochMilli(row.get(MADE_MILLIS)));
  }
}
