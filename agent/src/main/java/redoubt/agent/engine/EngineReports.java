package redoubt.agent.engine;

import redoubt.core.model.Finding;
import redoubt.core.model.ResponseWish;

/// Takes what engines say beside their verdicts. Thread-safe; never blocks, but for
/// [#needsChanged].
public interface EngineReports {
  /// An engine found something.
  void found(Finding finding);

  /// An engine wishes that something be done about a process, and its owner granted that.
  void wished(ResponseWish wish);

  /// The classes of events that [Engines#needed] gives may be others than before. This may take a
  /// moment: who did something before it returns may go unheard.
  void needsChanged();
}
