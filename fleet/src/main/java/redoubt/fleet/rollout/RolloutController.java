package redoubt.fleet.rollout;

import java.util.List;

/// Whatever decides about activations: [Rollout], or, in a simulation, nobody at all.
@FunctionalInterface
public interface RolloutController {
  /// Takes in one event and says what is to be done.
  ///
  /// @param event what was heard
  /// @param nowSeconds the controller's own time, in seconds since 1970
  /// @return commands, in order; mostly none
  List<RolloutCommand> step(RolloutEvent event, long nowSeconds);
}
