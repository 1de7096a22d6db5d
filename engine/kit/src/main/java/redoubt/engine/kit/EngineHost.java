package redoubt.engine.kit;

import java.nio.file.Path;
import redoubt.core.linux.LinuxException;
import redoubt.core.linux.SeqPacketSocket;

/// Connects an engine to the platform and serves it until the agent ends the connection.
public final class EngineHost {
  /// The environment variable that names the agent's socket.
  public static final String SOCKET_VARIABLE = "REDOUBT_SOCKET";

  /// Exit status: the agent closed the connection or asked the engine to end.
  public static final int ENDED = 0;

  /// Exit status: the agent refused the engine; standard error says why.
  public static final int REFUSED = 2;

  /// Exit status: the agent broke the protocol.
  public static final int VIOLATION = 3;

  /// Exit status: there is no agent to connect to.
  public static final int UNAVAILABLE = 4;

  private EngineHost() {}

  /// Serves on the socket that the environment names. Blocks until the end; the caller passes the
  /// result to [System#exit].
  ///
  /// @return one of the exit statuses of this class
  public static int serve(Engine engine) {
    String socket = System.getenv(SOCKET_VARIABLE);
    if (socket == null) {
      return failed(UNAVAILABLE, "not started by the agent: " + SOCKET_VARIABLE + " is not set");
    }
    try {
      return serve(engine, SeqPacketSocket.connect(Path.of(socket)));
    } catch (LinuxException e) {
      return failed(UNAVAILABLE, "no agent: " + e.getMessage());
    }
  }

  /// Serves on a connected socket, and closes it.
  static int serve(Engine engine, SeqPacketSocket socket) {
    try (Session session = new Session(engine, socket)) {
      session.run();
      return ENDED;
    } catch (SessionException e) {
      return failed(e.exitStatus(), "ended: " + e.getMessage());
    }
  }

  private static int failed(int exitStatus, String message) {
    Diagnostics.line(message);
    return exitStatus;
  }
}
