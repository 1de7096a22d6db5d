package redoubt.server.made;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import redoubt.core.model.Sha256;
import redoubt.fleet.serving.DatabaseAddress;
import redoubt.fleet.serving.ServerSettings;
import redoubt.server.store.Database;

/// Where a server of a test keeps what it keeps: tests of whatever is kept run with each.
public enum Storage {
  /// A file in its folder.
  FILE,
  /// A database of its own in the PostgreSQL of this test run.
  POSTGRESQL;

  private static final int NAME_CHARS = 24;
  private static final int KEEP_DAYS = 90;

  /// Where the database of a server is; the same one for the same folder.
  public Optional<DatabaseAddress> address(Path folder) {
    return this == FILE
        ? Optional.empty()
        : Optional.of(
            MadePostgres.shared()
                .database(
                    "of_" + Sha256.ofText(folder.toString()).toString().substring(0, NAME_CHARS)));
  }

  /// The database of a server.
  public Database open(Path folder) {
    return Database.open(folder, address(folder));
  }

  /// How a server is run on the loopback.
  ///
  /// @param port for hosts, 0 for any
  public ServerSettings settings(Path folder, int port) {
    return settings(folder, port, "127.0.0.1", address(folder));
  }

  /// The same with a name of one's own, or a database somewhere.
  public static ServerSettings settings(
      Path folder, int port, String name, Optional<DatabaseAddress> database) {
    InetAddress here = InetAddress.getLoopbackAddress();
    return new ServerSettings(
        folder,
        new InetSocketAddress(here, port),
        new InetSocketAddress(here, 0),
        List.of(name),
        30,
        KEEP_DAYS,
        database);
  }
}
