package redoubt.testing.architecture.sample.engine.scanner;

import redoubt.testing.architecture.sample.agent.decision.Decider;

/// An engine that knows the agent.
public final class Scanner {
  public Decider decider() {
    return new Decider();
  }
}
