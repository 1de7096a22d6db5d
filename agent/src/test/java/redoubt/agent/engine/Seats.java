package redoubt.agent.engine;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import redoubt.agent.health.Counters;
import redoubt.agent.health.Notices;
import redoubt.agent.health.TimeSource;
import redoubt.agent.hook.Operation;
import redoubt.agent.registry.EngineLimits;
import redoubt.agent.registry.EngineManifest;
import redoubt.agent.registry.EngineRights;
import redoubt.agent.registry.EngineView;
import redoubt.core.model.EngineId;
import redoubt.core.model.EngineMode;

/// Places of an engine that enforces, for tests.
final class Seats {
  static final Duration SOFT = Duration.ofMillis(250);

  private Seats() {}

  /// That of the engine `scanner`, which asks for these rights and has them.
  static EngineSeat of(
      EngineRights rights,
      Consumer<Operation> release,
      Counters counters,
      Notices notices,
      TimeSource time) {
    return new EngineSeat(
        0,
        new EngineManifest(
            new EngineId("scanner"),
            List.of("/bin/x"),
            rights,
            EngineManifest.ContentKind.OTHER,
            new EngineView(EngineView.Language.C, List.of()),
            EngineLimits.STANDARD,
            Optional.empty()),
        rights,
        EngineMode.ENFORCE,
        new EngineSettings(
            Path.of("/tmp"),
            60_000,
            SOFT,
            EngineSettings.HELLO_LIMIT,
            "test",
            Path.of("/opt/java"),
            Path.of("/opt/redoubt"),
            "redoubt-test",
            () -> 0),
        release,
        counters,
        notices,
        time);
  }
}
