package redoubt.engine.sigma.vectors;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import redoubt.core.model.HostEvent;
import redoubt.core.wire.TestVector;
import redoubt.engine.sigma.rule.CorrelationRule;
import redoubt.engine.sigma.rule.SigmaRule;

/// Solves a rule about several events: makes events in which it is reported, and others that differ
/// in how many there are, when they are, or which, and in which it is not. Not thread-safe.
final class CorrelationSolver {
  private static final long SECOND_NANOS = 1_000_000_000L;

  private final CorrelationRule rule;
  private final List<SigmaRule> members;
  private final Correlating known;

  /// An event of a sequence.
  ///
  /// @param member whose match it is to be
  /// @param values fields with values of their own
  record Step(int member, long offsetNanos, Map<String, String> values) {
    Step {
      values = Map.copyOf(values);
    }

    Step at(long otherNanos) {
      return new Step(member, otherNanos, values);
    }
  }

  /// A sequence that differs from that which is reported.
  ///
  /// @param test what it shows
  record Sibling(String test, List<Step> steps) {
    Sibling {
      steps = List.copyOf(steps);
    }
  }

  CorrelationSolver(CorrelationRule rule, List<SigmaRule> members, Correlating known) {
    this.rule = rule;
    this.members = members;
    this.known = known;
  }

  /// Whether its conditions hold of no matches at all, so that it is reported once and never again.
  /// No matches have no average and no middle.
  boolean holdsOfNothing() {
    return switch (rule.type()) {
      case EVENT_COUNT, VALUE_COUNT, VALUE_SUM, TEMPORAL, TEMPORAL_ORDERED ->
          !rule.conditions().isEmpty() && holds(0);
      case VALUE_AVG, VALUE_MEDIAN, VALUE_PERCENTILE -> false;
    };
  }

  /// The sequence in which it is to be reported; empty if there is none that vectors have room for.
  List<Step> reported() {
    return switch (rule.type()) {
      case EVENT_COUNT, VALUE_COUNT -> counted();
      case TEMPORAL, TEMPORAL_ORDERED -> {
        List<Step> steps = new ArrayList<>();
        if (!rule.alternatives().isEmpty()) {
          for (int member : rule.alternatives().getFirst().required()) {
            steps.add(new Step(member, steps.size() * spacing(members.size()), Map.of()));
          }
        }
        yield steps;
      }
      case VALUE_SUM, VALUE_AVG, VALUE_MEDIAN, VALUE_PERCENTILE -> number(true);
    };
  }

  private List<Step> counted() {
    int count = 1;
    while (count <= TestVector.MOST_EVENTS && !holds(count)) {
      count++;
    }
    List<Step> steps = new ArrayList<>();
    for (int i = 0; i < count && count <= TestVector.MOST_EVENTS; i++) {
      steps.add(new Step(0, i * spacing(count), distinct(i)));
    }
    return steps;
  }

  private boolean holds(double value) {
    return rule.conditions().stream().allMatch(condition -> condition.holds(value));
  }

  private long spacing(int events) {
    return Math.min(SECOND_NANOS, rule.timespan().toNanos() / (events + 1L));
  }

  /// Values that no other event of the sequence has, where these are counted.
  private Map<String, String> distinct(int number) {
    Map<String, String> values = new HashMap<>();
    if (rule.type() == CorrelationRule.Type.VALUE_COUNT) {
      String field = Correlating.meant(rule, members.getFirst(), rule.fields().getFirst());
      values.put(field, FieldWords.numbered(field, number));
    }
    return values;
  }

  /// One event with a number in its field for which the conditions hold, or do not.
  private List<Step> number(boolean holding) {
    String field = Correlating.meant(rule, members.getFirst(), rule.fields().getFirst());
    for (CorrelationRule.Threshold condition : rule.conditions()) {
      long near = (long) Math.floor(condition.number());
      for (long number = near - 1; number <= near + 1; number++) {
        if (number > 0 && holds((double) number) == holding) {
          return List.of(new Step(0, 0, Map.of(field, Long.toString(number))));
        }
      }
    }
    return List.of();
  }

  /// Sequences that differ in one thing, and are not to be reported.
  List<Sibling> siblings(List<Step> reported) {
    List<Sibling> siblings = new ArrayList<>();
    int last = reported.size() - 1;
    switch (rule.type()) {
      case EVENT_COUNT -> siblings.add(new Sibling(condition(), reported.subList(0, last)));
      case VALUE_COUNT -> {
        List<Step> same = new ArrayList<>(reported);
        if (last > 0) {
          Map<String, String> before = reported.get(last - 1).values();
          same.set(last, new Step(0, reported.get(last).offsetNanos(), before));
        } else {
          same.clear();
        }
        siblings.add(new Sibling(condition(), same));
      }
      case TEMPORAL, TEMPORAL_ORDERED -> {
        for (int i = 0; i <= last && last > 0; i++) {
          List<Step> without = new ArrayList<>(reported);
          without.remove(i);
          siblings.add(new Sibling("rule " + rule.rules().get(reported.get(i).member()), without));
        }
      }
      case VALUE_SUM, VALUE_AVG, VALUE_MEDIAN, VALUE_PERCENTILE ->
          siblings.add(new Sibling(condition(), number(false)));
    }
    if (last > 0) {
      severalEvents(reported, siblings);
    }
    return siblings;
  }

  private void severalEvents(List<Step> reported, List<Sibling> siblings) {
    int last = reported.size() - 1;
    List<Step> late = new ArrayList<>(reported);
    Step latest = reported.get(last);
    late.set(last, latest.at(latest.offsetNanos() + rule.timespan().toNanos() + SECOND_NANOS));
    siblings.add(new Sibling("timespan " + rule.timespan(), late));
    if (rule.type() == CorrelationRule.Type.TEMPORAL_ORDERED) {
      List<Step> turned = new ArrayList<>();
      for (int i = 0; i <= last; i++) {
        turned.add(reported.get(last - i).at(reported.get(i).offsetNanos()));
      }
      siblings.add(new Sibling("order", turned));
    }
    for (String field : rule.groupBy()) {
      String meant = Correlating.meant(rule, members.get(latest.member()), field);
      Map<String, String> values = new HashMap<>(latest.values());
      values.put(meant, FieldWords.numbered(meant, TestVector.MOST_EVENTS));
      List<Step> other = new ArrayList<>(reported);
      other.set(last, new Step(latest.member(), latest.offsetNanos(), values));
      siblings.add(new Sibling("group-by " + field, other));
    }
  }

  private String condition() {
    return rule.type().name().toLowerCase(Locale.ROOT) + " " + words();
  }

  private String words() {
    List<String> words = new ArrayList<>();
    rule.conditions()
        .forEach(each ->
            words.add(
                (each.negated() ? "not " : "")
                    + each.comparison().name().toLowerCase(Locale.ROOT)
                    + " "
                    + each.number()));
    return String.join(" and ", words);
  }

  /// The events of a sequence; null if there can be none such.
  ///
  /// @param about a rule whose events are another's, or null
  /// @param instead that other
  @Nullable List<HostEvent> activity(
      List<Step> steps,
      Numbering number,
      @Nullable SigmaRule about,
      RuleSolver.@Nullable Example instead) {
    List<HostEvent> activity = new ArrayList<>();
    for (Step step : steps) {
      SigmaRule member = members.get(step.member());
      RuleSolver.Example example =
          instead != null && member.equals(about)
              ? instead
              : known.requireSolved(member).reported();
      if (example == null) {
        return null;
      }
      Draft draft = example.made().draft().copy();
      step.values().forEach((field, value) -> draft.values().put(field, List.of(value)));
      HostEvent event =
          EventMaker.make(
              example.made().shape(),
              draft,
              number.beginNanos() + step.offsetNanos(),
              number.pid(0));
      if (event == null) {
        return null;
      }
      activity.add(event);
    }
    return activity.isEmpty() ? null : activity;
  }
}
