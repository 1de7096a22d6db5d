package redoubt.core.linux;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Optional;
import org.junit.jupiter.api.Test;

class PidfdTest {
  @Test
  void aProcessIsSignalledAndWaitedFor() throws Exception {
    Process process = new ProcessBuilder("cat").start();
    try (Pidfd pidfd = Pidfd.open((int) process.pid()).orElseThrow();
        ProcessStatus status = new ProcessStatus()) {
      assertFalse(pidfd.awaitExit(0));
      assertEquals(0, pidfd.signal(0));
      assertEquals(0, status.load(pidfd.descriptor()));
      assertEquals(process.pid(), status.pid());
      assertEquals(ProcessHandle.current().pid(), status.parentPid());
      assertEquals(0, status.effectiveUid());
      assertEquals(0, status.gid());
      assertTrue(status.cgroupId() != 0);
      assertEquals(0, Pidfd.signal(pidfd.descriptor(), Signals.SIGTERM));
      assertTrue(pidfd.awaitExit(10_000));
      assertEquals(128 + Signals.SIGTERM, process.waitFor());
      assertEquals(-Errno.ESRCH, pidfd.signal(Signals.SIGKILL));
      assertEquals(-Errno.ESRCH, status.load(pidfd.descriptor()));
      assertEquals(-1, status.pid());
      assertEquals(-1, status.uid());
      assertEquals(0, status.cgroupId());
      assertEquals(Optional.empty(), Pidfd.open((int) process.pid()));
    }
  }

  @Test
  void uniqueIdsDifferBetweenProcessesAndNotBetweenDescriptors() throws Exception {
    Process process = new ProcessBuilder("cat").start();
    int self = (int) ProcessHandle.current().pid();
    try (Pidfd one = Pidfd.open(self).orElseThrow();
        Pidfd again = Pidfd.open(self).orElseThrow();
        Pidfd other = Pidfd.open((int) process.pid()).orElseThrow()) {
      assertEquals(one.uniqueId(), again.uniqueId());
      assertNotEquals(0, one.uniqueId());
      assertNotEquals(one.uniqueId(), other.uniqueId());
    } finally {
      process.destroy();
    }
  }

  @Test
  void aFileIsNoProcess() {
    int file = Descriptors.openReadOnly("/dev/null");
    try (ProcessStatus status = new ProcessStatus()) {
      assertEquals(-Errno.ENOTTY, status.load(file));
      assertEquals(0, ProcessStatus.uniqueId(file));
    } finally {
      Descriptors.close(file);
    }
  }
}
