package redoubt.engine.sigma;

import redoubt.engine.kit.EngineHost;
import redoubt.engine.sigma.live.SigmaEngine;

/// The Sigma engine's process; started by the agent, which names its socket in the environment.
public final class Main {
  private Main() {}

  /// Serves until the agent ends the connection, then exits with the status that [EngineHost]
  /// gives.
  public static void main(String[] arguments) {
    System.exit(EngineHost.serve(new SigmaEngine()));
  }
}
