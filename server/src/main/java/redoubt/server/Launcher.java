package redoubt.server;

import java.io.IOException;
import java.sql.SQLException;
import redoubt.fleet.serving.RunningServer;
import redoubt.fleet.serving.ServerLauncher;
import redoubt.fleet.serving.ServerSettings;
import redoubt.server.log.ServerLog;

/// Starts the server for a process that is nothing else: what its libraries have to say goes to
/// standard error. Stateless.
public final class Launcher implements ServerLauncher {
  /// For the service loader.
  public Launcher() {}

  @Override
  public RunningServer start(ServerSettings settings) throws IOException {
    ServerLog.begin();
    try {
      return FleetServer.start(settings);
    } catch (RuntimeException e) {
      // Databases and web servers say what is wrong with what they were given by exceptions of
      // their own.
      throw new IOException(words(e), e);
    }
  }

  /// What the innermost cause says; a database's driver says more than what it stumbled over.
  private static String words(Throwable problem) {
    Throwable root = problem;
    for (Throwable cause = problem.getCause(); cause != null; cause = cause.getCause()) {
      root = cause;
      if (cause instanceof SQLException && cause.getMessage() != null) {
        break;
      }
    }
    return String.valueOf(root.getMessage()).lines().findFirst().orElse("");
  }
}
