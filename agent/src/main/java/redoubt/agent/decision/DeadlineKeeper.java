package redoubt.agent.decision;

import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;
import redoubt.agent.health.TimeSource;
import redoubt.agent.hook.KernelDeadman;

/// Answers for the silent: every inquiry comes here when it begins and is closed when its soft
/// deadline passes.
///
/// All inquiries wait equally long, so they expire in the order in which they came. One thread runs
/// [#run]; [#watch] may be called by any thread and does not block.
final class DeadlineKeeper implements Runnable {
  /// How late an expiry may be before the whole agent counts as stalled.
  private static final long OVERDUE_NANOS = KernelDeadman.GRACE.toNanos();

  /// How often to look whether an answer has reached the kernel.
  private static final long TELLING_NANOS = 5_000_000L;

  private final ConcurrentLinkedQueue<Inquiry> watched = new ConcurrentLinkedQueue<>();

  /// Answered, but the kernel does not have the answer yet.
  private final ConcurrentLinkedQueue<Inquiry> beingTold = new ConcurrentLinkedQueue<>();

  private final TimeSource time;
  private volatile @Nullable Thread keeper;
  private volatile boolean idle;
  private volatile boolean stopping;

  DeadlineKeeper(TimeSource time) {
    this.time = time;
  }

  private volatile @Nullable Decider decider;

  void start(Decider decides) {
    decider = decides;
  }

  /// Watches an inquiry until its deadline.
  void watch(Inquiry inquiry) {
    watched.add(inquiry);
    if (idle) {
      LockSupport.unpark(keeper);
    }
  }

  /// Whether an operation still waits although its deadline has long passed.
  boolean overdue(long nowNanos) {
    return overdue(watched.peek(), nowNanos) || overdue(beingTold.peek(), nowNanos);
  }

  private static boolean overdue(@Nullable Inquiry inquiry, long nowNanos) {
    return inquiry != null
        && !inquiry.operation().told()
        && nowNanos - inquiry.deadlineNanos() > OVERDUE_NANOS;
  }

  @Override
  public void run() {
    keeper = Thread.currentThread();
    while (!stopping) {
      long wait = expireDue();
      if (wait > 0) {
        LockSupport.parkNanos(this, wait);
      } else if (watched.isEmpty()) {
        idle = true;
        if (watched.isEmpty() && !stopping) {
          LockSupport.park(this);
        }
        idle = false;
      }
    }
  }

  /// Expires what is due.
  ///
  /// @return how long until there is something to do again, 0 if nothing is watched
  long expireDue() {
    while (true) {
      boolean telling = beingTold();
      Inquiry oldest = watched.peek();
      if (oldest == null) {
        return telling ? TELLING_NANOS : 0;
      }
      if (!oldest.complete() || !oldest.operation().answered()) {
        long left = oldest.deadlineNanos() - time.nanos();
        if (left > 0) {
          return telling ? Math.min(left, TELLING_NANOS) : left;
        }
        Decider decides = decider;
        if (decides != null) {
          decides.expire(oldest);
        }
      }
      watched.poll();
      if (!oldest.operation().told()) {
        beingTold.add(oldest);
      }
    }
  }

  /// Whether the answer to something is on its way to the kernel.
  private boolean beingTold() {
    Inquiry oldest = beingTold.peek();
    while (oldest != null && oldest.operation().told()) {
      beingTold.poll();
      oldest = beingTold.peek();
    }
    return oldest != null;
  }

  void stop() {
    stopping = true;
    LockSupport.unpark(keeper);
  }
}
