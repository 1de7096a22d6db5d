package redoubt.fleet.serving;

import java.nio.file.Path;

/// A server of a fleet that takes hosts and people in until it is closed. Thread-safe.
public interface RunningServer extends AutoCloseable {
  /// The port at which hosts come in.
  int hostPort();

  /// The port at which people and programs come in.
  int apiPort();

  /// The file by which the fleet's first owner comes in; may be gone, when somebody removed it.
  Path ownerAccess();

  /// Ends all connections; what was acknowledged is on disk.
  @Override
  void close();
}
