package redoubt.engine.sigma.vectors;

import java.util.ArrayList;
import java.util.BitSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import redoubt.engine.sigma.rule.Selection;

/// What a rule asks, as a tree over its tests; the same test of the same field is one, however
/// often it stands there. Immutable.
///
/// @param leaves the tests, by number
record Tree(Node root, List<Leaf> leaves) {
  /// A condition. `tests` are those that stand below it.
  sealed interface Node {
    BitSet tests();
  }

  record One(int leaf, BitSet tests) implements Node {}

  record Opposite(Node part, BitSet tests) implements Node {}

  /// @param all whether all parts must hold, rather than one
  record Several(boolean all, List<Node> parts, BitSet tests) implements Node {}

  /// Outcomes that are wanted of tests.
  record Wish(BitSet passing, BitSet failing) {
    Wish() {
      this(new BitSet(), new BitSet());
    }

    /// Whether no test is to do both.
    boolean isPossible() {
      return !passing.intersects(failing);
    }
  }

  Tree {
    leaves = List.copyOf(leaves);
  }

  static Tree of(Selection selection) {
    Map<Leaf, Integer> numbers = new LinkedHashMap<>();
    Node root = node(selection, numbers);
    return new Tree(root, new ArrayList<>(numbers.keySet()));
  }

  private static Node node(Selection selection, Map<Leaf, Integer> numbers) {
    return switch (selection) {
      case Selection.AllOf(List<Selection> parts) -> several(true, parts, numbers);
      case Selection.AnyOf(List<Selection> parts) -> several(false, parts, numbers);
      case Selection.Not(Selection part) -> {
        Node inner = node(part, numbers);
        yield new Opposite(inner, inner.tests());
      }
      case Selection.Item(Selection tests) -> node(tests, numbers);
      case Selection.Field(String field, var test) -> leaf(new Leaf(field, test), numbers);
      case Selection.AnyField(var test) -> leaf(new Leaf("", test), numbers);
    };
  }

  private static Node leaf(Leaf leaf, Map<Leaf, Integer> numbers) {
    int number = numbers.computeIfAbsent(leaf, _ -> numbers.size());
    BitSet tests = new BitSet();
    tests.set(number);
    return new One(number, tests);
  }

  private static Node several(boolean all, List<Selection> parts, Map<Leaf, Integer> numbers) {
    List<Node> nodes = new ArrayList<>();
    BitSet tests = new BitSet();
    for (Selection part : parts) {
      Node node = node(part, numbers);
      nodes.add(node);
      tests.or(node.tests());
    }
    return new Several(all, nodes, tests);
  }

  /// Whether the rule is reported of an event, by which of its tests pass.
  boolean holds(BitSet passing) {
    return holds(root, passing);
  }

  private static boolean holds(Node node, BitSet passing) {
    return switch (node) {
      case One(int leaf, _) -> passing.get(leaf);
      case Opposite(Node part, _) -> !holds(part, passing);
      case Several(boolean all, List<Node> parts, _) -> {
        for (Node part : parts) {
          if (holds(part, passing) != all) {
            yield !all;
          }
        }
        yield all;
      }
    };
  }

  /// Whether the rule's outcome is another if that of one test is.
  boolean decides(int leaf, BitSet passing) {
    return holds(passing) != holds(flipped(passing, leaf));
  }

  static BitSet flipped(BitSet passing, int leaf) {
    BitSet other = (BitSet) passing.clone();
    other.flip(leaf);
    return other;
  }

  /// Outcomes of other tests with which one decides, as far as can be said without values.
  ///
  /// @param choice draws between several ways; null for the first
  Wish deciding(int leaf, @Nullable SplittableRandom choice) {
    Wish wish = new Wish();
    decide(root, leaf, choice, wish);
    wish.passing().clear(leaf);
    wish.failing().clear(leaf);
    return wish;
  }

  /// Outcomes with which the rule is reported, or not.
  Wish holding(boolean holding, @Nullable SplittableRandom choice) {
    Wish wish = new Wish();
    want(root, holding, choice, wish);
    return wish;
  }

  private static void decide(Node node, int leaf, @Nullable SplittableRandom choice, Wish wish) {
    switch (node) {
      case One _ -> {}
      case Opposite(Node part, _) -> decide(part, leaf, choice, wish);
      case Several(boolean all, List<Node> parts, _) -> {
        int[] with =
            IntStream.range(0, parts.size()).filter(i -> parts.get(i).tests().get(leaf)).toArray();
        int through = with[choice == null ? 0 : choice.nextInt(with.length)];
        for (int i = 0; i < parts.size(); i++) {
          Node part = parts.get(i);
          if (i == through) {
            decide(part, leaf, choice, wish);
          } else if (!(part instanceof One(int same, _) && same == leaf)) {
            want(part, all, choice, wish);
          }
        }
      }
    }
  }

  private static void want(
      Node node, boolean holding, @Nullable SplittableRandom choice, Wish wish) {
    switch (node) {
      case One(int leaf, _) -> (holding ? wish.passing() : wish.failing()).set(leaf);
      case Opposite(Node part, _) -> want(part, !holding, choice, wish);
      case Several(boolean all, List<Node> parts, _) -> {
        if (all == holding) {
          parts.forEach(part -> want(part, holding, choice, wish));
        } else {
          want(chosen(parts, choice, wish, holding), holding, choice, wish);
        }
      }
    }
  }

  /// One that is wanted already, or else the first or any.
  private static Node chosen(
      List<Node> parts, @Nullable SplittableRandom choice, Wish wish, boolean holding) {
    BitSet wanted = holding ? wish.passing() : wish.failing();
    for (Node part : parts) {
      if (part instanceof One(int leaf, _) && wanted.get(leaf)) {
        return part;
      }
    }
    if (choice != null) {
      return parts.get(choice.nextInt(parts.size()));
    }
    return parts.getFirst();
  }
}
