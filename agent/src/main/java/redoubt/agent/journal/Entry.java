package redoubt.agent.journal;

import redoubt.core.model.DecisionRecord;
import redoubt.core.model.PlatformNotice;

/// One thing to be recorded.
public sealed interface Entry {
  /// What an AUTH event came to.
  ///
  /// @param decision the record
  record Decision(DecisionRecord decision) implements Entry {}

  /// What an engine reported.
  ///
  /// @param finding the report
  record Finding(redoubt.core.model.Finding finding) implements Entry {}

  /// What the platform reports about itself.
  ///
  /// @param notice the report
  record Notice(PlatformNotice notice) implements Entry {}
}
