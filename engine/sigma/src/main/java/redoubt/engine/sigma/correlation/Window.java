package redoubt.engine.sigma.correlation;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import redoubt.engine.sigma.event.Numbers;
import redoubt.engine.sigma.rule.Alternative;

/// What is remembered of the matches within a timespan, for one combination of values. Each match
/// costs the same, however long the timespan is.
///
/// Times are in milliseconds and never go back.
sealed interface Window {
  /// Makes known that a rule has matched, before any match of the same event is added.
  default void announce(int member, long time) {}

  /// Takes note of a match, and forgets those before `earliest`.
  ///
  /// @param member which of the correlation's rules matched
  /// @param value what the correlation's fields held, if it asks for some
  /// @return what the correlation's conditions are about; for temporal types 1 if an alternative
  ///   holds, else 0
  double add(int member, long time, long earliest, String value);

  /// Whether what held after the last match no longer does, without a further one.
  default boolean hasLapsed(long earliest) {
    return false;
  }

  /// How many matches or values are remembered.
  int size();

  /// How many matches there are, up to a number that is as good as any larger one.
  final class Count implements Window {
    private final int most;
    private long[] times = new long[4];
    private int first;
    private int size;

    Count(int most) {
      this.most = most;
    }

    @Override
    public double add(int member, long time, long earliest, String value) {
      while (size > 0 && times[first] < earliest) {
        drop();
      }
      if (size == most) {
        drop();
      } else if (size == times.length) {
        grow();
      }
      times[(first + size) % times.length] = time;
      size++;
      return size;
    }

    @Override
    public int size() {
      return size;
    }

    private void grow() {
      long[] larger = new long[Math.min(most, 2 * size)];
      for (int i = 0; i < size; i++) {
        larger[i] = times[(first + i) % times.length];
      }
      times = larger;
      first = 0;
    }

    private void drop() {
      first = (first + 1) % times.length;
      size--;
    }
  }

  /// How many different values there are, up to a number that is as good as any larger one.
  final class ValueCount implements Window {
    private final Map<String, Long> lastSeen = new LinkedHashMap<>(16, 0.75f, true);
    private final int most;

    ValueCount(int most) {
      this.most = most;
    }

    @Override
    public double add(int member, long time, long earliest, String value) {
      lastSeen.put(value, time);
      Iterator<Long> oldest = lastSeen.values().iterator();
      while (oldest.hasNext()) {
        if (oldest.next() >= earliest && lastSeen.size() <= most) {
          break;
        }
        oldest.remove();
      }
      return lastSeen.size();
    }

    @Override
    public int size() {
      return lastSeen.size();
    }
  }

  /// Whether the rules of an alternative matched, in whichever order.
  final class Together implements Window {
    private final List<Alternative> alternatives;
    private final long[] lastSeen;

    Together(List<Alternative> alternatives, int members) {
      this.alternatives = alternatives;
      lastSeen = new long[members];
      Arrays.fill(lastSeen, Long.MIN_VALUE);
    }

    @Override
    public void announce(int member, long time) {
      lastSeen[member] = time;
    }

    @Override
    public double add(int member, long time, long earliest, String value) {
      return holds(earliest) ? 1 : 0;
    }

    @Override
    public boolean hasLapsed(long earliest) {
      return !holds(earliest);
    }

    private boolean holds(long earliest) {
      for (Alternative alternative : alternatives) {
        if (alternative.holds(member -> lastSeen[member] >= earliest)) {
          return true;
        }
      }
      return false;
    }

    @Override
    public int size() {
      return lastSeen.length;
    }
  }

  /// Whether the rules of an alternative matched, none before the one that stands before it. Those
  /// that it forbids must not have matched at all.
  final class InOrder implements Window {
    private final List<Order> orders = new ArrayList<>();
    private final long[] lastSeen;

    /// How far an alternative has come.
    private static final class Order {
      final Alternative alternative;

      /// By rule that it requires: when the latest sequence began that has come so far.
      final long[] began;

      Order(Alternative alternative) {
        this.alternative = alternative;
        began = new long[alternative.required().size()];
        Arrays.fill(began, Long.MIN_VALUE);
      }

      /// @return whether the rule was the last of a sequence
      boolean add(int member, long time, long earliest) {
        int at = alternative.required().indexOf(member);
        if (at < 0) {
          return false;
        }
        long start = at == 0 ? time : began[at - 1];
        if (start < earliest) {
          return false;
        }
        began[at] = Math.max(began[at], start);
        return at == began.length - 1;
      }
    }

    InOrder(List<Alternative> alternatives, int members) {
      alternatives.forEach(alternative -> orders.add(new Order(alternative)));
      lastSeen = new long[members];
      Arrays.fill(lastSeen, Long.MIN_VALUE);
    }

    @Override
    public void announce(int member, long time) {
      lastSeen[member] = time;
    }

    @Override
    public double add(int member, long time, long earliest, String value) {
      double complete = 0;
      for (Order order : orders) {
        if (order.add(member, time, earliest)
            && order.alternative.holds(other -> lastSeen[other] >= earliest)) {
          Arrays.fill(order.began, Long.MIN_VALUE);
          complete = 1;
        }
      }
      return complete;
    }

    @Override
    public int size() {
      return lastSeen.length * (1 + orders.size());
    }
  }

  /// The numbers in a field.
  final class Statistic implements Window {
    /// What is computed of them.
    enum Kind {
      SUM,
      MEAN,
      MEDIAN,
      PERCENTILE
    }

    private static final int VALUES_LIMIT = 20_000;

    private final Kind kind;
    private final double percentile;
    private final SortedNumbers sorted = new SortedNumbers();
    private final ArrayDeque<Timed> values = new ArrayDeque<>();
    private double sum;

    private record Timed(long time, double number) {}

    Statistic(Kind kind, double percentile) {
      this.kind = kind;
      this.percentile = percentile;
    }

    @Override
    public double add(int member, long time, long earliest, String value) {
      double number = Numbers.parse(value);
      values.addLast(new Timed(time, number));
      sum += number;
      if (isSorted()) {
        sorted.add(number);
      }
      while (values.getFirst().time() < earliest || values.size() > VALUES_LIMIT) {
        double gone = values.removeFirst().number();
        sum -= gone;
        if (isSorted()) {
          sorted.remove(gone);
        }
      }
      return switch (kind) {
        case SUM -> sum;
        case MEAN -> sum / values.size();
        case MEDIAN -> sorted.median();
        case PERCENTILE -> sorted.percentile(percentile);
      };
    }

    @Override
    public int size() {
      return values.size();
    }

    private boolean isSorted() {
      return kind == Kind.MEDIAN || kind == Kind.PERCENTILE;
    }
  }
}
