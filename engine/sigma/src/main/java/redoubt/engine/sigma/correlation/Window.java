package redoubt.engine.sigma.correlation;

import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;
import redoubt.engine.sigma.event.Numbers;

/// What is remembered of the matches within a timespan, for one combination of values. Each match
/// costs the same, however long the timespan is.
///
/// Times are in milliseconds and never go back.
sealed interface Window {
  /// Takes note of a match, and forgets those before `earliest`.
  ///
  /// @param member which of the correlation's rules matched
  /// @param value what the correlation's fields held, if it asks for some
  /// @return what the correlation's conditions are about; for temporal types 1 if all is there,
  ///   else 0
  double add(int member, long time, long earliest, String value);

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

  /// Whether each rule matched.
  final class Together implements Window {
    private final long[] lastSeen;

    Together(int members) {
      lastSeen = new long[members];
      Arrays.fill(lastSeen, Long.MIN_VALUE);
    }

    @Override
    public double add(int member, long time, long earliest, String value) {
      lastSeen[member] = time;
      for (long seen : lastSeen) {
        if (seen < earliest) {
          return 0;
        }
      }
      return 1;
    }

    @Override
    public int size() {
      return lastSeen.length;
    }
  }

  /// Whether each rule matched, none before the one that stands before it.
  final class InOrder implements Window {
    /// By rule: when the latest sequence began that has come so far.
    private final long[] began;

    InOrder(int members) {
      began = new long[members];
      Arrays.fill(began, Long.MIN_VALUE);
    }

    @Override
    public double add(int member, long time, long earliest, String value) {
      long start = member == 0 ? time : began[member - 1];
      if (start < earliest) {
        return 0;
      }
      began[member] = Math.max(began[member], start);
      if (member < began.length - 1) {
        return 0;
      }
      Arrays.fill(began, Long.MIN_VALUE);
      return 1;
    }

    @Override
    public int size() {
      return began.length;
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
