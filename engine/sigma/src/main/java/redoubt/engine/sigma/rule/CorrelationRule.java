package redoubt.engine.sigma.rule;

import java.time.Duration;
import java.util.List;
import java.util.Map;

/// A rule about several matches of other rules within a time.
///
/// @param rules ids or names of the rules that it is about, in its order
/// @param alternatives of the temporal types, which of the rules must have matched; one must hold
/// @param generate whether those rules report their own matches too
/// @param groupBy fields whose values the matches have in common
/// @param aliases for a name in `groupBy`, by rule, which field is meant
/// @param timespan within which the matches lie
/// @param fields the fields of a statistic; empty for those that only count
/// @param conditions all of which must hold
/// @param percentile of `value_percentile`, else 50
public record CorrelationRule(
    Header header,
    Type type,
    List<String> rules,
    List<Alternative> alternatives,
    boolean generate,
    List<String> groupBy,
    Map<String, Map<String, String>> aliases,
    Duration timespan,
    List<String> fields,
    List<Threshold> conditions,
    double percentile)
    implements Rule {
  /// What is looked at.
  public enum Type {
    /// How many matches there are.
    EVENT_COUNT,
    /// How many different values, or combinations of values, there are.
    VALUE_COUNT,
    /// Whether the rules matched, all or those of an alternative.
    TEMPORAL,
    /// Whether they matched in their order.
    TEMPORAL_ORDERED,
    /// The sum of a field.
    VALUE_SUM,
    /// The mean of a field.
    VALUE_AVG,
    /// The middle of a field's values.
    VALUE_MEDIAN,
    /// The value that so many per cent of a field's values do not exceed.
    VALUE_PERCENTILE
  }

  /// A comparison with a number.
  ///
  /// @param negated whether it must not hold, for `neq`
  public record Threshold(ValueTest.Comparison comparison, double number, boolean negated) {
    /// Whether the value is as it must be.
    public boolean holds(double value) {
      return comparison.holds(value, number) != negated;
    }
  }

  public CorrelationRule {
    rules = List.copyOf(rules);
    alternatives = List.copyOf(alternatives);
    groupBy = List.copyOf(groupBy);
    aliases = Map.copyOf(aliases);
    fields = List.copyOf(fields);
    conditions = List.copyOf(conditions);
  }

  /// The same rule with other names for its fields.
  public CorrelationRule withFields(
      List<String> otherGroupBy,
      Map<String, Map<String, String>> otherAliases,
      List<String> otherFields) {
    return new CorrelationRule(
        header,
        type,
        rules,
        alternatives,
        generate,
        otherGroupBy,
        otherAliases,
        timespan,
        otherFields,
        conditions,
        percentile);
  }
}
