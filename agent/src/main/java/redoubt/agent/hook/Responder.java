package redoubt.agent.hook;

import redoubt.agent.health.Counter;
import redoubt.agent.health.Counters;
import redoubt.agent.health.TimeSource;
import redoubt.core.model.DecisionBasis;
import redoubt.core.model.Verdict;

/// The only way to an answer: one write per operation, whoever comes first. Thread-safe; does not
/// block, open or log, nor allocate on a thread that has the hook. What another thread does to an
/// operation is handed over to those that have it, and happens there in the same order.
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
    HookThreads elsewhere = operation.elsewhere();
    if (elsewhere == null) {
      tell(operation, verdict);
    } else {
      operation.answerHandedOver();
      elsewhere.hand(() -> tell(operation, verdict));
    }
    counters.add(verdict == Verdict.ALLOW ? Counter.ALLOWED : Counter.DENIED);
    return true;
  }

  private void tell(Operation operation, Verdict verdict) {
    write(operation.descriptor(), verdict == Verdict.ALLOW);
    operation.toldAt(time.nanos());
  }

  /// Gives the lease on an operation's file back: a writer may go on, but not before the answer.
  public void releaseLease(Operation operation) {
    HookThreads elsewhere = operation.elsewhere();
    if (elsewhere == null) {
      kernel.releaseLease(operation.descriptor());
    } else {
      elsewhere.hand(() -> kernel.releaseLease(operation.descriptor()));
    }
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
    if (!operation.drop()) {
      return;
    }
    operation.giveBackCopies();
    HookThreads elsewhere = operation.elsewhere();
    if (elsewhere == null) {
      close(operation.descriptor(), operation.pidfd());
    } else {
      elsewhere.handIdly(() -> close(operation.descriptor(), operation.pidfd()));
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
