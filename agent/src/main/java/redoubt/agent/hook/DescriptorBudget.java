package redoubt.agent.hook;

import java.util.concurrent.atomic.AtomicInteger;

/// How many more operations may be read before descriptors run out.
///
/// Where the kernel finds no descriptor for a reader it denies the operation by itself
/// (`linux-hooks`, F4), so the agent never reads more events than it can hold. Thread-safe,
/// allocation-free.
public final class DescriptorBudget {
  /// The descriptors that one operation holds: the file's and the process's.
  private static final int PER_OPERATION = 2;

  private final AtomicInteger room;
  private final int capacity;

  /// @param descriptorLimit the process's descriptor limit
  /// @param reserved descriptors kept for everything else
  /// @param most the most operations under way, whatever the limit
  public DescriptorBudget(int descriptorLimit, int reserved, int most) {
    capacity = Math.max(1, Math.min(most, (descriptorLimit - reserved) / PER_OPERATION));
    room = new AtomicInteger(capacity);
  }

  /// The most operations that can be under way.
  public int capacity() {
    return capacity;
  }

  /// Reserves room for up to `wanted` operations and says for how many.
  public int reserve(int wanted) {
    while (true) {
      int left = room.get();
      int granted = Math.min(wanted, left);
      if (granted <= 0) {
        return 0;
      }
      if (room.compareAndSet(left, left - granted)) {
        return granted;
      }
    }
  }

  /// Gives room back.
  public void release(int count) {
    room.addAndGet(count);
  }

  /// Operations under way.
  public int used() {
    return capacity - room.get();
  }
}
