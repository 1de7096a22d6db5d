package redoubt.core.model;

import java.util.Set;

/// What an engine wishes to be done about a process, as far as its owner granted that.
///
/// @param engine who wishes it
/// @param rule the rule or list entry that matched, at most 256 characters
/// @param actions at least one
/// @param process the process concerned
/// @param generations how many generations above that process the one is that is meant, 0 for
///   itself
public record ResponseWish(
    EngineId engine,
    String rule,
    Set<ResponseAction> actions,
    ProcessInfo process,
    int generations) {
  /// @throws IllegalArgumentException if there is nothing to do
  public ResponseWish {
    actions = Set.copyOf(actions);
    if (actions.isEmpty()) {
      throw new IllegalArgumentException("a wish for nothing: engine=" + engine);
    }
  }

  /// The same about the process that is meant.
  public ResponseWish meaning(ProcessInfo meant) {
    return new ResponseWish(engine, rule, actions, meant, 0);
  }
}
