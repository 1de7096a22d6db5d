package redoubt.engine.sigma.vectors;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.function.IntConsumer;
import redoubt.core.model.HostEvent;
import redoubt.core.wire.WireLimits;
import redoubt.core.wire.WireText;
import redoubt.engine.sigma.Detector;
import redoubt.engine.sigma.RuleFiles;
import redoubt.engine.sigma.event.EventClass;
import redoubt.engine.sigma.live.LiveRules;
import redoubt.engine.sigma.rule.CorrelationRule;
import redoubt.engine.sigma.rule.LogSource;
import redoubt.engine.sigma.rule.RuleProblem;
import redoubt.engine.sigma.rule.Selection;
import redoubt.engine.sigma.rule.SigmaRule;
import redoubt.engine.sigma.vectors.Gap.Reason;

/// Derives test vectors from rules: for each test of a rule two sequences of events of this host
/// that differ in whether that test passes, and of which one is reported and the other is not
/// (MC/DC). Not thread-safe; made for one derivation.
///
/// What must be reported the builder's own reading of the rules says, and then the engine is asked.
/// Where both disagree there is a gap of its own kind, and no vector.
public final class VectorBuilder {
  private static final int MOST_TESTS = 4_096;
  private static final Duration SHORTEST_STEP = Duration.ofHours(25);

  private final RuleFiles.Result rules;
  private final Prober prober;
  private final Outcome outcome;
  private final Correlating correlating;
  private final List<Planned> plan = new ArrayList<>();
  private final Set<String> keys = new HashSet<>();
  private final Set<String> names = new HashSet<>();
  private final Set<String> shown = new HashSet<>();
  private final int mostVectors;
  private Numbering next;

  private VectorBuilder(RuleFiles.Result rules) {
    this.rules = rules;
    Detector detector = new Detector(rules);
    prober = new Prober(detector);
    outcome = new Outcome(detector);
    correlating = new Correlating(rules, prober);
    Duration step =
        rules.correlations().stream()
            .map(rule -> rule.timespan().plus(SHORTEST_STEP))
            .max(Comparator.naturalOrder())
            .orElse(SHORTEST_STEP);
    long nanos = step.compareTo(Duration.ofDays(36_500)) < 0 ? step.toNanos() : Long.MAX_VALUE / 4;
    mostVectors = Numbering.most(nanos);
    next = new Numbering(0, nanos);
    for (RuleProblem problem : detector.problems()) {
      outcome.gap(problem.origin().toString(), Reason.UNSUPPORTED, problem.reason());
    }
  }

  /// Derives vectors. Takes a few milliseconds for each rule, a second for one with thousands of
  /// tests.
  ///
  /// @param progress gets the number of rules that are done, after each
  public static Derived derive(RuleFiles.Result rules, IntConsumer progress) {
    return new VectorBuilder(rules).derive(progress);
  }

  private Derived derive(IntConsumer progress) {
    int done = 0;
    for (SigmaRule rule : rules.rules()) {
      solve(rule);
      progress.accept(++done);
    }
    for (CorrelationRule rule : rules.correlations()) {
      solve(rule);
      progress.accept(++done);
    }
    for (SigmaRule rule : rules.rules()) {
      if (correlating.isSilent(rule) && !shown.contains(rule.key())) {
        outcome.gap(rule.key(), Reason.UNSUPPORTED, "no vector shows a correlation about it");
      }
    }
    plan.sort(Comparator.comparingLong(planned -> planned.activity().getFirst().timeNanos()));
    return outcome.run(plan);
  }

  private void solve(SigmaRule rule) {
    List<Shape> shapes = shapes(rule);
    if (shapes.isEmpty()) {
      outcome.gap(rule.key(), Reason.LOG_SOURCE, "no event of this host: " + rule.logSource());
      return;
    }
    Tree tree = Tree.of(rule.selection());
    outcome.begin(rule.key(), tree.leaves().size());
    if (!isUsable(rule.key(), tree.leaves().size())) {
      return;
    }
    RuleSolver solver = new RuleSolver(tree, shapes, prober, next);
    try {
      solver.solve();
    } catch (Reference.TooCostly e) {
      outcome.gap(rule.key(), Reason.UNSUPPORTED, String.valueOf(e.getMessage()));
      return;
    }
    next = solver.next();
    correlating.solved(rule, tree, solver.examples());
    for (int test = 0; test < tree.leaves().size(); test++) {
      String words = nameOf(rule, tree, test);
      Boolean masked = solver.covered().get(test);
      if (masked == null) {
        uncovered(rule.key(), solver, tree.leaves().get(test), test, words);
      } else {
        outcome.covered(words, masked);
      }
    }
    if (!solver.isReported()) {
      outcome.gap(rule.key(), Reason.UNDECIDED, "no event was found in which it is reported");
    }
    if (correlating.isSilent(rule)) {
      return;
    }
    for (RuleSolver.Example example : solver.examples()) {
      Set<String> tests = new LinkedHashSet<>();
      example.tests().forEach(test -> tests.add(nameOf(rule, tree, test)));
      plan.add(
          new Planned(
              name(rule.key()),
              rule,
              rule,
              example.reported(),
              List.of(example.made().event()),
              tests));
    }
  }

  private void solve(CorrelationRule rule) {
    List<SigmaRule> members = correlating.members(rule);
    if (members == null) {
      outcome.gap(rule.key(), Reason.UNSUPPORTED, "it is about a rule that no vector shows");
      return;
    }
    CorrelationSolver solver = new CorrelationSolver(rule, members, correlating);
    if (solver.holdsOfNothing()) {
      outcome.gap(
          rule.key(), Reason.UNSUPPORTED, "it holds of no matches too: it is reported only once");
      return;
    }
    List<CorrelationSolver.Step> steps = solver.reported();
    List<HostEvent> activity = solver.activity(steps, next, null, null);
    if (activity == null || !correlating.isReported(rule, members, activity)) {
      outcome.gap(rule.key(), Reason.UNDECIDED, "no events were found in which it is reported");
      return;
    }
    List<CorrelationSolver.Sibling> siblings = solver.siblings(steps);
    outcome.begin(rule.key(), siblings.size());
    if (!isUsable(rule.key(), siblings.size())) {
      return;
    }
    if (correlating.isSilent(rule)) {
      outcome.gap(rule.key(), Reason.UNSUPPORTED, "it is only seen through a correlation about it");
      return;
    }
    advance();
    Set<String> tests = new LinkedHashSet<>();
    for (CorrelationSolver.Sibling sibling : siblings) {
      String words = WireText.cut(rule.key() + " " + sibling.test(), WireLimits.REASON_CHARS);
      List<HostEvent> other = solver.activity(sibling.steps(), next, null, null);
      if (other == null || correlating.isReported(rule, members, other)) {
        outcome.gap(rule.key(), Reason.UNDECIDED, "no events show that it counts: " + words);
      } else {
        advance();
        tests.add(words);
        outcome.covered(words, false);
        plan.add(new Planned(name(rule.key()), rule, rule, false, other, Set.of(words)));
      }
    }
    plan.add(new Planned(name(rule.key()), rule, rule, true, activity, tests));
    members.stream()
        .distinct()
        .forEach(member -> showThrough(rule, members, solver, steps, member));
  }

  /// Plans the vectors of a rule whose own matches are not reported: those of a correlation about
  /// it, with its events among them.
  private void showThrough(
      CorrelationRule rule,
      List<SigmaRule> members,
      CorrelationSolver solver,
      List<CorrelationSolver.Step> steps,
      SigmaRule member) {
    if (!correlating.isSilent(member) || !shown.add(member.key())) {
      return;
    }
    Tree tree = Tree.of(member.selection());
    for (RuleSolver.Example example : correlating.requireSolved(member).examples()) {
      List<HostEvent> activity = solver.activity(steps, example.number(), member, example);
      boolean shows =
          activity != null && correlating.isReported(rule, members, activity) == example.reported();
      Set<String> tests = new LinkedHashSet<>();
      example.tests().forEach(test -> tests.add(nameOf(member, tree, test)));
      if (activity != null && shows) {
        plan.add(
            new Planned(name(member.key()), member, rule, example.reported(), activity, tests));
      } else {
        tests.forEach(test -> outcome.uncovered(member.key(), test));
      }
    }
  }

  private void advance() {
    next = next.next();
  }

  private boolean isUsable(String key, int tests) {
    if (key.isEmpty() || key.length() > WireLimits.NAME_CHARS || !keys.add(key)) {
      outcome.gap(key, Reason.KEY, "its key is empty, too long or another rule's");
      return false;
    }
    if (tests > MOST_TESTS || next.number() + 2L * tests + 2 > mostVectors) {
      outcome.gap(key, Reason.LIMIT, "too many tests: tests=" + tests);
      return false;
    }
    return true;
  }

  private void uncovered(String key, RuleSolver solver, Leaf leaf, int test, String words) {
    if (!solver.isThere(leaf)) {
      outcome.gap(key, Reason.FIELD, "no event of the log source has the field: " + words);
      return;
    }
    Boolean always = solver.outcomeWhereItDecides(test);
    if (always == null) {
      outcome.gap(key, Reason.UNDECIDED, "no events were found that differ in it alone: " + words);
    } else {
      String what = always ? "it passes" : "it fails";
      outcome.gap(key, Reason.REDUNDANT, "wherever it could decide, " + what + " anyway: " + words);
    }
  }

  private static String nameOf(SigmaRule rule, Tree tree, int test) {
    return WireText.cut(rule.key() + " " + tree.leaves().get(test), WireLimits.REASON_CHARS);
  }

  /// A name that no vector has yet.
  private String name(String key) {
    String start = WireText.cut(key, WireLimits.NAME_CHARS - 8);
    int number = 1;
    while (!names.add(start + " " + number)) {
      number++;
    }
    return start + " " + number;
  }

  /// The kinds of events that the rule is for; first those that have most of its fields.
  private static List<Shape> shapes(SigmaRule rule) {
    Set<String> fields = new HashSet<>();
    collect(rule.selection(), fields);
    List<Shape> shapes = new ArrayList<>();
    for (Shape shape : Shape.values()) {
      if (isFor(rule.logSource(), shape)) {
        shapes.add(shape);
      }
    }
    Comparator<Shape> byFields =
        Comparator.comparingLong(shape -> -fields.stream().filter(shape::has).count());
    shapes.sort(byFields);
    return List.copyOf(shapes);
  }

  private static boolean isFor(LogSource source, Shape shape) {
    EventClass kind = LiveRules.kinds().get(shape.classes().getFirst());
    return kind != null && kind.belongsTo(source);
  }

  private static void collect(Selection selection, Set<String> fields) {
    Tree.of(selection).leaves().forEach(leaf -> fields.add(leaf.field()));
  }
}
