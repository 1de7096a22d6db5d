package redoubt.engine.sigma.vectors;

import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.IdentityHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;
import redoubt.core.model.HostEvent;
import redoubt.core.wire.BundleCodec;
import redoubt.core.wire.TestVector;
import redoubt.engine.sigma.Detector;
import redoubt.engine.sigma.live.LiveRules;
import redoubt.engine.sigma.rule.Rule;
import redoubt.engine.sigma.vectors.Gap.Reason;

/// Runs planned vectors through the engine, and keeps account of what is covered and what is not.
/// Not thread-safe.
final class Outcome {
  private final LiveRules engine;
  private final List<Gap> gaps = new ArrayList<>();
  private final Set<String> rules = new LinkedHashSet<>();
  private final Set<String> withGaps = new HashSet<>();
  private final Map<String, Boolean> maskedByTest = new HashMap<>();
  private int tests;

  Outcome(Detector detector) {
    engine = new LiveRules(detector);
  }

  /// A rule with so many tests that is to be covered.
  void begin(String rule, int count) {
    rules.add(rule);
    tests += count;
  }

  void gap(String rule, Reason reason, String what) {
    gaps.add(new Gap(rule, reason, what));
    withGaps.add(rule);
  }

  /// A test is shown to decide.
  ///
  /// @param masked whether by vectors that differ in other tests too
  void covered(String test, boolean masked) {
    maskedByTest.put(test, masked);
  }

  /// A test that was thought to be shown is not.
  void uncovered(String rule, String test) {
    maskedByTest.remove(test);
    gap(rule, Reason.UNDECIDED, "a correlation does not show it: " + test);
  }

  /// Runs the vectors, in their order, and keeps those that come out as planned.
  Derived run(List<Planned> plan) {
    List<TestVector> vectors = new ArrayList<>();
    for (Planned planned : plan) {
      TestVector vector = run(planned);
      if (vector == null) {
        planned.tests().forEach(maskedByTest::remove);
      } else {
        vectors.add(vector);
      }
    }
    int masked = (int) maskedByTest.values().stream().filter(each -> each).count();
    Set<String> without = new HashSet<>(rules);
    without.removeAll(withGaps);
    return new Derived(
        vectors,
        gaps,
        new Derived.Coverage(rules.size(), without.size(), tests, maskedByTest.size(), masked));
  }

  private @Nullable TestVector run(Planned planned) {
    Set<Rule> found = Collections.newSetFromMap(new IdentityHashMap<>());
    for (HostEvent event : planned.activity()) {
      engine.detect(event, each -> found.add(each.rule()));
    }
    String key = planned.about().key();
    if (found.contains(planned.observed()) != planned.reported()) {
      gap(
          key,
          Reason.DISAGREEMENT,
          "the reference says reported=" + planned.reported() + ": " + planned.activity());
      return null;
    }
    Set<String> reported = new TreeSet<>();
    found.forEach(rule -> reported.add(rule.key()));
    TestVector vector =
        TestVector.ofActivity(planned.name(), planned.activity(), reported, covers(planned));
    try {
      var _ = BundleCodec.encode(vector);
      return vector;
    } catch (IllegalArgumentException e) {
      gap(key, Reason.LIMIT, "a vector has no room for it: " + e.getMessage());
      return null;
    }
  }

  private static Set<String> covers(Planned planned) {
    Set<String> covers = new LinkedHashSet<>();
    if (planned.reported()) {
      covers.add(planned.about().key());
    }
    for (String test : planned.tests()) {
      if (covers.size() < TestVector.MOST_COVERED) {
        covers.add(test);
      }
    }
    return covers;
  }
}
