package redoubt.server.store;

import static redoubt.server.store.Tables.Host.AGENT_VERSION;
import static redoubt.server.store.Tables.Host.DEVICE_CLASS;
import static redoubt.server.store.Tables.Host.ENROLLED_MILLIS;
import static redoubt.server.store.Tables.Host.ENROLMENT;
import static redoubt.server.store.Tables.Host.ID;
import static redoubt.server.store.Tables.Host.KERNEL;
import static redoubt.server.store.Tables.Host.MACHINE;
import static redoubt.server.store.Tables.Host.MEMORY_MIB;
import static redoubt.server.store.Tables.Host.MODEL;
import static redoubt.server.store.Tables.Host.NAME;
import static redoubt.server.store.Tables.Host.NUMBER;
import static redoubt.server.store.Tables.Host.PROCESSORS;
import static redoubt.server.store.Tables.Host.REVOKED_MILLIS;
import static redoubt.server.store.Tables.Host.SEEN_MILLIS;
import static redoubt.server.store.Tables.Host.SITE;
import static redoubt.server.store.Tables.Host.STATE;
import static redoubt.server.store.Tables.Host.SYSTEM;
import static redoubt.server.store.Tables.Host.TABLE;

import java.security.SecureRandom;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jooq.DSLContext;
import org.jooq.Field;
import org.jooq.Record;
import org.jooq.impl.DSL;
import redoubt.core.model.HostId;
import redoubt.core.model.Octets;
import redoubt.core.wire.HostInventory;
import redoubt.core.wire.HostMessage;
import redoubt.fleet.rollout.DeviceClass;

/// The hosts of a fleet and the certificates by which they are let in.
public final class HostStore {
  private static final String NO_STATE = "";

  private final SecureRandom random = new SecureRandom();
  private final Database database;

  public HostStore(Database database) {
    this.database = database;
  }

  /// A certificate that was issued.
  ///
  /// @param serial its number, in lower-case hexadecimal digits
  /// @param expires when it ends
  public record Certified(String serial, Instant expires) {}

  /// Issues a certificate for a host.
  @FunctionalInterface
  public interface Issuer {
    /// Issues it.
    ///
    /// @throws IllegalArgumentException if there is none for what was asked
    Certified issue(HostId host);
  }

  /// When a host was heard of, and what it said of its protection.
  public record Seen(Instant at, HostMessage.State state) {}

  /// Takes a host in: all of it, or nothing has happened and the token is as good as before.
  ///
  /// @param secret of its token
  /// @param issuer asked once, with who the host is
  /// @throws RefusedException if the token is none
  public HostEntry enrol(Octets secret, HostInventory inventory, Issuer issuer, Instant now) {
    return database.transaction(in -> {
      TokenStore.Used token = TokenStore.use(in, secret, now);
      HostId id = token.host() == null ? newId() : token.host();
      Map<Field<?>, Object> row = new LinkedHashMap<>(described(inventory));
      row.put(SITE, token.site());
      row.put(DEVICE_CLASS, token.deviceClass().name());
      row.put(ENROLLED_MILLIS, now.toEpochMilli());
      row.put(SEEN_MILLIS, now.toEpochMilli());
      row.put(STATE, NO_STATE);
      if (token.host() == null) {
        row.put(ID, id.toString());
        row.put(ENROLMENT, 1);
        row.put(NUMBER, nextNumber(in));
        in.insertInto(TABLE).set(row).execute();
      } else {
        in.update(TABLE)
            .set(row)
            .set(ENROLMENT, ENROLMENT.plus(1))
            .setNull(REVOKED_MILLIS)
            .where(ID.eq(id.toString()))
            .execute();
        // What it had before counts no more.
        in.deleteFrom(Tables.Certificate.TABLE)
            .where(Tables.Certificate.HOST.eq(id.toString()))
            .execute();
        RecordStore.setBehind(in, id);
      }
      addCertificate(in, id, issuer, now);
      AuditTrail.add(in, now, "host:" + id, "host.enrol", id.toString(), inventory.hostName());
      return find(in, id).orElseThrow();
    });
  }

  /// Gives a host another certificate; those that it has stay good until they end.
  ///
  /// @throws RefusedException if the host is none of the fleet or was cast out
  public void renew(HostId host, Issuer issuer, Instant now) {
    database.change(in -> {
      requireIn(in, host);
      in.deleteFrom(Tables.Certificate.TABLE)
          .where(Tables.Certificate.EXPIRES_MILLIS.le(now.toEpochMilli()))
          .execute();
      addCertificate(in, host, issuer, now);
    });
  }

  /// The host that a certificate was issued for, if it may come in with it.
  ///
  /// @param serial in lower-case hexadecimal digits
  public Optional<HostEntry> admitted(HostId host, String serial, Instant now) {
    return database.transaction(in ->
        in.fetchExists(
                Tables.Certificate.TABLE,
                Tables.Certificate.SERIAL
                    .eq(serial)
                    .and(Tables.Certificate.HOST.eq(host.toString()))
                    .and(Tables.Certificate.EXPIRES_MILLIS.gt(now.toEpochMilli())))
            ? find(in, host).filter(entry -> entry.revoked().isEmpty())
            : Optional.empty());
  }

  /// Casts a host out: its certificates are good for nothing from now on.
  ///
  /// @param by who does
  /// @param reason why, for people
  /// @throws RefusedException if the host is none of the fleet or was cast out
  public void revoke(HostId host, String by, String reason, Instant now) {
    database.change(in -> {
      requireIn(in, host);
      in.update(TABLE)
          .set(REVOKED_MILLIS, now.toEpochMilli())
          .where(ID.eq(host.toString()))
          .execute();
      in.deleteFrom(Tables.Certificate.TABLE)
          .where(Tables.Certificate.HOST.eq(host.toString()))
          .execute();
      AuditTrail.add(in, now, by, "host.revoke", host.toString(), reason);
    });
  }

  /// Keeps what a host says of itself.
  public void describe(HostId host, HostInventory inventory) {
    database.change(
        in -> in.update(TABLE).set(described(inventory)).where(ID.eq(host.toString())).execute());
  }

  /// Keeps when hosts were heard of last.
  public void seen(Map<HostId, Seen> hosts) {
    database.change(in ->
        in.batch(
                hosts.entrySet().stream()
                    .map(entry ->
                        in.update(TABLE)
                            .set(SEEN_MILLIS, entry.getValue().at().toEpochMilli())
                            .set(STATE, entry.getValue().state().name())
                            .where(ID.eq(entry.getKey().toString())))
                    .toList())
            .execute());
  }

  /// One of them.
  public Optional<HostEntry> find(HostId host) {
    return database.transaction(in -> find(in, host));
  }

  /// Hosts in the order of their numbers.
  ///
  /// @param from those with this number and higher ones
  /// @param most how many at most
  public List<HostEntry> list(int from, int most) {
    return database.transaction(in -> {
      List<Record> rows =
          List.copyOf(
              in.selectFrom(TABLE).where(NUMBER.ge(from)).orderBy(NUMBER).limit(most).fetch());
      Map<String, List<String>> labels =
          LabelStore.of(in, rows.stream().map(row -> row.get(ID)).toList());
      return rows.stream()
          .map(row -> entry(row, labels.getOrDefault(row.get(ID), List.of())))
          .toList();
    });
  }

  private static Optional<HostEntry> find(DSLContext in, HostId host) {
    String id = host.toString();
    return in.selectFrom(TABLE)
        .where(ID.eq(id))
        .fetchOptional()
        .map(row -> entry(row, LabelStore.of(in, List.of(id)).getOrDefault(id, List.of())));
  }

  static void requireIn(DSLContext in, HostId host) {
    if (!in.fetchExists(TABLE, ID.eq(host.toString()).and(REVOKED_MILLIS.isNull()))) {
      throw new RefusedException("no host of this fleet: id=" + host);
    }
  }

  private static void addCertificate(DSLContext in, HostId host, Issuer issuer, Instant now) {
    Certified certified = issuer.issue(host);
    in.insertInto(Tables.Certificate.TABLE)
        .set(Tables.Certificate.SERIAL, certified.serial())
        .set(Tables.Certificate.HOST, host.toString())
        .set(Tables.Certificate.ISSUED_MILLIS, now.toEpochMilli())
        .set(Tables.Certificate.EXPIRES_MILLIS, certified.expires().toEpochMilli())
        .execute();
  }

  private static int nextNumber(DSLContext in) {
    return in.select(DSL.coalesce(DSL.max(NUMBER), DSL.inline(-1)).plus(1))
        .from(TABLE)
        .fetchSingle()
        .value1();
  }

  private HostId newId() {
    return new HostId(random.nextLong(), random.nextLong());
  }

  private static Map<Field<?>, Object> described(HostInventory inventory) {
    Map<Field<?>, Object> row = new LinkedHashMap<>();
    row.put(NAME, inventory.hostName());
    row.put(SYSTEM, inventory.system());
    row.put(KERNEL, inventory.kernel());
    row.put(MACHINE, inventory.machine());
    row.put(MODEL, inventory.model());
    row.put(PROCESSORS, inventory.processors());
    row.put(MEMORY_MIB, inventory.memoryMiB());
    row.put(AGENT_VERSION, inventory.agentVersion());
    return row;
  }

  private static HostEntry entry(Record row, List<String> labels) {
    return new HostEntry(
        HostId.parse(row.get(ID)),
        row.get(NUMBER),
        row.get(ENROLMENT),
        new HostInventory(
            row.get(NAME),
            row.get(SYSTEM),
            row.get(KERNEL),
            row.get(MACHINE),
            row.get(MODEL),
            row.get(PROCESSORS),
            row.get(MEMORY_MIB),
            row.get(AGENT_VERSION)),
        row.get(SITE),
        DeviceClass.valueOf(row.get(DEVICE_CLASS)),
        labels,
        Instant.ofEpochMilli(row.get(ENROLLED_MILLIS)),
        Instant.ofEpochMilli(row.get(SEEN_MILLIS)),
        Optional.of(row.get(STATE))
            .filter(state -> !state.equals(NO_STATE))
            .map(HostMessage.State::valueOf),
        Optional.ofNullable(row.get(REVOKED_MILLIS)).map(Instant::ofEpochMilli));
  }
}
