package redoubt.testing.architecture.sample.agent.decision;

import redoubt.testing.architecture.sample.agent.engine.Session;

/// Breaks the order of floors, and closes a cycle with [Session].
public final class Decider {
  public Session session() {
    return new Session();
  }
}
