package redoubt.agent.hook;

import java.util.concurrent.locks.LockSupport;
import java.util.function.LongPredicate;
import redoubt.agent.health.Counter;
import redoubt.agent.health.Counters;
import redoubt.agent.health.TimeSource;
import redoubt.agent.process.SelfProcesses;
import redoubt.core.linux.Errno;
import redoubt.core.model.EventClass;

/// One reading thread: takes events from the kernel, answers the agent's own at once and hands each
/// other operation to its handler.
///
/// The loop re-arms its deadman only while it makes progress and nothing that waits anywhere in the
/// agent is overdue. If it stalls, or if another thread fails to answer, the kernel ends the
/// process and lets everybody go on.
public final class HookLoop implements Runnable {
  /// How often the deadman is armed again at most.
  private static final long ARM_INTERVAL_NANOS = 100_000_000L;

  /// The longest sleep without an event; bounds how stale an armed deadman can be.
  private static final int IDLE_WAIT_MILLIS = 400;

  /// How long the loop looks away when no descriptors are to spare.
  private static final long DEFER_NANOS = 200_000L;

  /// The most events of one read.
  private static final int BATCH = 64;

  private final EventSource source;
  private final OperationHandler handler;
  private final Responder responder;
  private final DescriptorBudget budget;
  private final SelfProcesses self;
  private final Deadman deadman;
  private final LongPredicate overdue;
  private final Counters counters;
  private final TimeSource time;
  private volatile boolean stopping;
  private long armedNanos;
  private boolean more;

  /// @param overdue whether, at the given time, an operation should have been answered long ago
  public HookLoop(
      EventSource source,
      OperationHandler handler,
      Responder responder,
      DescriptorBudget budget,
      SelfProcesses self,
      Deadman deadman,
      LongPredicate overdue,
      Counters counters,
      TimeSource time) {
    this.source = source;
    this.handler = handler;
    this.responder = responder;
    this.budget = budget;
    this.self = self;
    this.deadman = deadman;
    this.overdue = overdue;
    this.counters = counters;
    this.time = time;
  }

  /// Arms the deadman. Called by the loop's own thread, before anything is marked.
  public void arm() {
    deadman.arm();
    armedNanos = time.nanos();
  }

  /// Reads until [#stop].
  @Override
  public void run() {
    arm();
    while (!stopping) {
      turn(IDLE_WAIT_MILLIS);
    }
    deadman.close();
  }

  /// Asks the loop to end after its current turn; does not wait.
  public void stop() {
    stopping = true;
  }

  /// One turn: waits at most `waitMillis` for events, unless the turn before read some, and handles
  /// what is there to read.
  ///
  /// A source wakes one loop for each new event, and says no more of what was left: so a loop that
  /// has read something, or could not read, looks again before it waits, and whether or not it was
  /// woken after waiting.
  ///
  /// @return how many events were handled
  public int turn(int waitMillis) {
    if (!more) {
      source.await(waitMillis);
    }
    // Not before the wait: a loop that has nothing to read would keep the others from reading.
    int room = budget.reserve(BATCH);
    if (room == 0) {
      more = true;
      counters.add(Counter.READS_DEFERRED);
      LockSupport.parkNanos(DEFER_NANOS);
      return 0;
    }
    rearm();
    int count = read(room);
    more = count > 0;
    if (count < room) {
      budget.release(room - count);
    }
    long now = time.nanos();
    for (int i = 0; i < count; i++) {
      handle(i, now);
    }
    return count;
  }

  /// Where the kernel cannot say in an event that it had no descriptor to give, the read fails, and
  /// the operation was denied all the same.
  private int read(int room) {
    int count = source.read(room);
    if (count == -Errno.EMFILE || count == -Errno.ENFILE) {
      counters.add(Counter.KERNEL_DENIALS);
    }
    return Math.max(0, count);
  }

  private void rearm() {
    long now = time.nanos();
    if (now - armedNanos < ARM_INTERVAL_NANOS) {
      return;
    }
    if (overdue.test(now)) {
      counters.add(Counter.DEADMAN_WITHHELD);
      return;
    }
    deadman.arm();
    armedNanos = now;
  }

  private void handle(int i, long now) {
    int descriptor = source.descriptor(i);
    int pidfd = source.pidfd(i);
    if (descriptor < 0) {
      counters.add(source.isOverflow(i) ? Counter.QUEUE_OVERFLOWS : Counter.KERNEL_DENIALS);
      responder.forget(pidfd);
      return;
    }
    counters.add(Counter.EVENTS_READ);
    if (self.contains(source.pid(i), pidfd)) {
      counters.add(Counter.SELF_ALLOWED);
      responder.allowAndRelease(descriptor, pidfd);
      return;
    }
    if (source.eventClass(i) == EventClass.OPEN && self.isHelper(source.pid(i), pidfd)) {
      counters.add(Counter.HELPERS_ALLOWED);
      responder.allowAndRelease(descriptor, pidfd);
      return;
    }
    Operation operation =
        new Operation(source.eventClass(i), now, descriptor, pidfd, source.pid(i));
    source.describe(i, operation);
    if (self.containsGroup(operation.cgroupId())) {
      counters.add(Counter.SELF_ALLOWED);
      responder.allowAndRelease(descriptor, pidfd);
      return;
    }
    handler.handle(operation);
  }
}
