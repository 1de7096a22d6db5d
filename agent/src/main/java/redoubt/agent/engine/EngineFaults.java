package redoubt.agent.engine;

import java.util.Optional;
import redoubt.core.model.EngineId;

/// Hears of engines that fail, before they are started again.
@FunctionalInterface
public interface EngineFaults {
  /// For whom nobody listens.
  EngineFaults IGNORED = (_, _, _) -> Optional.empty();

  /// A process of an engine failed. Called by the engine's thread, which waits.
  ///
  /// @param content what it judged with
  /// @param how for people
  /// @return what the next one is to judge with, if that is something else
  Optional<EngineContent> failed(EngineId engine, EngineContent content, String how);
}
