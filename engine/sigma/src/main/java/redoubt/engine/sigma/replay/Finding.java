package redoubt.engine.sigma.replay;

import java.nio.file.Path;
import java.util.List;
import redoubt.engine.sigma.Detection;
import redoubt.engine.sigma.rule.Rule;

/// A record that a rule matches, or the last of several that a correlation rule is about.
///
/// @param record its number in the file, from 1 on
/// @param reasons the values in which the rule found what it looked for; of a correlation rule what
///   the records have in common, and what was counted or computed
public record Finding(Rule rule, Path file, long record, List<Detection.Reason> reasons) {
  public Finding {
    reasons = List.copyOf(reasons);
  }
}
