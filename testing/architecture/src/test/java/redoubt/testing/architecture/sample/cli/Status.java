package redoubt.testing.architecture.sample.cli;

import redoubt.testing.architecture.sample.agent.decision.Decider;

/// A command that asks the agent's insides instead of its socket.
public final class Status {
  public Decider decider() {
    return new Decider();
  }
}
