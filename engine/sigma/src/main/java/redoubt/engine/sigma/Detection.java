package redoubt.engine.sigma;

import java.util.List;
import redoubt.engine.sigma.rule.Rule;

/// A rule that matches an event, or a correlation rule that comes true with it.
///
/// @param reasons the values in which the rule found what it looked for; of a correlation rule what
///   the events have in common, and what was counted or computed
public record Detection(Rule rule, List<Reason> reasons) {
  public Detection {
    reasons = List.copyOf(reasons);
  }

  /// A value that was found.
  ///
  /// @param field empty if the rule looks at all fields
  /// @param value empty if the reason is that there is none
  public record Reason(String field, String value) {}
}
