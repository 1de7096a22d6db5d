package redoubt.server;

import java.io.IOException;
import java.time.InstantSource;
import redoubt.fleet.serving.RunningServer;
import redoubt.fleet.serving.ServerLauncher;
import redoubt.fleet.serving.ServerSettings;
import redoubt.server.log.ServerLog;
import redoubt.server.plane.HostPlane;

/// Starts the server for a process that is nothing else: what its libraries have to say goes to
/// standard error. Stateless.
public final class Launcher implements ServerLauncher {
  /// For the service loader.
  public Launcher() {}

  @Override
  public RunningServer start(ServerSettings settings) throws IOException {
    ServerLog.begin();
    try {
      return FleetServer.start(
          settings.folder(),
          new HostPlane.Place(settings.hosts(), settings.names(), settings.heartbeatSeconds()),
          settings.people(),
          InstantSource.system());
    } catch (RuntimeException e) {
      // Databases and web servers say what is wrong with what they were given by exceptions of
      // their own.
      throw new IOException(String.valueOf(rootOf(e).getMessage()), e);
    }
  }

  private static Throwable rootOf(Throwable problem) {
    Throwable root = problem;
    for (Throwable cause = problem.getCause(); cause != null; cause = cause.getCause()) {
      root = cause;
    }
    return root;
  }
}
