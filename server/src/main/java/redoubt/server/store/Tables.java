package redoubt.server.store;

import static org.jooq.impl.DSL.field;
import static org.jooq.impl.DSL.name;
import static org.jooq.impl.DSL.table;

import org.jooq.DSLContext;
import org.jooq.DataType;
import org.jooq.Field;
import org.jooq.Record;
import org.jooq.Table;
import org.jooq.impl.DSL;
import org.jooq.impl.SQLDataType;

/// The names of tables and columns, as the migrations have them.
final class Tables {
  private Tables() {}

  private static <T> Field<T> column(String table, String column, DataType<T> type) {
    return field(name(table, column), type);
  }

  /// The hosts.
  static final class Host {
    static final Table<Record> TABLE = table(name("host"));
    static final Field<String> ID = column("host", "id", SQLDataType.VARCHAR);
    static final Field<Integer> NUMBER = column("host", "number", SQLDataType.INTEGER);
    static final Field<Integer> ENROLMENT = column("host", "enrolment", SQLDataType.INTEGER);
    static final Field<String> NAME = column("host", "name", SQLDataType.VARCHAR);
    static final Field<String> SYSTEM = column("host", "system", SQLDataType.VARCHAR);
    static final Field<String> KERNEL = column("host", "kernel", SQLDataType.VARCHAR);
    static final Field<String> MACHINE = column("host", "machine", SQLDataType.VARCHAR);
    static final Field<String> MODEL = column("host", "model", SQLDataType.VARCHAR);
    static final Field<Integer> PROCESSORS = column("host", "processors", SQLDataType.INTEGER);
    static final Field<Integer> MEMORY_MIB = column("host", "memory_mib", SQLDataType.INTEGER);
    static final Field<String> AGENT_VERSION = column("host", "agent_version", SQLDataType.VARCHAR);
    static final Field<String> SITE = column("host", "site", SQLDataType.VARCHAR);
    static final Field<String> DEVICE_CLASS = column("host", "device_class", SQLDataType.VARCHAR);
    static final Field<Long> ENROLLED_MILLIS =
        column("host", "enrolled_millis", SQLDataType.BIGINT);
    static final Field<Long> SEEN_MILLIS = column("host", "seen_millis", SQLDataType.BIGINT);
    static final Field<String> STATE = column("host", "state", SQLDataType.VARCHAR);
    static final Field<Long> REVOKED_MILLIS = column("host", "revoked_millis", SQLDataType.BIGINT);

    private Host() {}
  }

  /// Their certificates.
  static final class Certificate {
    static final Table<Record> TABLE = table(name("certificate"));
    static final Field<String> SERIAL = column("certificate", "serial", SQLDataType.VARCHAR);
    static final Field<String> HOST = column("certificate", "host", SQLDataType.VARCHAR);
    static final Field<Long> ISSUED_MILLIS =
        column("certificate", "issued_millis", SQLDataType.BIGINT);
    static final Field<Long> EXPIRES_MILLIS =
        column("certificate", "expires_millis", SQLDataType.BIGINT);

    private Certificate() {}
  }

  /// What lets hosts in.
  static final class Token {
    static final Table<Record> TABLE = table(name("token"));
    static final Field<String> DIGEST = column("token", "digest", SQLDataType.VARCHAR);
    static final Field<String> SITE = column("token", "site", SQLDataType.VARCHAR);
    static final Field<String> DEVICE_CLASS = column("token", "device_class", SQLDataType.VARCHAR);
    static final Field<String> HOST = column("token", "host", SQLDataType.VARCHAR);
    static final Field<String> MADE_BY = column("token", "made_by", SQLDataType.VARCHAR);
    static final Field<Long> MADE_MILLIS = column("token", "made_millis", SQLDataType.BIGINT);
    static final Field<Long> EXPIRES_MILLIS = column("token", "expires_millis", SQLDataType.BIGINT);
    static final Field<Long> USED_MILLIS = column("token", "used_millis", SQLDataType.BIGINT);

    private Token() {}
  }

  /// Who did what.
  static final class Audit {
    static final Table<Record> TABLE = table(name("audit"));
    static final Field<Long> SEQUENCE = column("audit", "sequence", SQLDataType.BIGINT);
    static final Field<Long> AT_MILLIS = column("audit", "at_millis", SQLDataType.BIGINT);
    static final Field<String> ACTOR = column("audit", "actor", SQLDataType.VARCHAR);
    static final Field<String> ACTION = column("audit", "action", SQLDataType.VARCHAR);
    static final Field<String> SUBJECT = column("audit", "subject", SQLDataType.VARCHAR);
    static final Field<String> DETAIL = column("audit", "detail", SQLDataType.VARCHAR);
    static final Field<String> DIGEST = column("audit", "digest", SQLDataType.VARCHAR);

    private Audit() {}
  }

  /// Who may use the server.
  static final class Operators {
    static final Table<Record> TABLE = table(name("operator"));
    static final Field<String> NAME = column("operator", "name", SQLDataType.VARCHAR);
    static final Field<String> ROLE = column("operator", "role", SQLDataType.VARCHAR);
    static final Field<String> TOKEN_DIGEST =
        column("operator", "token_digest", SQLDataType.VARCHAR);
    static final Field<String> MADE_BY = column("operator", "made_by", SQLDataType.VARCHAR);
    static final Field<Long> MADE_MILLIS = column("operator", "made_millis", SQLDataType.BIGINT);

    private Operators() {}
  }

  /// Lines of the hosts' journals.
  static final class JournalRecord {
    static final Table<Record> TABLE = table(name("record"));
    static final Field<String> HOST = column("record", "host", SQLDataType.VARCHAR);
    static final Field<Long> NUMBER = column("record", "number", SQLDataType.BIGINT);
    static final Field<Long> KEPT_MILLIS = column("record", "kept_millis", SQLDataType.BIGINT);
    static final Field<Integer> CLASS_UID = column("record", "class_uid", SQLDataType.INTEGER);
    static final Field<String> LINE = column("record", "line", SQLDataType.CLOB);

    private JournalRecord() {}
  }

  /// What is rolled out.
  static final class Rollout {
    static final Table<Record> TABLE = table(name("rollout"));
    static final Field<Integer> ID = column("rollout", "id", SQLDataType.INTEGER);
    static final Field<String> VENDOR = column("rollout", "vendor", SQLDataType.VARCHAR);
    static final Field<String> ENGINE = column("rollout", "engine", SQLDataType.VARCHAR);
    static final Field<String> NAME = column("rollout", "name", SQLDataType.VARCHAR);
    static final Field<Long> VERSION = column("rollout", "version", SQLDataType.BIGINT);
    static final Field<String> DIGEST = column("rollout", "digest", SQLDataType.VARCHAR);
    static final Field<String> CHANNEL = column("rollout", "channel", SQLDataType.VARCHAR);
    static final Field<Double> HOLDBACK = column("rollout", "holdback", SQLDataType.DOUBLE);
    static final Field<Integer> SOAK_SECONDS =
        column("rollout", "soak_seconds", SQLDataType.INTEGER);
    static final Field<Long> SALT = column("rollout", "salt", SQLDataType.BIGINT);
    static final Field<String> MADE_BY = column("rollout", "made_by", SQLDataType.VARCHAR);
    static final Field<Long> MADE_MILLIS = column("rollout", "made_millis", SQLDataType.BIGINT);
    static final Field<Long> BEGINS_BEFORE = column("rollout", "begins_before", SQLDataType.BIGINT);
    static final Field<Long> ENDED_MILLIS = column("rollout", "ended_millis", SQLDataType.BIGINT);
    static final Field<String> RINGS = column("rollout", "rings", SQLDataType.CLOB);

    private Rollout() {}
  }

  /// The journal of what the controllers were told.
  static final class FleetEvent {
    static final Table<Record> TABLE = table(name("fleet_event"));
    static final Field<Long> SEQUENCE = column("fleet_event", "sequence", SQLDataType.BIGINT);
    static final Field<Long> AT_SECONDS = column("fleet_event", "at_seconds", SQLDataType.BIGINT);
    static final Field<String> EVENTS = column("fleet_event", "events", SQLDataType.CLOB);

    private FleetEvent() {}
  }

  /// The numbers of sites and kinds.
  static final class Trait {
    static final Table<Record> TABLE = table(name("trait"));
    static final Field<String> WHAT = column("trait", "what", SQLDataType.VARCHAR);
    static final Field<String> NAME = column("trait", "name", SQLDataType.VARCHAR);
    static final Field<Integer> NUMBER = column("trait", "number", SQLDataType.INTEGER);

    private Trait() {}
  }

  /// The leases that were signed.
  static final class Lease {
    static final Table<Record> TABLE = table(name("lease"));
    static final Field<String> HOST = column("lease", "host", SQLDataType.VARCHAR);
    static final Field<Long> COUNTER = column("lease", "counter", SQLDataType.BIGINT);
    static final Field<Integer> ROLLOUT = column("lease", "rollout", SQLDataType.INTEGER);
    static final Field<Integer> LEASE = column("lease", "lease", SQLDataType.INTEGER);
    static final Field<Long> GRANTED_MILLIS = column("lease", "granted_millis", SQLDataType.BIGINT);

    private Lease() {}
  }

  /// What holds for every rollout.
  static final class StandingOrder {
    static final Table<Record> TABLE = table(name("standing_order"));
    static final Field<String> WHAT = column("standing_order", "what", SQLDataType.VARCHAR);
    static final Field<String> SUBJECT = column("standing_order", "subject", SQLDataType.VARCHAR);
    static final Field<String> MADE_BY = column("standing_order", "made_by", SQLDataType.VARCHAR);
    static final Field<Long> MADE_MILLIS =
        column("standing_order", "made_millis", SQLDataType.BIGINT);

    private StandingOrder() {}
  }

  /// What is to be done on hosts.
  static final class Commands {
    static final Table<Record> TABLE = table(name("host_command"));
    static final Field<String> HOST = column("host_command", "host", SQLDataType.VARCHAR);
    static final Field<Long> ID = column("host_command", "id", SQLDataType.BIGINT);
    static final Field<String> OPERATOR = column("host_command", "operator", SQLDataType.VARCHAR);
    static final Field<String> ACTION = column("host_command", "action", SQLDataType.CLOB);
    static final Field<Long> MADE_MILLIS =
        column("host_command", "made_millis", SQLDataType.BIGINT);
    static final Field<Long> EXPIRES_MILLIS =
        column("host_command", "expires_millis", SQLDataType.BIGINT);
    static final Field<Long> DONE_MILLIS =
        column("host_command", "done_millis", SQLDataType.BIGINT);
    static final Field<Integer> DONE = column("host_command", "done", SQLDataType.INTEGER);
    static final Field<String> OUTCOME = column("host_command", "outcome", SQLDataType.VARCHAR);

    private Commands() {}
  }

  /// Where findings and the audit go beside this database.
  static final class Output {
    static final Table<Record> TABLE = table(name("output"));
    static final Field<Integer> ID = column("output", "id", SQLDataType.INTEGER);
    static final Field<String> ADDRESS = column("output", "address", SQLDataType.VARCHAR);
    static final Field<String> SECRET = column("output", "secret", SQLDataType.VARCHAR);
    static final Field<String> MADE_BY = column("output", "made_by", SQLDataType.VARCHAR);
    static final Field<Long> MADE_MILLIS = column("output", "made_millis", SQLDataType.BIGINT);
    static final Field<Long> NEXT = column("output", "next", SQLDataType.BIGINT);
    static final Field<Long> LOST = column("output", "lost", SQLDataType.BIGINT);

    private Output() {}
  }

  /// What is still to be sent to one of them.
  static final class Outgoing {
    static final Table<Record> TABLE = table(name("outgoing"));
    static final Field<Long> SEQUENCE = column("outgoing", "sequence", SQLDataType.BIGINT);
    static final Field<Long> AT_MILLIS = column("outgoing", "at_millis", SQLDataType.BIGINT);
    static final Field<String> KIND = column("outgoing", "kind", SQLDataType.VARCHAR);
    static final Field<String> BODY = column("outgoing", "body", SQLDataType.CLOB);

    private Outgoing() {}
  }

  /// What owners call hosts by.
  static final class Label {
    static final Table<Record> TABLE = table(name("label"));
    static final Field<String> HOST = column("label", "host", SQLDataType.VARCHAR);
    static final Field<String> NAME = column("label", "name", SQLDataType.VARCHAR);

    private Label() {}
  }

  /// When hosts with a label may be updated.
  static final class Window {
    static final Table<Record> TABLE = table(name("maintenance_window"));
    static final Field<String> LABEL = column("maintenance_window", "label", SQLDataType.VARCHAR);
    static final Field<String> HOURS = column("maintenance_window", "hours", SQLDataType.VARCHAR);
    static final Field<String> MADE_BY =
        column("maintenance_window", "made_by", SQLDataType.VARCHAR);
    static final Field<Long> MADE_MILLIS =
        column("maintenance_window", "made_millis", SQLDataType.BIGINT);

    private Window() {}
  }

  /// One more than the highest id in a table, from 1.
  static int nextId(DSLContext in, Table<Record> table, Field<Integer> id) {
    return in.select(DSL.coalesce(DSL.max(id), DSL.inline(0)).plus(1))
        .from(table)
        .fetchSingle()
        .value1();
  }

  /// What may run on hosts whatever engines say.
  static final class Exemption {
    static final Table<Record> TABLE = table(name("exemption"));
    static final Field<Integer> ID = column("exemption", "id", SQLDataType.INTEGER);
    static final Field<String> SUBJECT = column("exemption", "subject", SQLDataType.VARCHAR);
    static final Field<String> ENGINE = column("exemption", "engine", SQLDataType.VARCHAR);
    static final Field<String> LABEL = column("exemption", "label", SQLDataType.VARCHAR);
    static final Field<Long> UNTIL_MILLIS = column("exemption", "until_millis", SQLDataType.BIGINT);
    static final Field<String> NOTE = column("exemption", "note", SQLDataType.VARCHAR);
    static final Field<String> MADE_BY = column("exemption", "made_by", SQLDataType.VARCHAR);
    static final Field<Long> MADE_MILLIS = column("exemption", "made_millis", SQLDataType.BIGINT);

    private Exemption() {}
  }

  /// How often that has changed.
  static final class Policy {
    static final Table<Record> TABLE = table(name("policy"));
    static final Field<Long> VERSION = column("policy", "version", SQLDataType.BIGINT);

    private Policy() {}
  }

  /// What engines said against something, by days.
  static final class Objections {
    static final Table<Record> TABLE = table(name("objection"));
    static final Field<Integer> DAY = column("objection", "day", SQLDataType.INTEGER);
    static final Field<String> WHAT = column("objection", "what", SQLDataType.VARCHAR);
    static final Field<String> ENGINE = column("objection", "engine", SQLDataType.VARCHAR);
    static final Field<String> OF_RULE = column("objection", "of_rule", SQLDataType.VARCHAR);
    static final Field<String> OF_PATH = column("objection", "of_path", SQLDataType.VARCHAR);
    static final Field<String> OF_CONTENT = column("objection", "of_content", SQLDataType.VARCHAR);
    static final Field<String> FIRST_HOST = column("objection", "first_host", SQLDataType.VARCHAR);
    static final Field<Long> DENIED = column("objection", "denied", SQLDataType.BIGINT);
    static final Field<Long> FOUND = column("objection", "found", SQLDataType.BIGINT);
    static final Field<Integer> MARKED = column("objection", "marked", SQLDataType.INTEGER);

    private Objections() {}
  }

  /// What people say was no threat.
  static final class Marks {
    static final Table<Record> TABLE = table(name("mark"));
    static final Field<Integer> ID = column("mark", "id", SQLDataType.INTEGER);
    static final Field<String> ENGINE = column("mark", "engine", SQLDataType.VARCHAR);
    static final Field<String> RULE = column("mark", "rule", SQLDataType.CLOB);
    static final Field<String> SUBJECT = column("mark", "subject", SQLDataType.CLOB);
    static final Field<String> COVERS = column("mark", "covers", SQLDataType.VARCHAR);
    static final Field<String> NOTE = column("mark", "note", SQLDataType.VARCHAR);
    static final Field<String> MADE_BY = column("mark", "made_by", SQLDataType.VARCHAR);
    static final Field<Long> MADE_MILLIS = column("mark", "made_millis", SQLDataType.BIGINT);

    private Marks() {}
  }
}
