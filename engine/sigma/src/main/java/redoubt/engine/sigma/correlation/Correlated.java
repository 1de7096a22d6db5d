package redoubt.engine.sigma.correlation;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import redoubt.engine.sigma.rule.CorrelationRule;

/// A correlation rule whose conditions have come to hold.
///
/// @param group the fields that the matches have in common, with their values, in the rule's order
/// @param value what the conditions are about: a count or a statistic
public record Correlated(CorrelationRule rule, Map<String, String> group, double value) {
  public Correlated {
    group = Collections.unmodifiableMap(new LinkedHashMap<>(group));
  }
}
