package redoubt.server.store;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import javax.sql.DataSource;
import org.flywaydb.core.Flyway;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.postgresql.ds.PGSimpleDataSource;
import org.sqlite.SQLiteDataSource;
import redoubt.core.model.HostId;
import redoubt.fleet.serving.DatabaseAddress;
import redoubt.server.made.Storage;

/// A database that an earlier server has left is brought to the newest form, with all that it has.
class MigrationsTest {
  private static final int NEWEST = 9;
  private static final HostId HOST = new HostId(1, 2);

  @TempDir Path folder;

  static Stream<Arguments> earlier() {
    return Stream.of(Storage.values())
        .flatMap(storage ->
            Stream.iterate(1, version -> version < NEWEST, version -> version + 1)
                .map(version -> Arguments.of(storage, version)));
  }

  private DataSource source(Storage storage) {
    if (storage == Storage.FILE) {
      SQLiteDataSource source = new SQLiteDataSource();
      source.setUrl("jdbc:sqlite:" + folder.resolve("fleet.db"));
      return source;
    }
    DatabaseAddress address = storage.address(folder).orElseThrow();
    PGSimpleDataSource source = new PGSimpleDataSource();
    source.setServerNames(new String[] {address.host()});
    source.setPortNumbers(new int[] {address.port()});
    source.setDatabaseName(address.name());
    source.setUser(address.user());
    source.setPassword(address.password().orElseThrow());
    return source;
  }

  @ParameterizedTest
  @MethodSource("earlier")
  void whatAnEarlierServerKeptIsThere(Storage storage, int version) throws SQLException {
    DataSource source = source(storage);
    Flyway.configure()
        .dataSource(source)
        .resourceProvider(new Migrations())
        .target(Integer.toString(version))
        .load()
        .migrate();
    try (Connection connection = source.getConnection();
        Statement statement = connection.createStatement()) {
      statement.execute(
          "insert into host values ('"
              + HOST
              + "', 0, 1, 'web-1', 'Debian', '6.1', 'x86_64', '', 2, 4000, '0.1.0', 'berlin',"
              + " 'LAPTOP', 1000, 2000, 'ENFORCING', null)");
      statement.execute(
          "insert into record (host, number, kept_millis, line) values ('"
              + HOST
              + "', 5, 3000, '{\"class_uid\":2004}')");
      if (version >= 3) {
        statement.execute(
            "insert into rollout (id, vendor, engine, name, version, digest, channel, soak_seconds,"
                + " holdback, salt, made_by, made_millis, begins_before) values (1, 'acme', 'sigma',"
                + " 'rules', 7, '"
                + "0".repeat(64)
                + "', 'STANDARD', 120, 0.01, -5, 'ada', 4000, 1)");
      }
    }
    try (Database database = storage.open(folder)) {
      HostEntry host = new HostStore(database).find(HOST).orElseThrow();
      assertEquals("web-1", host.inventory().hostName());
      assertEquals(List.of(), host.labels());
      assertEquals(Optional.empty(), host.revoked());
      assertEquals(
          List.of(
              new RecordStore.Line(HOST, 5, Instant.ofEpochMilli(3_000), "{\"class_uid\":2004}")),
          new RecordStore(database).newest(HOST, Long.MAX_VALUE, 10));
      if (version >= 3) {
        RolloutEntry rollout = new RolloutStore(database).find(1).orElseThrow();
        assertEquals(-5, rollout.salt());
        assertEquals(List.of(), rollout.rings());
      }
      new AuditTrail(database).add(Instant.EPOCH, "ada", "test", "", "");
      assertEquals(Optional.empty(), new AuditTrail(database).firstBroken());
    }
  }

  @Test
  void everyStepIsInThisBuild() {
    assertEquals(NEWEST, new Migrations().getResources("V", new String[] {".sql"}).size());
    assertTrue(
        new Migrations()
            .getResources("V", new String[] {".sql"}).stream()
                .allMatch(step -> step.getFilename().startsWith("V")));
  }
}
