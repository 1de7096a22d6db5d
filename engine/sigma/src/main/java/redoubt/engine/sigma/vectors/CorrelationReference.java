package redoubt.engine.sigma.vectors;

import java.util.HashSet;
import java.util.List;
import java.util.Set;
import redoubt.engine.sigma.rule.Alternative;
import redoubt.engine.sigma.rule.CorrelationRule;

/// Correlations as the Sigma specification 2.1.0 describes them, computed anew for each match and
/// in the plainest way. Stateless.
final class CorrelationReference {
  private CorrelationReference() {}

  /// A match of a rule that a correlation is about.
  ///
  /// @param member which of its rules
  /// @param event the number of the event
  /// @param group what the matches have in common
  /// @param values of the correlation's fields
  record Match(int member, int event, long timeMillis, List<String> group, List<String> values) {
    Match {
      group = List.copyOf(group);
      values = List.copyOf(values);
    }
  }

  /// Whether the correlation is reported at any time.
  ///
  /// @param matches the oldest first
  static boolean isReported(CorrelationRule rule, List<Match> matches) {
    for (Match last : matches) {
      long earliest = last.timeMillis() - rule.timespan().toMillis();
      List<Match> window =
          matches.stream()
              .filter(match -> match.event() <= last.event())
              .filter(match -> match.timeMillis() >= earliest && match.group().equals(last.group()))
              .toList();
      if (holds(rule, window)) {
        return true;
      }
    }
    return false;
  }

  private static boolean holds(CorrelationRule rule, List<Match> window) {
    return switch (rule.type()) {
      case EVENT_COUNT -> holds(rule, window.size());
      case VALUE_COUNT ->
          holds(rule, (double) window.stream().map(Match::values).distinct().count());
      case TEMPORAL -> {
        Set<Integer> members = members(window);
        yield rule.alternatives().stream().anyMatch(each -> each.holds(members::contains));
      }
      case TEMPORAL_ORDERED -> {
        Set<Integer> members = members(window);
        yield rule.alternatives().stream()
            .anyMatch(each -> each.holds(members::contains) && isInOrder(each, window));
      }
      case VALUE_SUM -> holds(rule, numbers(window).stream().mapToDouble(n -> n).sum());
      case VALUE_AVG, VALUE_MEDIAN, VALUE_PERCENTILE -> holds(rule, same(numbers(window)));
    };
  }

  private static boolean holds(CorrelationRule rule, double value) {
    return rule.conditions().stream().allMatch(condition -> condition.holds(value));
  }

  private static Set<Integer> members(List<Match> window) {
    Set<Integer> members = new HashSet<>();
    window.forEach(match -> members.add(match.member()));
    return members;
  }

  /// Whether the rules matched one after the other, or together.
  private static boolean isInOrder(Alternative alternative, List<Match> window) {
    int event = -1;
    for (int member : alternative.required()) {
      int from = event;
      event =
          window.stream()
              .filter(match -> match.member() == member && match.event() >= from)
              .mapToInt(Match::event)
              .min()
              .orElse(-1);
      if (event < 0) {
        return false;
      }
    }
    return true;
  }

  private static List<Double> numbers(List<Match> window) {
    return window.stream().map(match -> Double.valueOf(match.values().getFirst())).toList();
  }

  /// What all numbers are, which is then their mean and every percentile too.
  private static double same(List<Double> numbers) {
    if (numbers.stream().distinct().count() != 1) {
      throw new IllegalStateException("different numbers: numbers=" + numbers);
    }
    return numbers.getFirst();
  }
}
