package redoubt.server.store;

import static redoubt.server.store.Tables.Commands.ACTION;
import static redoubt.server.store.Tables.Commands.DONE;
import static redoubt.server.store.Tables.Commands.DONE_MILLIS;
import static redoubt.server.store.Tables.Commands.EXPIRES_MILLIS;
import static redoubt.server.store.Tables.Commands.HOST;
import static redoubt.server.store.Tables.Commands.ID;
import static redoubt.server.store.Tables.Commands.MADE_MILLIS;
import static redoubt.server.store.Tables.Commands.OPERATOR;
import static redoubt.server.store.Tables.Commands.OUTCOME;
import static redoubt.server.store.Tables.Commands.TABLE;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.jooq.DSLContext;
import org.jooq.Record;
import org.jooq.impl.DSL;
import redoubt.core.model.HostId;
import redoubt.core.wire.FleetMessage.Action;

/// What operators want to be done on hosts.
public final class CommandStore {
  /// How long a host that is away is waited for: whoever comes back after a week is not to be cut
  /// off by what was meant for that hour.
  public static final Duration LIFE = Duration.ofHours(24);

  private static final int MOST_OPEN = 32;
  private static final int MOST_OUTCOME_CHARS = 1_024;

  private final Database database;

  public CommandStore(Database database) {
    this.database = database;
  }

  /// Keeps that something is to be done. It is on disk when this returns.
  ///
  /// @param by who wants it
  /// @throws RefusedException if so much waits for this host already, or it is none of the fleet
  public HostCommand add(HostId host, Action action, String by, Instant now) {
    return database.transaction(in -> {
      HostStore.requireIn(in, host);
      if (open(in, host, now).size() >= MOST_OPEN) {
        throw new RefusedException("too much waits for this host: most=" + MOST_OPEN);
      }
      long id =
          in.select(DSL.coalesce(DSL.max(ID), DSL.inline(0L)).plus(1))
              .from(TABLE)
              .where(HOST.eq(host.toString()))
              .fetchSingle()
              .value1();
      String text = ActionJson.write(action).toString();
      in.insertInto(TABLE)
          .set(HOST, host.toString())
          .set(ID, id)
          .set(OPERATOR, by)
          .set(ACTION, text)
          .set(MADE_MILLIS, now.toEpochMilli())
          .set(EXPIRES_MILLIS, now.plus(LIFE).toEpochMilli())
          .execute();
      AuditTrail.add(in, now, by, "host.command", host.toString(), "id=" + id + " " + text);
      return in.selectFrom(TABLE)
          .where(HOST.eq(host.toString()).and(ID.eq(id)))
          .fetchSingle(CommandStore::command);
    });
  }

  /// What a host is still to be told, in order.
  public List<HostCommand> open(HostId host, Instant now) {
    return database.transaction(in -> open(in, host, now));
  }

  private static List<HostCommand> open(DSLContext in, HostId host, Instant now) {
    return in.selectFrom(TABLE)
        .where(HOST.eq(host.toString()))
        .and(DONE.isNull())
        .and(EXPIRES_MILLIS.gt(now.toEpochMilli()))
        .orderBy(ID)
        .fetch(CommandStore::command);
  }

  /// Keeps what became of one; what became of it first counts.
  ///
  /// @param text for people; what is longer than 1,024 characters is cut
  public void finish(HostId host, long id, boolean isDone, String text, Instant now) {
    String kept = text.substring(0, Math.min(text.length(), MOST_OUTCOME_CHARS));
    database.change(in -> {
      int changed =
          in.update(TABLE)
              .set(DONE_MILLIS, now.toEpochMilli())
              .set(DONE, isDone ? 1 : 0)
              .set(OUTCOME, kept)
              .where(HOST.eq(host.toString()))
              .and(ID.eq(id))
              .and(DONE.isNull())
              .execute();
      if (changed == 1) {
        AuditTrail.add(
            in,
            now,
            "host:" + host,
            isDone ? "command.done" : "command.failed",
            host.toString(),
            "id=" + id + " " + kept);
      }
    });
  }

  /// The newest of a host, newest first.
  ///
  /// @param most how many at most
  public List<HostCommand> newest(HostId host, int most) {
    return database.transaction(in ->
        in.selectFrom(TABLE)
            .where(HOST.eq(host.toString()))
            .orderBy(ID.desc())
            .limit(most)
            .fetch(CommandStore::command));
  }

  private static HostCommand command(Record row) {
    Integer done = row.get(DONE);
    return new HostCommand(
        HostId.parse(row.get(HOST)),
        row.get(ID),
        row.get(OPERATOR),
        ActionJson.parse(row.get(ACTION)),
        Instant.ofEpochMilli(row.get(MADE_MILLIS)),
        Instant.ofEpochMilli(row.get(EXPIRES_MILLIS)),
        done == null
            ? Optional.empty()
            : Optional.of(
                new HostCommand.Outcome(
                    Instant.ofEpochMilli(row.get(DONE_MILLIS)), done == 1, row.get(OUTCOME))));
  }
}
