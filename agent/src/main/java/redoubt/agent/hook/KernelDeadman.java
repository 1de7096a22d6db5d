package redoubt.agent.hook;

import java.time.Duration;
import redoubt.core.linux.KernelTimer;

/// The hard deadline: a kernel timer that ends this process with SIGKILL, which neither a stopped
/// process nor a stalled JVM can put off. Its clock stands still while the host sleeps.
///
/// A reader sets the timer again only while no operation is overdue, which it can be no sooner than
/// [#GRACE] after its soft deadline. So the timer runs for what is left of the hard deadline after
/// that, less what the kernel needs to end the process and close the hook.
public final class KernelDeadman implements Deadman {
  /// How long after its soft deadline an operation that still waits shows that something hangs.
  public static final Duration GRACE = Duration.ofMillis(150);

  private static final Duration TEARDOWN = Duration.ofMillis(300);

  /// Readers set the timer at least every half second; it must outlast that with ease.
  private static final Duration SHORTEST = Duration.ofMillis(800);

  private final KernelTimer timer;
  private final long nanos;

  /// Makes the timer; it does not run before it is armed.
  ///
  /// @param hardDeadline the longest that anybody may wait if the agent stalls
  /// @param softDeadline how long operations wait for engines
  /// @throws IllegalArgumentException if the two are too close
  public KernelDeadman(Duration hardDeadline, Duration softDeadline) {
    nanos = timeToLive(hardDeadline, softDeadline).toNanos();
    timer = KernelTimer.killing();
  }

  /// How long the timer runs when it is not set again.
  ///
  /// @throws IllegalArgumentException if the two deadlines are too close
  public static Duration timeToLive(Duration hardDeadline, Duration softDeadline) {
    Duration left = hardDeadline.minus(softDeadline).minus(GRACE).minus(TEARDOWN);
    if (left.compareTo(SHORTEST) < 0) {
      throw new IllegalArgumentException(
          "hard deadline must be at least "
              + softDeadline.plus(GRACE).plus(TEARDOWN).plus(SHORTEST).toMillis()
              + " ms with this soft deadline: hardDeadlineMillis="
              + hardDeadline.toMillis()
              + " softDeadlineMillis="
              + softDeadline.toMillis());
    }
    return left;
  }

  @Override
  public void arm() {
    timer.arm(nanos);
  }

  @Override
  public void close() {
    timer.close();
  }
}
