package redoubt.engine.drill;

import redoubt.engine.kit.EngineHost;

/// The process of the drill engine; started by the agent, which names its socket in the
/// environment.
public final class Main {
  /// With which a process ends that a wild pointer killed, as a shell says it.
  private static final int CRASHED = 128 + 11;

  private Main() {}

  /// Serves until the agent ends the connection, then exits with the status that [EngineHost]
  /// gives.
  public static void main(String[] arguments) {
    System.exit(EngineHost.serve(new DrillEngine()));
  }

  /// Ends the process as it stands.
  static void crash() {
    Runtime.getRuntime().halt(CRASHED);
  }
}
