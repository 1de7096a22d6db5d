package redoubt.agent;

import redoubt.agent.breaker.VerdictBreaker;
import redoubt.agent.health.Counter;
import redoubt.core.model.EngineId;
import redoubt.core.model.PlatformNotice;

/// What comes of an engine's denials.
record BreakerOutlet(Agent agent) implements VerdictBreaker.Outlet {
  @Override
  public void trip(EngineId engine, String why) {
    agent.counters().add(Counter.ENGINE_TRIPS);
    agent.engines().setTripped(engine, true);
    agent.notice(PlatformNotice.Kind.ENGINE_TRIPPED, engine.value(), why);
  }

  @Override
  public void reset(EngineId engine, String why) {
    agent.engines().setTripped(engine, false);
    agent.notice(PlatformNotice.Kind.ENGINE_RECOVERED, engine.value(), why);
  }
}
