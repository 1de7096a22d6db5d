package redoubt.agent.hook;

import java.util.concurrent.atomic.AtomicInteger;
import redoubt.core.linux.Descriptors;

/// How many more operations may be read before descriptors run out.
///
/// Where the kernel finds no descriptor for a reader it denies the operation by itself
/// (`linux-hooks`, F4), so the agent never reads more events than it can hold. Thread-safe,
/// allocation-free.
public final class DescriptorBudget {
  /// The descriptors that one operation holds: the file's and the process's.
  private static final int PER_OPERATION = 2;

  /// The most operations under way, whatever the descriptor limit.
  private static final int MOST_UNDER_WAY = 8_192;

  /// Descriptors for everything else: files, sockets, engines.
  private static final int RESERVED = 1_024;

  private final AtomicInteger room;
  private final int capacity;

  /// The budget of this process, by its descriptor limit as it is now.
  public static DescriptorBudget ofProcess() {
    return new DescriptorBudget(Descriptors.limit(), RESERVED, MOST_UNDER_WAY);
  }

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
