package redoubt.fleet.serving;

import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/// How a server of a fleet is run.
///
/// @param folder where it keeps everything; made if it is not there, and nobody else may read it
/// @param hosts where hosts come in; port 0 for any that is free
/// @param people where people and programs come in; port 0 for any that is free
/// @param names the names and addresses under which it is reached, for its certificate; the first
///   is the one that it tells
/// @param heartbeatSeconds how often hosts are to be heard of, 5 to 3,600
/// @param keepDays how long what hosts' journals say is kept, days, 1 to 3,650
/// @param database where its database is, if it is none in the folder
public record ServerSettings(
    Path folder,
    InetSocketAddress hosts,
    InetSocketAddress people,
    List<String> names,
    int heartbeatSeconds,
    int keepDays,
    Optional<DatabaseAddress> database) {
  /// The least and the most seconds between heartbeats.
  public static final int LEAST_HEARTBEAT = 5;

  public static final int MOST_HEARTBEAT = 3_600;

  /// For how long records are kept at most, days.
  public static final int MOST_KEEP_DAYS = 3_650;

  /// @throws IllegalArgumentException if there is no name, or the seconds are out of range
  public ServerSettings {
    names = List.copyOf(names);
    if (names.isEmpty()) {
      throw new IllegalArgumentException("a server has a name");
    }
    if (heartbeatSeconds < LEAST_HEARTBEAT || heartbeatSeconds > MOST_HEARTBEAT) {
      throw new IllegalArgumentException("out of range: heartbeatSeconds=" + heartbeatSeconds);
    }
    if (keepDays < 1 || keepDays > MOST_KEEP_DAYS) {
      throw new IllegalArgumentException("out of range: keepDays=" + keepDays);
    }
  }
}
