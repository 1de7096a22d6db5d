package redoubt.fleet.serving;

import java.io.IOException;

/// Starts servers of fleets. Found as a service ([java.util.ServiceLoader]).
public interface ServerLauncher {
  /// Starts one, on what its folder holds; makes keys, database and an owner there the first time.
  ///
  /// @throws IOException naming the cause, if the folder or an address cannot be used
  RunningServer start(ServerSettings settings) throws IOException;
}
