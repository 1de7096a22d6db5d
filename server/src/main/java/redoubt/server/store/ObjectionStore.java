package redoubt.server.store;

import static redoubt.server.store.Tables.Objections.DAY;
import static redoubt.server.store.Tables.Objections.DENIED;
import static redoubt.server.store.Tables.Objections.ENGINE;
import static redoubt.server.store.Tables.Objections.FIRST_HOST;
import static redoubt.server.store.Tables.Objections.FOUND;
import static redoubt.server.store.Tables.Objections.MARKED;
import static redoubt.server.store.Tables.Objections.OF_CONTENT;
import static redoubt.server.store.Tables.Objections.OF_PATH;
import static redoubt.server.store.Tables.Objections.OF_RULE;
import static redoubt.server.store.Tables.Objections.TABLE;
import static redoubt.server.store.Tables.Objections.WHAT;

import java.math.BigDecimal;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jooq.Condition;
import org.jooq.DSLContext;
import org.jooq.Field;
import org.jooq.Query;
import org.jooq.impl.DSL;
import redoubt.core.model.HostId;

/// How often which engine has objected to what, by days, and how much of it people have marked as
/// no threat.
///
/// A day has room for so much that is told apart, and a host for a part of that: what is more is
/// counted for its engine, and no mark covers it. So whoever looks goes over little, whatever hosts
/// write.
public final class ObjectionStore {
  /// The longest time that is looked back, days; what is older is forgotten.
  public static final int MOST_DAYS = 365;

  /// How much is told apart of one day, and of one host on it.
  static final int MOST_OF_DAY = 2_000;

  static final int MOST_OF_HOST = 200;

  /// How many engines more, of one day and of one host on it, have a row for what is not told
  /// apart; those of a host are as many as it may have. What others say is not counted.
  static final int MOST_ENGINES_OF_DAY = 512;

  static final int MOST_ENGINES_OF_HOST = 64;

  /// No text of a host has it.
  private static final String NOT_APART = "\0";

  private final Database database;

  public ObjectionStore(Database database) {
    this.database = database;
  }

  /// How much an engine has said.
  ///
  /// @param denied files that it would have denied or denied
  /// @param found findings that it reported
  /// @param marked how many of both are marked as no threat
  public record Sum(long denied, long found, long marked) {
    /// Nothing.
    public static final Sum NOTHING = new Sum(0, 0, 0);
  }

  /// What is counted in one row.
  ///
  /// @param keys what may cover it, as of [Objection#keys]
  private record Row(String what, String engine, List<String> keys, long denied, long found) {
    static Row of(Objection one) {
      return new Row(
          one.what(), one.engine(), one.keys(), one.denied() ? 1 : 0, one.denied() ? 0 : 1);
    }

    Row plus(Row other) {
      return new Row(what, engine, keys, denied + other.denied, found + other.found);
    }

    /// The same, not told from what else its engine says.
    Row ofEngine() {
      String all = Objection.digestOf(engine, "", NOT_APART);
      return new Row(all, engine, List.of("", "", ""), denied, found);
    }
  }

  /// Counts what lines of a host say that are kept in the same transaction.
  static void count(DSLContext in, HostId host, List<Objection> objections, Instant now) {
    if (objections.isEmpty()) {
      return;
    }
    int day = day(now);
    Map<String, Row> rows = new LinkedHashMap<>();
    objections.forEach(each -> rows.merge(each.what(), Row.of(each), Row::plus));
    makeRoom(in, day, host, rows);
    Set<String> marked =
        MarkStore.marked(in, rows.values().stream().flatMap(row -> row.keys().stream()).toList());
    in.batch(rows.values().stream().map(row -> upsert(in, day, host, row, marked)).toList())
        .execute();
    // A day at a time: a clock that is ahead for a moment takes little away.
    in.deleteFrom(TABLE)
        .where(DAY.le(day - MOST_DAYS))
        .and(DAY.eq(in.select(DSL.min(DAY)).from(TABLE)))
        .execute();
  }

  /// Of what the day does not know yet, puts that for which it has no room into a row for its
  /// engine, or leaves it out.
  private static void makeRoom(DSLContext in, int day, HostId host, Map<String, Row> rows) {
    Condition today = DAY.eq(day);
    Set<String> known =
        in.select(WHAT).from(TABLE).where(today).and(WHAT.in(rows.keySet())).fetchSet(WHAT);
    if (known.size() == rows.size()) {
      return;
    }
    int ofDay = in.fetchCount(TABLE, today);
    int ofHost = in.fetchCount(TABLE, today.and(FIRST_HOST.eq(host.toString())));
    List<Row> rest = new ArrayList<>();
    for (Row row : List.copyOf(rows.values())) {
      if (known.contains(row.what())) {
        continue;
      }
      if (ofDay < MOST_OF_DAY && ofHost < MOST_OF_HOST) {
        ofDay++;
        ofHost++;
      } else {
        rows.remove(row.what());
        rest.add(row.ofEngine());
      }
    }
    Set<String> engines =
        in.select(WHAT)
            .from(TABLE)
            .where(today)
            .and(WHAT.in(rest.stream().map(Row::what).toList()))
            .fetchSet(WHAT);
    for (Row row : rest) {
      if (engines.contains(row.what()) || rows.containsKey(row.what())) {
        rows.merge(row.what(), row, Row::plus);
      } else if (ofDay < MOST_OF_DAY + MOST_ENGINES_OF_DAY
          && ofHost < MOST_OF_HOST + MOST_ENGINES_OF_HOST) {
        ofDay++;
        ofHost++;
        rows.put(row.what(), row);
      }
    }
  }

  private static Query upsert(DSLContext in, int day, HostId host, Row row, Set<String> marked) {
    return in.insertInto(TABLE)
        .set(DAY, day)
        .set(WHAT, row.what())
        .set(ENGINE, row.engine())
        .set(OF_RULE, row.keys().get(0))
        .set(OF_PATH, row.keys().get(1))
        .set(OF_CONTENT, row.keys().get(2))
        .set(FIRST_HOST, host.toString())
        .set(DENIED, row.denied())
        .set(FOUND, row.found())
        .set(MARKED, row.keys().stream().anyMatch(marked::contains) ? 1 : 0)
        .onConflict(DAY, WHAT)
        .doUpdate()
        .set(DENIED, DENIED.plus(row.denied()))
        .set(FOUND, FOUND.plus(row.found()));
  }

  /// There is a mark now that covers some of it.
  ///
  /// @param covers what, as of [Objection#keys]
  static void mark(DSLContext in, String covers) {
    for (Field<String> key : List.of(OF_RULE, OF_PATH, OF_CONTENT)) {
      in.update(TABLE).set(MARKED, 1).where(key.eq(covers)).execute();
    }
  }

  /// There is none any more; others may cover it still.
  static void unmark(DSLContext in, String covers) {
    Field<String> mark = Tables.Marks.COVERS;
    Condition covered =
        DSL.exists(
            DSL.selectOne()
                .from(Tables.Marks.TABLE)
                .where(mark.eq(OF_RULE).or(mark.eq(OF_PATH)).or(mark.eq(OF_CONTENT))));
    for (Field<String> key : List.of(OF_RULE, OF_PATH, OF_CONTENT)) {
      in.update(TABLE)
          .set(MARKED, DSL.when(covered, DSL.inline(1)).otherwise(DSL.inline(0)))
          .where(key.eq(covers))
          .execute();
    }
  }

  /// What engines have said in the last days, by the name that hosts have for them.
  ///
  /// @param days how many, today included, 1 to [#MOST_DAYS]
  public Map<String, Sum> sums(int days, Instant now) {
    Field<BigDecimal> denied = DSL.sum(DENIED);
    Field<BigDecimal> found = DSL.sum(FOUND);
    Field<BigDecimal> wrong = DSL.sum(DENIED.plus(FOUND).times(MARKED));
    return database.transaction(in -> {
      Map<String, Sum> all = new HashMap<>();
      in.select(ENGINE, denied, found, wrong)
          .from(TABLE)
          .where(DAY.gt(day(now) - days))
          .and(DAY.le(day(now)))
          .groupBy(ENGINE)
          .forEach(row ->
              all.put(
                  row.get(ENGINE),
                  new Sum(
                      row.get(denied).longValue(),
                      row.get(found).longValue(),
                      row.get(wrong).longValue())));
      return all;
    });
  }

  /// The first day of which anything is counted.
  public Optional<LocalDate> since() {
    return database
        .transaction(in -> in.select(DSL.min(DAY)).from(TABLE).fetchOptional(0, Integer.class))
        .map(LocalDate::ofEpochDay);
  }

  private static int day(Instant time) {
    return Math.toIntExact(Duration.between(Instant.EPOCH, time).toDays());
  }
}
