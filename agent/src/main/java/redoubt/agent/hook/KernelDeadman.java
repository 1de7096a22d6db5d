package redoubt.agent.hook;

import java.time.Duration;
import redoubt.core.linux.KernelTimer;

/// The hard deadline: a kernel timer that ends this process with SIGKILL, which neither a stopped
/// process nor a stalled JVM can put off. Its clock stands still while the host sleeps.
public final class KernelDeadman implements Deadman {
  /// What is left of the hard deadline for the kernel to end the process and close the hook.
  private static final Duration TEARDOWN = Duration.ofMillis(300);

  private final KernelTimer timer = KernelTimer.killing();
  private final long nanos;

  /// @param hardDeadline the longest that anybody may wait if the agent stalls, at least 1 s
  public KernelDeadman(Duration hardDeadline) {
    if (hardDeadline.compareTo(Duration.ofSeconds(1)) < 0) {
      throw new IllegalArgumentException(
          "hard deadline must be at least 1000 ms: hardDeadlineMillis=" + hardDeadline.toMillis());
    }
    nanos = hardDeadline.minus(TEARDOWN).toNanos();
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
