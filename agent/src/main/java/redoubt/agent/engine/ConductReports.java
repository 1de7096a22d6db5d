package redoubt.agent.engine;

import redoubt.agent.health.Counter;
import redoubt.agent.health.Counters;
import redoubt.agent.health.Notices;
import redoubt.core.model.EngineId;
import redoubt.core.model.PlatformNotice;

/// Says how an engine's conduct changes. Thread-safe.
record ConductReports(EngineId engine, Counters counters, Notices notices) {
  void note(EngineConduct.Change change) {
    switch (change) {
      case NONE -> {}
      case DEMOTED -> {
        counters.add(Counter.ENGINE_DEMOTIONS);
        notices.report(
            PlatformNotice.Kind.ENGINE_DEMOTED,
            engine.value(),
            "no longer waited for: missed its deadline "
                + EngineConduct.MISSES
                + " times and answered nothing in between");
      }
      case RECOVERED ->
          notices.report(
              PlatformNotice.Kind.ENGINE_RECOVERED,
              engine.value(),
              "waited for again: kept its deadlines");
    }
  }
}
