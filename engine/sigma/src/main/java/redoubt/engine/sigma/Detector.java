package redoubt.engine.sigma;

import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.function.Consumer;
import java.util.stream.Stream;
import redoubt.engine.sigma.correlation.Correlated;
import redoubt.engine.sigma.correlation.Correlations;
import redoubt.engine.sigma.correlation.Correlator;
import redoubt.engine.sigma.event.Event;
import redoubt.engine.sigma.event.EventClass;
import redoubt.engine.sigma.event.EventTime;
import redoubt.engine.sigma.event.FieldTable;
import redoubt.engine.sigma.match.FieldMatch;
import redoubt.engine.sigma.match.RuleMatcher;
import redoubt.engine.sigma.match.RuleSet;
import redoubt.engine.sigma.rule.Rule;
import redoubt.engine.sigma.rule.RuleProblem;
import redoubt.engine.sigma.rule.SigmaRule;

/// Rules of all kinds, ready to run on one stream of events. Not thread-safe.
public final class Detector {
  private final FieldTable fields = new FieldTable();
  private final RuleSet rules;
  private final Correlations correlations;
  private final List<RuleProblem> problems = new ArrayList<>();
  private final EventTime time;
  private final RuleMatcher matcher;
  private final List<SigmaRule> matched = new ArrayList<>();
  private final int reportable;
  private Correlator correlator;

  /// Compiles the rules.
  public Detector(RuleFiles.Result read) {
    RuleSet.Result compiled = RuleSet.compile(read.rules(), fields);
    rules = compiled.rules();
    problems.addAll(compiled.problems());
    Correlations.Result tied =
        Correlations.compile(read.correlations(), compiled.accepted(), fields);
    correlations = tied.correlations();
    problems.addAll(tied.problems());
    reportable =
        Math.toIntExact(
            Stream.<Rule>concat(compiled.accepted().stream(), correlations.rules())
                .filter(rule -> !correlations.silences(rule))
                .map(Rule::key)
                .distinct()
                .count());
    time = new EventTime(fields);
    matcher = new RuleMatcher(rules);
    correlator = new Correlator(correlations, fields);
  }

  /// The fields that the rules ask for. Whoever reads events may ask for more, before the first
  /// one.
  public FieldTable fields() {
    return fields;
  }

  /// Whether a rule looks for something in all fields, also in those that no rule names.
  public boolean looksEverywhere() {
    return rules.looksEverywhere();
  }

  /// The rules about single events that are in use.
  public RuleSet rules() {
    return rules;
  }

  /// How many rules are in use, those about several events included.
  public int size() {
    return rules.size() + correlations.size();
  }

  /// How many of them are ever reported: those that only count for others are not, and two of one
  /// key are one.
  public int reportable() {
    return reportable;
  }

  /// Why others that were read are not.
  public List<RuleProblem> problems() {
    return List.copyOf(problems);
  }

  /// Reports what the rules find in an event.
  public void detect(Event event, EventClass eventClass, Consumer<Detection> found) {
    matched.clear();
    matcher.match(
        event,
        eventClass,
        (rule, matches) -> {
          matched.add(rule);
          report(rule, () -> reasons(matches), found);
        });
    correlator.matched(
        matched,
        event,
        time,
        correlated -> report(correlated.rule(), () -> reasons(correlated), found));
  }

  private void report(Rule rule, Reasons reasons, Consumer<Detection> found) {
    if (!correlations.silences(rule)) {
      found.accept(new Detection(rule, reasons.get()));
    }
  }

  /// Made only if they are wanted.
  @FunctionalInterface
  private interface Reasons {
    List<Detection.Reason> get();
  }

  /// Forgets the events that were seen: what comes is another recording.
  public void startOver() {
    correlator = new Correlator(correlations, fields);
  }

  /// How many combinations of values correlations forgot for want of room.
  public long forgotten() {
    return correlator.forgotten();
  }

  private static List<Detection.Reason> reasons(Correlated correlated) {
    List<Detection.Reason> reasons = new ArrayList<>();
    correlated.group().forEach((field, value) -> reasons.add(new Detection.Reason(field, value)));
    String type = correlated.rule().type().name().toLowerCase(Locale.ROOT);
    BigDecimal value = BigDecimal.valueOf(correlated.value()).stripTrailingZeros();
    reasons.add(new Detection.Reason(type, value.toPlainString()));
    return reasons;
  }

  private List<Detection.Reason> reasons(List<FieldMatch> matches) {
    List<Detection.Reason> reasons = new ArrayList<>();
    for (FieldMatch match : matches) {
      String value = match.value();
      Detection.Reason reason =
          new Detection.Reason(
              match.slot() < 0 ? "" : fields.name(match.slot()), value == null ? "" : value);
      if (!reasons.contains(reason)) {
        reasons.add(reason);
      }
    }
    return reasons;
  }
}
