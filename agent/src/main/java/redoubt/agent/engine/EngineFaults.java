package redoubt.agent.engine;

import org.jspecify.annotations.Nullable;
import redoubt.core.model.EngineId;

/// Hears of engines that fail, before they are started again.
@FunctionalInterface
public interface EngineFaults {
  /// For whom nobody listens.
  EngineFaults IGNORED = (_, content, _) -> content;

  /// A process of an engine failed. Called by the engine's thread, which waits.
  ///
  /// @param content what it judged with
  /// @param how for people
  /// @return what the next one is to judge with; null if with nothing
  @Nullable EngineContent failed(EngineId engine, EngineContent content, String how);
}
