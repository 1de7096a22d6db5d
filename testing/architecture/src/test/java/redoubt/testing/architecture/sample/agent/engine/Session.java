package redoubt.testing.architecture.sample.agent.engine;

import redoubt.testing.architecture.sample.agent.decision.Decider;
import redoubt.testing.architecture.sample.engine.scanner.Scanner;

/// Knows an engine by name.
public final class Session {
  public Decider decider() {
    return new Decider();
  }

  public Scanner scanner() {
    return new Scanner();
  }
}
