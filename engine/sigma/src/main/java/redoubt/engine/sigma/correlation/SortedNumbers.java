package redoubt.engine.sigma.correlation;

import java.util.Arrays;

/// Numbers in order.
final class SortedNumbers {
  private double[] numbers = new double[16];
  private int size;

  void add(double number) {
    if (size == numbers.length) {
      numbers = Arrays.copyOf(numbers, 2 * size);
    }
    int at = position(number);
    System.arraycopy(numbers, at, numbers, at + 1, size - at);
    numbers[at] = number;
    size++;
  }

  /// Takes away one that is there.
  void remove(double number) {
    int at = Arrays.binarySearch(numbers, 0, size, number);
    if (at < 0) {
      throw new IllegalStateException("no such number: number=" + number);
    }
    System.arraycopy(numbers, at + 1, numbers, at, size - at - 1);
    size--;
  }

  private int position(double number) {
    int found = Arrays.binarySearch(numbers, 0, size, number);
    return found < 0 ? -found - 1 : found;
  }

  /// The middle one, or the mean of the two in the middle.
  double median() {
    return (numbers[(size - 1) / 2] + numbers[size / 2]) / 2;
  }

  /// The smallest that so many per cent do not exceed (nearest rank).
  double percentile(double percentile) {
    int rank = (int) Math.ceil(percentile / 100 * size);
    return numbers[Math.max(1, rank) - 1];
  }
}
