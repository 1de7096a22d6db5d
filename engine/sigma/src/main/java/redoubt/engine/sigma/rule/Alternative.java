package redoubt.engine.sigma.rule;

import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.IntPredicate;
import java.util.stream.IntStream;

/// One of the ways in which the condition of a temporal correlation may come to hold.
///
/// @param required numbers of the rules that must have matched, ascending
/// @param forbidden numbers of the rules that must not have matched, ascending
public record Alternative(List<Integer> required, List<Integer> forbidden) {
  /// What always holds.
  static final Alternative ALWAYS = new Alternative(List.of(), List.of());

  public Alternative {
    required = List.copyOf(required);
    forbidden = List.copyOf(forbidden);
  }

  /// All of so many rules.
  static Alternative ofAll(int rules) {
    return new Alternative(IntStream.range(0, rules).boxed().toList(), List.of());
  }

  /// Whether it holds.
  ///
  /// @param matched whether a rule matched, by its number
  public boolean holds(IntPredicate matched) {
    for (int rule : required) {
      if (!matched.test(rule)) {
        return false;
      }
    }
    for (int rule : forbidden) {
      if (matched.test(rule)) {
        return false;
      }
    }
    return true;
  }

  /// What holds if one of both does.
  static List<Alternative> either(List<Alternative> some, List<Alternative> others) {
    Set<Alternative> all = new LinkedHashSet<>(some);
    all.addAll(others);
    return List.copyOf(all);
  }

  /// What holds if both do. There may be as many as the product of both.
  static List<Alternative> both(List<Alternative> some, List<Alternative> others) {
    Set<Alternative> all = new LinkedHashSet<>();
    for (Alternative one : some) {
      for (Alternative other : others) {
        Alternative joined =
            new Alternative(
                union(one.required, other.required), union(one.forbidden, other.forbidden));
        if (joined.isPossible()) {
          all.add(joined);
        }
      }
    }
    return List.copyOf(all);
  }

  /// What holds if this does not.
  List<Alternative> opposite() {
    List<Alternative> opposite = new ArrayList<>();
    required.forEach(rule -> opposite.add(new Alternative(List.of(), List.of(rule))));
    forbidden.forEach(rule -> opposite.add(new Alternative(List.of(rule), List.of())));
    return opposite;
  }

  /// The alternatives without those that hold only where another one does too.
  static List<Alternative> withoutNeedless(List<Alternative> all) {
    return all.stream()
        .filter(one -> all.stream().noneMatch(other -> !other.equals(one) && one.implies(other)))
        .toList();
  }

  private boolean implies(Alternative other) {
    return required.containsAll(other.required) && forbidden.containsAll(other.forbidden);
  }

  private boolean isPossible() {
    return required.stream().noneMatch(forbidden::contains);
  }

  private static List<Integer> union(List<Integer> some, List<Integer> others) {
    Set<Integer> all = new TreeSet<>(some);
    all.addAll(others);
    return List.copyOf(all);
  }
}
