package redoubt.server.store;

import static redoubt.server.store.Tables.Rollout.BEGINS_BEFORE;
import static redoubt.server.store.Tables.Rollout.CHANNEL;
import static redoubt.server.store.Tables.Rollout.DIGEST;
import static redoubt.server.store.Tables.Rollout.ENDED_MILLIS;
import static redoubt.server.store.Tables.Rollout.ENGINE;
import static redoubt.server.store.Tables.Rollout.HOLDBACK;
import static redoubt.server.store.Tables.Rollout.ID;
import static redoubt.server.store.Tables.Rollout.MADE_BY;
import static redoubt.server.store.Tables.Rollout.MADE_MILLIS;
import static redoubt.server.store.Tables.Rollout.NAME;
import static redoubt.server.store.Tables.Rollout.RINGS;
import static redoubt.server.store.Tables.Rollout.SALT;
import static redoubt.server.store.Tables.Rollout.SOAK_SECONDS;
import static redoubt.server.store.Tables.Rollout.TABLE;
import static redoubt.server.store.Tables.Rollout.VENDOR;
import static redoubt.server.store.Tables.Rollout.VERSION;

import java.security.SecureRandom;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jooq.DSLContext;
import org.jooq.Record;
import org.jooq.impl.DSL;
import redoubt.core.model.EngineId;
import redoubt.core.model.HostId;
import redoubt.core.model.Sha256;
import redoubt.core.wire.BundleName;
import redoubt.fleet.rollout.Channel;

/// The rollouts, the journal of what their controllers were told, and the leases that came of it.
public final class RolloutStore {
  /// How many lines of the journal are read at a time.
  private static final int PAGE = 1_000;

  private final SecureRandom random = new SecureRandom();
  private final Database database;

  public RolloutStore(Database database) {
    this.database = database;
  }

  /// What controllers know of hosts by numbers.
  public enum Trait {
    /// Where it stands.
    SITE("site"),
    /// Its hardware and system.
    KIND("kind"),
    /// What its owner calls it by.
    LABEL("label");

    private final String word;

    Trait(String word) {
      this.word = word;
    }
  }

  /// A line of the journal.
  ///
  /// @param sequence from 1; rises
  /// @param atSeconds when it came, since the epoch, by this server's clock
  /// @param events as JSON
  public record Line(long sequence, long atSeconds, String events) {}

  /// Takes a line of the journal.
  @FunctionalInterface
  public interface Reader {
    void read(Line line);
  }

  /// A lease that a controller has granted.
  ///
  /// @param host who may
  /// @param rollout of which
  /// @param lease the controller's number of it
  /// @param at when
  public record Granted(HostId host, int rollout, int lease, Instant at) {}

  /// Prepares one.
  ///
  /// @param by who does
  public RolloutEntry prepare(
      BundleName bundle,
      Channel channel,
      int soakSeconds,
      List<RingTerms> rings,
      double holdback,
      String by,
      Instant now) {
    return database.transaction(in -> {
      int id = Tables.nextId(in, TABLE, ID);
      in.insertInto(TABLE)
          .set(ID, id)
          .set(VENDOR, bundle.vendor())
          .set(ENGINE, bundle.engine().value())
          .set(NAME, bundle.name())
          .set(VERSION, bundle.version())
          .set(DIGEST, bundle.sha256().toString())
          .set(CHANNEL, channel.name())
          .set(SOAK_SECONDS, soakSeconds)
          .set(RINGS, rings.isEmpty() ? null : RingTerms.write(rings).toString())
          .set(HOLDBACK, holdback)
          .set(SALT, random.nextLong())
          .set(MADE_BY, by)
          .set(MADE_MILLIS, now.toEpochMilli())
          .set(BEGINS_BEFORE, lastSequence(in) + 1)
          .execute();
      AuditTrail.add(in, now, by, "rollout.prepare", Integer.toString(id), shown(bundle));
      return find(in, id).orElseThrow();
    });
  }

  private static String shown(BundleName bundle) {
    return bundle.vendor()
        + "/"
        + bundle.engine()
        + "/"
        + bundle.name()
        + " version="
        + bundle.version();
  }

  /// Puts one aside: it is driven no more, and nothing of it is granted.
  ///
  /// @param by who does
  /// @throws RefusedException if there is none, or it was put aside
  public void end(int id, String by, Instant now) {
    database.change(in -> {
      int ended =
          in.update(TABLE)
              .set(ENDED_MILLIS, now.toEpochMilli())
              .where(ID.eq(id))
              .and(ENDED_MILLIS.isNull())
              .execute();
      if (ended == 0) {
        throw new RefusedException("no such rollout is driven: id=" + id);
      }
      AuditTrail.add(in, now, by, "rollout.end", Integer.toString(id), "");
      forget(in);
    });
  }

  /// Lines that no rollout needs any more.
  private static void forget(DSLContext in) {
    Long first =
        in.select(DSL.min(BEGINS_BEFORE))
            .from(TABLE)
            .where(ENDED_MILLIS.isNull())
            .fetchSingle()
            .value1();
    long keep = first == null ? Long.MAX_VALUE : first;
    in.deleteFrom(Tables.FleetEvent.TABLE).where(Tables.FleetEvent.SEQUENCE.lt(keep)).execute();
  }

  /// All, the newest first.
  public List<RolloutEntry> list() {
    return database.transaction(
        in -> in.selectFrom(TABLE).orderBy(ID.desc()).fetch(RolloutStore::entry));
  }

  /// One of them.
  public Optional<RolloutEntry> find(int id) {
    return database.transaction(in -> find(in, id));
  }

  private static Optional<RolloutEntry> find(DSLContext in, int id) {
    return in.selectFrom(TABLE).where(ID.eq(id)).fetchOptional().map(RolloutStore::entry);
  }

  private static RolloutEntry entry(Record row) {
    return new RolloutEntry(
        row.get(ID),
        new BundleName(
            row.get(VENDOR),
            new EngineId(row.get(ENGINE)),
            row.get(NAME),
            row.get(VERSION),
            Sha256.parse(row.get(DIGEST))),
        Channel.valueOf(row.get(CHANNEL)),
        row.get(SOAK_SECONDS),
        Optional.ofNullable(row.get(RINGS)).map(RingTerms::parse).orElse(List.of()),
        row.get(HOLDBACK),
        row.get(SALT),
        row.get(MADE_BY),
        Instant.ofEpochMilli(row.get(MADE_MILLIS)),
        row.get(BEGINS_BEFORE),
        Optional.ofNullable(row.get(ENDED_MILLIS)).map(Instant::ofEpochMilli));
  }

  // ---- the journal

  /// Writes a line, which may be there already. It is on disk when this returns.
  ///
  /// @throws IllegalStateException if another line has its number: somebody else writes this
  ///   journal
  public void append(Line line) {
    database.change(in -> {
      int added =
          in.insertInto(Tables.FleetEvent.TABLE)
              .set(Tables.FleetEvent.SEQUENCE, line.sequence())
              .set(Tables.FleetEvent.AT_SECONDS, line.atSeconds())
              .set(Tables.FleetEvent.EVENTS, line.events())
              .onConflictDoNothing()
              .execute();
      if (added == 0 && !page(in, line.sequence(), 1).equals(List.of(line))) {
        throw new IllegalStateException("another line is there: sequence=" + line.sequence());
      }
    });
  }

  /// Where the next line goes. Lines that were forgotten count: none is numbered twice, as long as
  /// a rollout remembers where it began.
  public long nextSequence() {
    return database.transaction(RolloutStore::lastSequence) + 1;
  }

  private static long lastSequence(DSLContext in) {
    long last =
        in.select(DSL.coalesce(DSL.max(Tables.FleetEvent.SEQUENCE), DSL.inline(0L)))
            .from(Tables.FleetEvent.TABLE)
            .fetchSingle()
            .value1();
    long begun =
        in.select(DSL.coalesce(DSL.max(BEGINS_BEFORE), DSL.inline(1L)))
            .from(TABLE)
            .fetchSingle()
            .value1();
    return Math.max(last, begun - 1);
  }

  /// Reads the journal from a line on, in order.
  public void replay(long from, Reader reader) {
    long next = from;
    while (true) {
      long first = next;
      List<Line> page = database.transaction(in -> page(in, first, PAGE));
      page.forEach(reader::read);
      if (page.size() < PAGE) {
        return;
      }
      next = page.getLast().sequence() + 1;
    }
  }

  private static List<Line> page(DSLContext in, long from, int most) {
    return in.selectFrom(Tables.FleetEvent.TABLE)
        .where(Tables.FleetEvent.SEQUENCE.ge(from))
        .orderBy(Tables.FleetEvent.SEQUENCE)
        .limit(most)
        .fetch(row ->
            new Line(
                row.get(Tables.FleetEvent.SEQUENCE),
                row.get(Tables.FleetEvent.AT_SECONDS),
                row.get(Tables.FleetEvent.EVENTS)));
  }

  // ---- what hosts are called, and what they were given

  /// The number of a site, a kind of hardware or a label, the next free one for a new name.
  ///
  /// @throws RefusedException if it is a label, and there are as many as there can be
  public int numberOf(Trait what, String name) {
    return database.transaction(in -> numberOf(in, what, name));
  }

  static int numberOf(DSLContext in, Trait what, String name) {
    Integer known =
        in.select(Tables.Trait.NUMBER)
            .from(Tables.Trait.TABLE)
            .where(Tables.Trait.WHAT.eq(what.word).and(Tables.Trait.NAME.eq(name)))
            .fetchOne(Tables.Trait.NUMBER);
    if (known != null) {
      return known;
    }
    int number = in.fetchCount(Tables.Trait.TABLE, Tables.Trait.WHAT.eq(what.word));
    if (what == Trait.LABEL && number >= LabelStore.MOST) {
      throw new RefusedException("a fleet has at most " + LabelStore.MOST + " labels");
    }
    in.insertInto(Tables.Trait.TABLE)
        .set(Tables.Trait.WHAT, what.word)
        .set(Tables.Trait.NAME, name)
        .set(Tables.Trait.NUMBER, number)
        .execute();
    return number;
  }

  /// Writes leases down before they are signed.
  ///
  /// @return the counter of each, in the same order: higher than in every earlier lease of that
  ///   host
  public List<Long> grant(List<Granted> leases) {
    return database.transaction(in -> {
      List<Long> counters = new ArrayList<>();
      for (Granted lease : leases) {
        long counter =
            in.select(DSL.coalesce(DSL.max(Tables.Lease.COUNTER), DSL.inline(0L)).plus(1))
                .from(Tables.Lease.TABLE)
                .where(Tables.Lease.HOST.eq(lease.host().toString()))
                .fetchSingle()
                .value1();
        in.insertInto(Tables.Lease.TABLE)
            .set(Tables.Lease.HOST, lease.host().toString())
            .set(Tables.Lease.COUNTER, counter)
            .set(Tables.Lease.ROLLOUT, lease.rollout())
            .set(Tables.Lease.LEASE, lease.lease())
            .set(Tables.Lease.GRANTED_MILLIS, lease.at().toEpochMilli())
            .execute();
        counters.add(counter);
      }
      return counters;
    });
  }

  /// What a host was given under a counter.
  public Optional<Granted> granted(HostId host, long counter) {
    return database.transaction(in ->
        in.selectFrom(Tables.Lease.TABLE)
            .where(Tables.Lease.HOST.eq(host.toString()).and(Tables.Lease.COUNTER.eq(counter)))
            .fetchOptional()
            .map(row ->
                new Granted(
                    host,
                    row.get(Tables.Lease.ROLLOUT),
                    row.get(Tables.Lease.LEASE),
                    Instant.ofEpochMilli(row.get(Tables.Lease.GRANTED_MILLIS)))));
  }
}
