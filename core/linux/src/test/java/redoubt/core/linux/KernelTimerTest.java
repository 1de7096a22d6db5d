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
  void aDisarmedTimerDoesNotFire() {
    try (KernelTimer timer = KernelTimer.killing()) {
      for (int i = 0; i < 1000; i++) {
        assertEquals(0, timer.arm(TimeUnit.MILLISECONDS.toNanos(500)));
      }
      assertEquals(0, timer.disarm());
      try (EventSignal never = EventSignal.open()) {
        assertEquals(0, DescriptorWait.await(never.descriptor(), DescriptorWait.POLLIN, 700));
      }
      assertThrows(IllegalArgumentException.class, () -> timer.arm(0));
    }
  }
}
