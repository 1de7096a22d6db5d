package redoubt.agent.hook;

import redoubt.agent.health.Counter;
import redoubt.agent.health.Counters;
import redoubt.agent.health.TimeSource;
import redoubt.core.model.DecisionBasis;
import redoubt.core.model.Verdict;

/// The only way to an answer: one write per operation, whoever comes first. Thread-safe; does not
/// block, open, log or allocate.
public final class Responder {
  private final Kernel kernel;
  private final DescriptorBudget budget;
  private final Counters counters;
  private final TimeSource time;

  /// Answers through `kernel` and gives descriptors back to `budget`.
  public Responder(Kernel kernel, DescriptorBudget budget, Counters counters, TimeSource time) {
    this.kernel = kernel;
    this.budget = budget;
    this.counters = counters;
    this.time = time;
  }

  /// Answers unless somebody has answered already.
  ///
  /// @return whether this call's verdict is the one that the kernel was told
  public boolean answer(Operation operation, Verdict verdict, DecisionBasis basis) {
    if (!operation.claim(verdict, basis)) {
      return false;
    }
    write(operation.descriptor(), verdict == Verdict.ALLOW);
    operation.answeredAt(time.nanos());
    counters.add(verdict == Verdict.ALLOW ? Counter.ALLOWED : Counter.DENIED);
    return true;
  }

  /// Answers ALLOW for an event of which no operation was made, and closes what came with it.
  void allowAndRelease(int descriptor, int pidfd) {
    write(descriptor, true);
    close(descriptor, pidfd);
  }

  /// Closes what came with an event that has no file.
  void forget(int pidfd) {
    kernel.release(pidfd);
    budget.release(1);
  }

  /// The most operations that can be under way at a time, answered ones that are still held
  /// included.
  public int mostHeld() {
    return budget.capacity();
  }

  /// Drops one holder; the last one closes the descriptors.
  public void release(Operation operation) {
    if (operation.drop()) {
      close(operation.descriptor(), operation.pidfd());
    }
  }

  /// A refused write leaves the waiter waiting (`linux-hooks`, F8), so it is repeated once. A
  /// second refusal means that nobody waits any more: the waiter was killed or the hook is closed.
  private void write(int descriptor, boolean allow) {
    if (kernel.answer(descriptor, allow) >= 0) {
      return;
    }
    counters.add(Counter.RESPONSE_WRITE_RETRIES);
    if (kernel.answer(descriptor, allow) < 0) {
      counters.add(Counter.RESPONSE_WRITE_FAILURES);
    }
  }

  private void close(int descriptor, int pidfd) {
    kernel.release(descriptor);
    kernel.release(pidfd);
    budget.release(1);
  }
}
