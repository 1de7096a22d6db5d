package redoubt.server.store;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import java.nio.file.Path;
import java.time.Duration;
import java.util.function.Consumer;
import java.util.function.Function;
import org.flywaydb.core.Flyway;
import org.jooq.DSLContext;
import org.jooq.SQLDialect;
import org.jooq.conf.Settings;
import org.jooq.impl.DSL;

/// The database of a fleet server, brought to the newest form when it is opened.
///
/// Thread-safe. Whatever fails throws jOOQ's `DataAccessException`, and nothing of the transaction
/// has happened.
public final class Database implements AutoCloseable {
  private static final Duration PATIENCE = Duration.ofSeconds(10);

  private final HikariDataSource source;
  private final DSLContext context;

  private Database(HikariDataSource source, SQLDialect dialect) {
    this.source = source;
    context = DSL.using(source, dialect, new Settings().withExecuteLogging(false));
  }

  /// One in a file of this machine, made if it is not there: SQLite with a write-ahead log, on disk
  /// at the end of each transaction.
  public static Database inFile(Path file) {
    HikariConfig config = new HikariConfig();
    config.setJdbcUrl(
        "jdbc:sqlite:"
            + file
            + "?journal_mode=WAL&synchronous=FULL&foreign_keys=on&busy_timeout="
            + PATIENCE.toMillis());
    // It has one writer at a time; who waits here waits in order.
    config.setMaximumPoolSize(1);
    return open(config, SQLDialect.SQLITE);
  }

  private static Database open(HikariConfig config, SQLDialect dialect) {
    config.setConnectionTimeout(PATIENCE.toMillis());
    HikariDataSource source = new HikariDataSource(config);
    try {
      Flyway.configure().dataSource(source).resourceProvider(new Migrations()).load().migrate();
      return new Database(source, dialect);
    } catch (RuntimeException e) {
      source.close();
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
