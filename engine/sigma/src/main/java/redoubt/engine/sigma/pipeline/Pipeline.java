package redoubt.engine.sigma.pipeline;

import java.util.List;
import java.util.Map;

/// One file of steps that change rules.
///
/// @param priority pipelines of a smaller one come first
/// @param values for placeholders, by name
record Pipeline(int priority, Map<String, List<String>> values, List<Step> steps) {
  Pipeline {
    values = Map.copyOf(values);
    steps = List.copyOf(steps);
  }
}
