package redoubt.engine.sigma.vectors;

import java.util.BitSet;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SplittableRandom;
import org.jspecify.annotations.Nullable;

/// Solves one rule about single events: finds for each test two events that differ in it alone and
/// of which one is reported. Not thread-safe.
///
/// Events are told apart by the tests that they pass, so one event serves many tests. The search
/// begins at events that there are already, then tries the simplest ways and then drawn ones; the
/// same rule draws the same.
final class RuleSolver {
  private static final int ATTEMPTS = 32;
  private static final int KNOWN_TRIED = 4;
  private static final int KNOWN_LOOKED_AT = 32;
  private static final int LOOKED_AT_TO_EXPLAIN = 32;
  private static final long SEED = 0x5eed;

  private final Tree tree;
  private final List<Shape> shapes;
  private final Realiser realiser;
  private final Map<BitSet, Example> examples = new LinkedHashMap<>();
  private final Map<Integer, Boolean> covered = new HashMap<>();
  private Numbering next;

  /// An event that shows tests at work.
  ///
  /// @param tests those that it shows
  record Example(Realiser.Made made, Numbering number, boolean reported, Set<Integer> tests) {}

  /// Two events that show a test at work; the second may be one that was there before.
  private record Pair(Realiser.Made one, Realiser.Made other, boolean masked) {}

  /// @param next the numbers of the next vector
  RuleSolver(Tree tree, List<Shape> shapes, Prober prober, Numbering next) {
    this.tree = tree;
    this.shapes = shapes;
    this.next = next;
    realiser = new Realiser(tree, tree.leaves().stream().map(Reference::of).toList(), prober);
  }

  /// Solves the rule.
  void solve() {
    for (int test = 0; test < tree.leaves().size(); test++) {
      Pair pair = isThere(tree.leaves().get(test)) ? solve(test) : null;
      if (pair != null) {
        Example one = keep(pair.one());
        Example other = keep(pair.other());
        one.tests().add(test);
        other.tests().add(test);
        covered.put(test, pair.masked());
      }
    }
    for (int attempt = 0; attempt < ATTEMPTS && !isReported(); attempt++) {
      SplittableRandom choice = choice(-1, attempt);
      Realiser.Made made = make(tree.holding(true, choice), attempt, next, choice);
      if (made != null) {
        keep(made);
      }
    }
  }

  /// The events, in the order in which they were found.
  List<Example> examples() {
    return List.copyOf(examples.values());
  }

  /// Tests that were shown to decide, and whether only by events that differ in others too.
  Map<Integer, Boolean> covered() {
    return Map.copyOf(covered);
  }

  /// Whether there is an event in which the rule is reported.
  boolean isReported() {
    return examples.values().stream().anyMatch(Example::reported);
  }

  /// Whether any event may have what the test is about.
  boolean isThere(Leaf leaf) {
    return leaf.isAnyField() || shapes.stream().anyMatch(shape -> shape.has(leaf.field()));
  }

  /// How a test that was not shown to decide comes out in events in which it could.
  ///
  /// @return true if it passes in all that were found, false if it fails in all; null if there are
  ///   none, or it does both
  @Nullable Boolean outcomeWhereItDecides(int test) {
    int passed = 0;
    int failed = 0;
    for (int attempt = 0; attempt < LOOKED_AT_TO_EXPLAIN; attempt++) {
      SplittableRandom choice = choice(test, attempt);
      Realiser.Made made = make(tree.deciding(test, choice), attempt, next, choice);
      if (made != null && tree.decides(test, made.passing())) {
        passed += made.passing().get(test) ? 1 : 0;
        failed += made.passing().get(test) ? 0 : 1;
      }
    }
    return (passed == 0) == (failed == 0) ? null : Boolean.valueOf(passed > 0);
  }

  /// The numbers of the vector after those that were used.
  Numbering next() {
    return next;
  }

  private Example keep(Realiser.Made made) {
    Example known = examples.get(made.passing());
    if (known != null) {
      return known;
    }
    Example example = new Example(made, next, tree.holds(made.passing()), new LinkedHashSet<>());
    examples.put(made.passing(), example);
    next = next.next();
    return example;
  }

  private @Nullable Pair solve(int test) {
    for (Example example : examples.values()) {
      Example other = examples.get(Tree.flipped(example.made().passing(), test));
      if (other != null && other.reported() != example.reported()) {
        return new Pair(example.made(), other.made(), false);
      }
    }
    for (Realiser.Made made : known(test)) {
      Realiser.Made other = make(wishFor(Tree.flipped(made.passing(), test)), 0, next, null);
      if (other != null && isOpposite(made, other, test)) {
        return new Pair(made, other, false);
      }
    }
    return search(test);
  }

  /// Some of the events that there are in which the test decides.
  private List<Realiser.Made> known(int test) {
    return examples.values().stream()
        .map(Example::made)
        .limit(KNOWN_LOOKED_AT)
        .filter(made -> tree.decides(test, made.passing()))
        .limit(KNOWN_TRIED)
        .toList();
  }

  private @Nullable Pair search(int test) {
    Pair masked = null;
    for (int attempt = 0; attempt < ATTEMPTS; attempt++) {
      for (boolean first : new boolean[] {true, false}) {
        Pair pair = attempt(test, attempt, first);
        if (pair != null && !pair.masked()) {
          return pair;
        }
        masked = masked == null ? pair : masked;
      }
    }
    return masked;
  }

  /// @param first whether the test passes in the event that is made first
  private @Nullable Pair attempt(int test, int attempt, boolean first) {
    SplittableRandom choice = choice(test, attempt);
    Tree.Wish wish = tree.deciding(test, choice);
    (first ? wish.passing() : wish.failing()).set(test);
    Realiser.Made one = make(wish, attempt, next, choice);
    if (one == null || !tree.decides(test, one.passing())) {
      return null;
    }
    BitSet wanted = Tree.flipped(one.passing(), test);
    Example known = examples.get(wanted);
    if (known != null) {
      return new Pair(one, known.made(), false);
    }
    Numbering second = examples.containsKey(one.passing()) ? next : next.next();
    Realiser.Made other = make(wishFor(wanted), attempt, second, choice);
    if (other == null) {
      (first ? wish.passing() : wish.failing()).clear(test);
      (first ? wish.failing() : wish.passing()).set(test);
      other = make(wish, attempt, second, choice);
    }
    if (other == null || tree.holds(other.passing()) == tree.holds(one.passing())) {
      return null;
    }
    if (isOpposite(one, other, test)) {
      return new Pair(one, other, false);
    }
    return tree.decides(test, other.passing()) ? new Pair(one, other, true) : null;
  }

  private static boolean isOpposite(Realiser.Made one, Realiser.Made other, int test) {
    return other.passing().equals(Tree.flipped(one.passing(), test));
  }

  /// What passes is to pass, and nothing else.
  private Tree.Wish wishFor(BitSet passing) {
    Tree.Wish wish = new Tree.Wish();
    wish.passing().or(passing);
    wish.failing().set(0, tree.leaves().size());
    wish.failing().andNot(passing);
    return wish;
  }

  private Realiser.@Nullable Made make(
      Tree.Wish wish, int attempt, Numbering number, @Nullable SplittableRandom choice) {
    for (int i = 0; i < shapes.size(); i++) {
      Shape shape = shapes.get((i + attempt) % shapes.size());
      Realiser.Made made = realiser.make(wish, shape, number, choice);
      if (made != null) {
        return made;
      }
    }
    return null;
  }

  private static @Nullable SplittableRandom choice(int test, int attempt) {
    return attempt == 0 ? null : new SplittableRandom(SEED + 1_000_003L * test + attempt);
  }
}
