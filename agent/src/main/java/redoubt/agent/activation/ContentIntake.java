package redoubt.agent.activation;

import java.io.IOException;
import redoubt.core.content.life.Life;
import redoubt.core.content.life.Release;
import redoubt.core.model.EngineId;

/// Where bundles are handed in to be tried and brought into force. Thread-safe.
public interface ContentIntake {
  /// What is known of an engine's content.
  Life life(EngineId engine);

  /// Takes a bundle, and has it tried and brought into force by and by.
  ///
  /// @throws RefusedException if it is not taken
  /// @throws IOException if it cannot be read or copied
  Offer.Taken activate(Offer offer) throws IOException, RefusedException;

  /// Takes back what is in force: what was in force before is again, and this one never.
  ///
  /// @return what was taken back
  /// @throws RefusedException if there is nothing to take back, or to fall back to
  Release rollBack(EngineId engine, String reason) throws RefusedException;
}
