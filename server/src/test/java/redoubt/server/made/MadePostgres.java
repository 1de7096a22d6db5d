package redoubt.server.made;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.postgresql.ds.PGSimpleDataSource;
import redoubt.core.disk.FolderTree;
import redoubt.fleet.serving.DatabaseAddress;

/// A PostgreSQL of this distribution, with data of its own on the loopback. Thread-safe.
public final class MadePostgres implements AutoCloseable {
  private static final String USER = "redoubt";
  private static final String PASSWORD = "correct horse";
  private static final String UNPRIVILEGED = "postgres";
  private static final int PATIENCE_SECONDS = 30;

  /// Ends what it has begun when nobody holds its standard input any more, however that came, as a
  /// crash would: without a checkpoint.
  private static final String KEEPER = "\"$@\" & p=$!; cat >/dev/null; kill -QUIT $p; wait $p";

  private final Path programs;
  private final Path folder;
  private final int port;
  private @Nullable Process keeper;

  /// Made when somebody needs it, and ended with the test run.
  private static final class Shared {
    private static final MadePostgres ONE = begun();

    private Shared() {}

    private static MadePostgres begun() {
      try {
        MadePostgres made = new MadePostgres();
        Runtime.getRuntime().addShutdownHook(Thread.ofPlatform().unstarted(made::close));
        return made;
      } catch (IOException | InterruptedException e) {
        throw new IllegalStateException(e);
      }
    }
  }

  /// Makes one and begins it.
  public MadePostgres() throws IOException, InterruptedException {
    programs = programs();
    folder = Files.createTempDirectory("redoubt-postgres-");
    try (ServerSocket any = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      port = any.getLocalPort();
    }
    Path password = Files.writeString(folder.resolve("password"), PASSWORD);
    if (isRoot()) {
      var user =
          folder
              .getFileSystem()
              .getUserPrincipalLookupService()
              .lookupPrincipalByName(UNPRIVILEGED);
      Files.setOwner(folder, user);
      Files.setOwner(password, user);
    }
    List<String> making = unprivileged();
    making.addAll(
        List.of(
            programs.resolve("initdb").toString(),
            "--pgdata=" + data(),
            "--username=" + USER,
            "--pwfile=" + password,
            "--auth=scram-sha-256",
            "--encoding=UTF8",
            "--locale=C",
            "--no-sync"));
    Path said = folder.resolve("initdb.log");
    Process process =
        new ProcessBuilder(making).redirectErrorStream(true).redirectOutput(said.toFile()).start();
    if (!process.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS) || process.exitValue() != 0) {
      throw new IOException("initdb: " + Files.readString(said));
    }
    begin();
  }

  /// That of this test run.
  public static MadePostgres shared() {
    return Shared.ONE;
  }

  /// The newest that is installed.
  private static Path programs() throws IOException {
    try (Stream<Path> versions = Files.list(Path.of("/usr/lib/postgresql"))) {
      return versions
          .map(version -> version.resolve("bin"))
          .filter(bin -> Files.isExecutable(bin.resolve("initdb")))
          .max(Comparator.comparing(Path::toString))
          .orElseThrow(() -> new IOException("no PostgreSQL: run tools/install-needs test"));
    }
  }

  private static boolean isRoot() {
    return System.getProperty("user.name").equals("root");
  }

  /// It refuses to be run by root.
  private static List<String> unprivileged() {
    List<String> command = new ArrayList<>();
    if (isRoot()) {
      command.addAll(
          List.of(
              "setpriv", "--reuid=" + UNPRIVILEGED, "--regid=" + UNPRIVILEGED, "--clear-groups"));
    }
    return command;
  }

  private Path data() {
    return folder.resolve("data");
  }

  /// Begins it, on the data that it has.
  public synchronized void begin() throws IOException, InterruptedException {
    List<String> command = unprivileged();
    command.addAll(List.of("sh", "-c", KEEPER, "keeper"));
    command.addAll(
        List.of(
            programs.resolve("postgres").toString(),
            "-D",
            data().toString(),
            "-p",
            Integer.toString(port),
            "-h",
            "127.0.0.1",
            "-c",
            "unix_socket_directories=",
            "-c",
            "shared_buffers=16MB",
            "-c",
            "max_connections=40"));
    keeper =
        new ProcessBuilder(command)
            .redirectErrorStream(true)
            .redirectOutput(ProcessBuilder.Redirect.appendTo(folder.resolve("log").toFile()))
            .start();
    long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(PATIENCE_SECONDS);
    Optional<SQLException> problem = Optional.empty();
    while (System.nanoTime() - end < 0) {
      try (Connection _ = connect(UNPRIVILEGED)) {
        return;
      } catch (SQLException e) {
        problem = Optional.of(e);
        Thread.sleep(50);
      }
    }
    throw new IOException("PostgreSQL does not begin", problem.orElseThrow());
  }

  /// Ends it as a crash would; [#begin] begins it again.
  public synchronized void kill() throws IOException, InterruptedException {
    Process process = keeper;
    if (process != null) {
      keeper = null;
      process.getOutputStream().close();
      process.waitFor();
    }
  }

  private Connection connect(String database) throws SQLException {
    PGSimpleDataSource source = new PGSimpleDataSource();
    source.setServerNames(new String[] {"127.0.0.1"});
    source.setPortNumbers(new int[] {port});
    source.setDatabaseName(database);
    return source.getConnection(USER, PASSWORD);
  }

  /// A database in it, made if it is not there.
  public synchronized DatabaseAddress database(String name) {
    try (Connection connection = connect(UNPRIVILEGED);
        Statement statement = connection.createStatement()) {
      try (ResultSet found =
          statement.executeQuery("select 1 from pg_database where datname = '" + name + "'")) {
        if (found.next()) {
          return address(name);
        }
      }
      statement.execute("create database " + name);
      return address(name);
    } catch (SQLException e) {
      throw new IllegalStateException(e);
    }
  }

  private DatabaseAddress address(String name) {
    return DatabaseAddress.parse("postgresql://" + USER + "@127.0.0.1:" + port + "/" + name)
        .withPassword(PASSWORD);
  }

  @Override
  public synchronized void close() {
    try {
      kill();
      FolderTree.delete(folder);
    } catch (IOException e) {
      throw new IllegalStateException(e);
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
    }
  }
}
