package redoubt.core.search;

import java.util.Arrays;

/// A list of numbers that grows. Not thread-safe.
public final class IntList {
  private int[] numbers = new int[4];
  private int size;

  /// An empty list.
  public IntList() {}

  /// Appends a number.
  public void add(int number) {
    if (size == numbers.length) {
      numbers = Arrays.copyOf(numbers, 2 * size);
    }
    numbers[size++] = number;
  }

  /// The number at a place.
  public int get(int index) {
    return numbers[index];
  }

  /// How many there are.
  public int size() {
    return size;
  }

  /// Takes all away.
  public void clear() {
    size = 0;
  }

  /// All, in order.
  public int[] toArray() {
    return Arrays.copyOf(numbers, size);
  }
}
