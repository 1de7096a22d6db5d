package redoubt.server.store;

import static redoubt.server.store.Tables.Exemption.ENGINE;
import static redoubt.server.store.Tables.Exemption.ID;
import static redoubt.server.store.Tables.Exemption.LABEL;
import static redoubt.server.store.Tables.Exemption.MADE_BY;
import static redoubt.server.store.Tables.Exemption.MADE_MILLIS;
import static redoubt.server.store.Tables.Exemption.NOTE;
import static redoubt.server.store.Tables.Exemption.SUBJECT;
import static redoubt.server.store.Tables.Exemption.TABLE;
import static redoubt.server.store.Tables.Exemption.UNTIL_MILLIS;
import static redoubt.server.store.Tables.Policy.VERSION;

import java.time.Instant;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jooq.DSLContext;
import org.jooq.Record;
import redoubt.core.model.HostId;
import redoubt.core.wire.FleetMessage;
import redoubt.core.wire.WireLimits;

/// What may run on hosts whatever engines say, as the owner of the fleet wants it.
public final class PolicyStore {
  private final Database database;

  public PolicyStore(Database database) {
    this.database = database;
  }

  /// All of it at one moment.
  ///
  /// @param version rises with each change, from 0
  public record Policy(long version, List<PolicyEntry> entries) {
    public Policy {
      entries = List.copyOf(entries);
    }

    /// Whether it differs from host to host.
    public boolean goesByLabels() {
      return entries.stream().anyMatch(entry -> !entry.terms().label().isEmpty());
    }

    /// What a host with these labels is told.
    public FleetMessage.Policy of(Set<String> labels, Instant now) {
      return new FleetMessage.Policy(
          version,
          entries.stream()
              .filter(entry -> entry.isInForce(now))
              .filter(entry ->
                  entry.terms().label().isEmpty() || labels.contains(entry.terms().label()))
              .map(PolicyEntry::exemption)
              .toList());
    }
  }

  /// What counts, and what has ended.
  public Policy all() {
    return database.transaction(PolicyStore::all);
  }

  private static Policy all(DSLContext in) {
    return new Policy(
        in.select(VERSION).from(Tables.Policy.TABLE).fetchSingle().value1(),
        in.selectFrom(TABLE).orderBy(ID).fetch(PolicyStore::entry));
  }

  /// The labels of hosts; of those without any there is nothing.
  public Map<HostId, Set<String>> labels(Collection<HostId> hosts) {
    return database.transaction(in -> {
      Map<HostId, Set<String>> all = new HashMap<>();
      LabelStore.of(in, hosts.stream().map(HostId::toString).toList())
          .forEach((host, labels) -> all.put(HostId.parse(host), new HashSet<>(labels)));
      return all;
    });
  }

  /// Adds something.
  ///
  /// @param by who does
  /// @throws RefusedException if the same is there for the same hosts, or as much as can be told
  public PolicyEntry add(PolicyEntry.Terms terms, String by, Instant now) {
    return database.transaction(in -> {
      Policy before = all(in);
      before.entries().stream()
          .filter(entry -> isOfSame(entry.terms(), terms))
          .filter(entry -> entry.isInForce(now))
          .findFirst()
          .ifPresent(entry -> {
            throw new RefusedException("there is one of it: id=" + entry.id());
          });
      if (before.entries().size() >= WireLimits.EXEMPTIONS) {
        throw new RefusedException(
            "too many exceptions: most=" + WireLimits.EXEMPTIONS + ", those that have ended too");
      }
      int id = Tables.nextId(in, TABLE, ID);
      in.insertInto(TABLE)
          .set(ID, id)
          .set(SUBJECT, terms.subject())
          .set(ENGINE, terms.engine())
          .set(LABEL, terms.label())
          .set(UNTIL_MILLIS, terms.until().map(Instant::toEpochMilli).orElse(0L))
          .set(NOTE, terms.note())
          .set(MADE_BY, by)
          .set(MADE_MILLIS, now.toEpochMilli())
          .execute();
      changed(in, now, by, "policy.allow", id, terms);
      return in.selectFrom(TABLE).where(ID.eq(id)).fetchSingle(PolicyStore::entry);
    });
  }

  private static boolean isOfSame(PolicyEntry.Terms one, PolicyEntry.Terms other) {
    return one.subject().equals(other.subject())
        && one.engine().equals(other.engine())
        && one.label().equals(other.label());
  }

  /// Takes something away.
  ///
  /// @param by who does
  /// @throws RefusedException if there is no such thing
  public void remove(int id, String by, Instant now) {
    database.change(in -> {
      PolicyEntry entry =
          in.selectFrom(TABLE)
              .where(ID.eq(id))
              .fetchOptional(PolicyStore::entry)
              .orElseThrow(() -> new RefusedException("no such exception: id=" + id));
      in.deleteFrom(TABLE).where(ID.eq(id)).execute();
      changed(in, now, by, "policy.disallow", id, entry.terms());
    });
  }

  private static void changed(
      DSLContext in, Instant now, String by, String action, int id, PolicyEntry.Terms terms) {
    in.update(Tables.Policy.TABLE).set(VERSION, VERSION.plus(1)).execute();
    AuditTrail.add(
        in,
        now,
        by,
        action,
        Integer.toString(id),
        terms.subject()
            + " engine="
            + terms.engine()
            + (terms.label().isEmpty() ? "" : " label=" + terms.label()));
  }

  private static PolicyEntry entry(Record row) {
    long until = row.get(UNTIL_MILLIS);
    return new PolicyEntry(
        row.get(ID),
        new PolicyEntry.Terms(
            row.get(SUBJECT),
            row.get(ENGINE),
            row.get(LABEL),
            until == 0 ? Optional.empty() : Optional.of(Instant.ofEpochMilli(until)),
            row.get(NOTE)),
        row.get(MADE_BY),
        Instant.ofEpochMilli(row.get(MADE_MILLIS)));
  }
}
