package redoubt.engine.sigma.live;

import redoubt.engine.kit.EngineHost;

/// The Sigma engine's process; started by the agent, which names its socket in the environment.
public final class Main {
  private Main() {}

  /// Serves until the agent ends the connection, then exits with the status that [EngineHost]
  /// gives.
  public static void main(String[] arguments) {
    System.exit(EngineHost.serve(new SigmaEngine()));
  }
}
