package redoubt.core.linux;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class KernelTimerTest {
  @Test
  void aStoppedProcessIsKilled() throws Exception {
    try (Child child = Child.start("timer", "700");
        Pidfd pidfd = Pidfd.open(child.pid()).orElseThrow()) {
      assertEquals(0, pidfd.signal(Signals.SIGSTOP));
      assertEquals(128 + Signals.SIGKILL, child.exitStatus(20_000));
    }
  }

  @Test
  void aDisarmedTimerDoesNotFireAndLetsItsProcessEnd() throws Exception {
    try (Child child = Child.start("disarm", "400")) {
      assertEquals("still here", child.readLine());
      assertEquals(0, child.exitStatus(20_000));
    }
  }

  @Test
  void onlyTheLastSettingCounts() {
    try (KernelTimer timer = KernelTimer.killing()) {
      for (int seconds = 30; seconds < 90; seconds++) {
        assertEquals(0, timer.arm(TimeUnit.SECONDS.toNanos(seconds)));
      }
      assertThrows(IllegalArgumentException.class, () -> timer.arm(0));
    }
  }
}
