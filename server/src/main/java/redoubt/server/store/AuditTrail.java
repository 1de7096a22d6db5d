package redoubt.server.store;

import static redoubt.server.store.Tables.Audit.ACTION;
import static redoubt.server.store.Tables.Audit.ACTOR;
import static redoubt.server.store.Tables.Audit.AT_MILLIS;
import static redoubt.server.store.Tables.Audit.DETAIL;
import static redoubt.server.store.Tables.Audit.DIGEST;
import static redoubt.server.store.Tables.Audit.SEQUENCE;
import static redoubt.server.store.Tables.Audit.SUBJECT;
import static redoubt.server.store.Tables.Audit.TABLE;

import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.jooq.DSLContext;
import org.jooq.Record;
import redoubt.core.model.Sha256;

/// Who did what to the fleet, each entry chained to the one before it.
public final class AuditTrail {
  /// What the first entry stands on.
  private static final Sha256 BEGINNING = Sha256.ofText("redoubt audit 1");

  private static final int MOST_DETAIL_CHARS = 1_024;

  /// How many entries are read at a time.
  private static final int PAGE = 1_000;

  private final Database database;

  public AuditTrail(Database database) {
    this.database = database;
  }

  /// Writes down what happens.
  ///
  /// @param actor who does it: a person's name, `host:` and an id, or `server`
  /// @param action what
  /// @param subject to what
  /// @param detail for people; what is longer than 1,024 characters is cut
  public void add(Instant at, String actor, String action, String subject, String detail) {
    database.change(in -> add(in, at, actor, action, subject, detail));
  }

  /// Writes down what happens in the same transaction.
  static void add(
      DSLContext in, Instant at, String actor, String action, String subject, String detail) {
    Optional<AuditEntry> last =
        in.selectFrom(TABLE)
            .orderBy(SEQUENCE.desc())
            .limit(1)
            .fetchOptional()
            .map(AuditTrail::entry);
    String cut =
        detail.length() <= MOST_DETAIL_CHARS ? detail : detail.substring(0, MOST_DETAIL_CHARS);
    long sequence = last.map(AuditEntry::sequence).orElse(0L) + 1;
    Sha256 digest =
        digest(
            last.map(AuditEntry::digest).orElse(BEGINNING),
            sequence,
            at,
            actor,
            action,
            subject,
            cut);
    in.insertInto(TABLE, SEQUENCE, AT_MILLIS, ACTOR, ACTION, SUBJECT, DETAIL, DIGEST)
        .values(sequence, at.toEpochMilli(), actor, action, subject, cut, digest.toString())
        .execute();
    OutputStore.tell(
        in,
        OutputStore.Kind.AUDIT,
        at,
        () ->
            List.of(
                OutgoingJson.audit(
                    new AuditEntry(sequence, at, actor, action, subject, cut, digest))));
  }

  /// The newest entries, newest first.
  ///
  /// @param before those before this number; `Long.MAX_VALUE` for the newest
  /// @param most how many at most
  public List<AuditEntry> newest(long before, int most) {
    return database.transaction(in ->
        in.selectFrom(TABLE)
            .where(SEQUENCE.lt(before))
            .orderBy(SEQUENCE.desc())
            .limit(most)
            .fetch(AuditTrail::entry));
  }

  /// The newest entries about a rollout, newest first.
  ///
  /// @param most how many at most
  public List<AuditEntry> ofRollout(int id, int most) {
    return database.transaction(in ->
        in.selectFrom(TABLE)
            .where(SUBJECT.eq(Integer.toString(id)))
            .and(ACTION.startsWith("rollout."))
            .orderBy(SEQUENCE.desc())
            .limit(most)
            .fetch(AuditTrail::entry));
  }

  /// The first entry that does not stand on the one before it: something was changed, put in or
  /// left out there.
  public Optional<AuditEntry> firstBroken() {
    return database.transaction(in -> {
      Sha256 before = BEGINNING;
      long expected = 1;
      try (var cursor = in.selectFrom(TABLE).orderBy(SEQUENCE).fetchSize(PAGE).fetchLazy()) {
        for (Record row : cursor) {
          AuditEntry entry = entry(row);
          Sha256 digest =
              digest(
                  before,
                  entry.sequence(),
                  entry.at(),
                  entry.actor(),
                  entry.action(),
                  entry.subject(),
                  entry.detail());
          if (entry.sequence() != expected || !entry.digest().equals(digest)) {
            return Optional.of(entry);
          }
          before = digest;
          expected++;
        }
      }
      return Optional.empty();
    });
  }

  /// Each part behind its length, so that no two entries have the same bytes.
  private static Sha256 digest(
      Sha256 before,
      long sequence,
      Instant at,
      String actor,
      String action,
      String subject,
      String detail) {
    StringBuilder all = new StringBuilder().append(before).append(' ').append(sequence);
    all.append(' ').append(at.toEpochMilli());
    for (String part : List.of(actor, action, subject, detail)) {
      all.append(' ').append(part.length()).append(' ').append(part);
    }
    return Sha256.ofText(all.toString());
  }

  private static AuditEntry entry(Record row) {
    return new AuditEntry(
        row.get(SEQUENCE),
        Instant.ofEpochMilli(row.get(AT_MILLIS)),
        row.get(ACTOR),
        row.get(ACTION),
        row.get(SUBJECT),
        row.get(DETAIL),
        Sha256.parse(row.get(DIGEST)));
  }
}
