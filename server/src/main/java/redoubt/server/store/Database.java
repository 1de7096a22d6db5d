package redoubt.server.store;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Function;
import javax.sql.DataSource;
import org.flywaydb.core.Flyway;
import org.jooq.DSLContext;
import org.jooq.SQLDialect;
import org.jooq.conf.Settings;
import org.jooq.impl.DSL;
import org.postgresql.ds.PGSimpleDataSource;
import redoubt.fleet.serving.DatabaseAddress;

/// The database of a fleet server, brought to the newest form when it is opened.
///
/// Thread-safe. Whatever fails throws jOOQ's `DataAccessException`, and nothing of the transaction
/// has happened.
public final class Database implements AutoCloseable {
  private static final Duration PATIENCE = Duration.ofSeconds(10);

  /// How long a database may say nothing before its connection counts as gone.
  private static final Duration SILENCE = Duration.ofSeconds(30);

  /// How long it is waited for whoever has the database, who may have died a moment ago.
  private static final Duration OTHER_SERVER = Duration.ofSeconds(5);

  /// Keeps a database from a second server: taken by the one connection that everything is done by,
  /// so that nothing is done without it. The number says nothing.
  private static final String LOCK =
      "do $$ begin perform set_config('lock_timeout', '"
          + OTHER_SERVER.toMillis()
          + "', true); perform pg_advisory_lock(7365464);"
          + " exception when lock_not_available then raise exception"
          + " 'another server of a fleet uses this database'; end $$";

  /// How a database notices that a server's machine is gone, and lets go of its lock: within two
  /// minutes.
  private static final String KEEP_ALIVE =
      "-c tcp_keepalives_idle=60 -c tcp_keepalives_interval=15 -c tcp_keepalives_count=4";

  private final HikariDataSource source;
  private final DSLContext context;

  private Database(HikariDataSource source, SQLDialect dialect) {
    this.source = source;
    context = DSL.using(source, dialect, new Settings().withExecuteLogging(false));
  }

  /// The one at an address, or else one in a file of a folder.
  ///
  /// @throws RuntimeException whose innermost cause says what is wrong, if it cannot be used or
  ///   another server uses it
  public static Database open(Path folder, Optional<DatabaseAddress> address) {
    return address.map(Database::at).orElseGet(() -> inFile(folder.resolve("fleet.db")));
  }

  /// One in a file of this machine, made if it is not there: SQLite with a write-ahead log, on disk
  /// at the end of each transaction.
  private static Database inFile(Path file) {
    HikariConfig config = new HikariConfig();
    config.setJdbcUrl(
        "jdbc:sqlite:"
            + file
            + "?journal_mode=WAL&synchronous=FULL&foreign_keys=on&busy_timeout="
            + PATIENCE.toMillis());
    HikariDataSource pool = pool(config);
    return migrated(pool, pool, SQLDialect.SQLITE);
  }

  /// A PostgreSQL, on disk at the end of each transaction, as its owner has set it up.
  private static Database at(DatabaseAddress address) {
    HikariConfig config = new HikariConfig();
    PGSimpleDataSource source = source(address);
    source.setSocketTimeout(Math.toIntExact(SILENCE.toSeconds()));
    config.setDataSource(source);
    config.setConnectionInitSql(LOCK);
    // The lock goes with the connection.
    config.setMaxLifetime(0);
    // A migration takes as long as it takes, and Flyway has connections of its own for it.
    return migrated(pool(config), source(address), SQLDialect.POSTGRES);
  }

  private static PGSimpleDataSource source(DatabaseAddress address) {
    PGSimpleDataSource source = new PGSimpleDataSource();
    source.setServerNames(new String[] {address.host()});
    source.setPortNumbers(new int[] {address.port()});
    source.setDatabaseName(address.name());
    source.setUser(address.user());
    address.password().ifPresent(source::setPassword);
    source.setSslMode(address.tls());
    address.files().forEach((option, file) -> setFile(source, option, file));
    source.setApplicationName("redoubt");
    source.setConnectTimeout(Math.toIntExact(PATIENCE.toSeconds()));
    source.setTcpKeepAlive(true);
    source.setOptions(KEEP_ALIVE);
    return source;
  }

  private static void setFile(PGSimpleDataSource source, String option, String file) {
    try {
      source.setProperty(option, file);
    } catch (SQLException e) {
      throw new IllegalStateException("the driver knows no such option: " + option, e);
    }
  }

  /// With one connection, which is as many as SQLite has for writers. Who waits for it waits in
  /// order, and every transaction sees the one before it, on each kind of database.
  private static HikariDataSource pool(HikariConfig config) {
    config.setMaximumPoolSize(1);
    config.setConnectionTimeout(PATIENCE.toMillis());
    return new HikariDataSource(config);
  }

  private static Database migrated(
      HikariDataSource pool, DataSource migrating, SQLDialect dialect) {
    try {
      Flyway.configure().dataSource(migrating).resourceProvider(new Migrations()).load().migrate();
      return new Database(pool, dialect);
    } catch (RuntimeException e) {
      pool.close();
      throw e;
    }
  }

  /// Asks or changes something, all of it or nothing.
  <T> T transaction(Function<DSLContext, T> work) {
    return context.transactionResult(transaction -> work.apply(transaction.dsl()));
  }

  /// As [#transaction], with nothing to tell.
  void change(Consumer<DSLContext> work) {
    context.transaction(transaction -> work.accept(transaction.dsl()));
  }

  @Override
  public void close() {
    source.close();
  }
}
