package redoubt.agent.engine;

import java.io.IOException;
import java.util.Optional;

/// A process with other content beside the one that serves: it hears a sample of what that one
/// hears, has no vote, and takes over or ends. Thread-safe.
public interface EngineTrial {
  /// Waits until it has its content and hears.
  ///
  /// @return why it does not; empty if it does
  /// @throws IOException if it could not be started, which is no fault of its content's
  Optional<String> awaitReady() throws IOException;

  /// How it ended, if it has.
  Optional<String> ending();

  /// Whether it had to make room, which is no fault of its own.
  boolean isWithdrawn();

  /// What it did up to now; nothing if it does not hear.
  Optional<ShadowFigures> figures();

  /// It is asked and told no more, but for what is on its way to it.
  void rest();

  /// Whether it has answered and handled all that it was asked and told.
  boolean isIdle();

  /// It judges from now on, in place of the one that did. Blocks until that one has ended.
  ///
  /// @return why that was not done; empty if it was
  Optional<String> takeOver();

  /// Ends it; blocks until it has ended.
  void end(String reason);
}
