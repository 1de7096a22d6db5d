package redoubt.engine.sigma.pipeline;

import java.util.Optional;
import redoubt.engine.sigma.rule.Scalar;

/// `processing_state`: what an earlier step set. Never holds for what none did.
record StateTest(String key, Scalar value, Relation relation) {
  boolean holds(Progress progress) {
    Optional<Scalar> state = progress.findState(key);
    return state.isPresent() && relation.holds(order(state.get().text(), value.text()));
  }

  private static int order(String state, String wanted) {
    boolean areNumbers =
        Values.findNumber(state).isPresent() && Values.findNumber(wanted).isPresent();
    return areNumbers
        ? Double.compare(Double.parseDouble(state), Double.parseDouble(wanted))
        : state.compareTo(wanted);
  }
}
