package redoubt.courier;

import java.nio.file.Path;
import java.time.InstantSource;
import java.util.logging.Level;
import java.util.logging.Logger;
import redoubt.core.linux.LinuxException;
import redoubt.core.wire.WireException;

/// The courier's program: `RELAY`, the socket whose other side is the server. The agent's is in
/// `REDOUBT_SOCKET`. Ends when the agent does, with 0; with 70 if the agent makes no sense, 69 if
/// there is none, 64 for wrong arguments.
public final class Main {
  /// Warns that there is no network, which is as it should be. Held, since the log manager forgets
  /// a logger that nobody holds, with its level.
  private static final Logger NETTY = Logger.getLogger("io.grpc.netty.shaded");

  private static final int USAGE = 64;
  private static final int UNAVAILABLE = 69;
  private static final int SOFTWARE = 70;

  private Main() {}

  /// Runs the courier.
  public static void main(String[] arguments) {
    String socket = System.getenv("REDOUBT_SOCKET");
    if (arguments.length != 1 || socket == null) {
      System.err.println("courier: is started by the agent");
      System.exit(USAGE);
      return;
    }
    NETTY.setLevel(Level.SEVERE);
    System.exit(run(Path.of(socket), Path.of(arguments[0])));
  }

  private static int run(Path socket, Path relay) {
    try (AgentChannel agent = AgentChannel.open(socket)) {
      new Courier(agent, relay, InstantSource.system()).run();
      return 0;
    } catch (LinuxException e) {
      System.err.println("courier: " + e.getMessage());
      return UNAVAILABLE;
    } catch (WireException e) {
      System.err.println("courier: " + e.getMessage());
      return SOFTWARE;
    }
  }
}
