package redoubt.core.linux;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.util.List;
import java.util.function.ToLongFunction;
import org.junit.jupiter.api.Test;

/// What a kernel without `PIDFD_GET_INFO` says of a process is what one with it says.
class ProcessStatusTest {
  private static final List<ToLongFunction<ProcessStatus>> ASKED =
      List.of(
          ProcessStatus::pid,
          ProcessStatus::parentPid,
          ProcessStatus::uid,
          ProcessStatus::gid,
          ProcessStatus::effectiveUid,
          ProcessStatus::effectiveGid);

  private static void assertAlike(int pid) throws IOException {
    try (Pidfd process = Pidfd.open(pid).orElseThrow();
        ProcessStatus told = new ProcessStatus();
        ProcessStatus read = new ProcessStatus()) {
      assertEquals(0, told.load(process, pid));
      assertEquals(0, read.read(process, pid));
      for (ToLongFunction<ProcessStatus> each : ASKED) {
        assertEquals(each.applyAsLong(told), each.applyAsLong(read), "pid=" + pid);
      }
      assertEquals(pid, read.pid());
      assertEquals(0, read.cgroupId());
    }
  }

  @Test
  void bothWaysSayTheSame() throws Exception {
    assertAlike(Math.toIntExact(ProcessHandle.current().pid()));
    Process other =
        new ProcessBuilder("setpriv", "--reuid=12345", "--regid=54321", "--clear-groups", "cat")
            .start();
    try {
      while (!other.info().command().orElse("").endsWith("cat")) {
        assertTrue(other.isAlive());
        Thread.onSpinWait();
      }
      assertAlike(Math.toIntExact(other.pid()));
    } finally {
      other.destroyForcibly();
    }
  }

  @Test
  void whatHasEndedSaysNothing() throws Exception {
    Process ended = new ProcessBuilder("cat").start();
    int pid = Math.toIntExact(ended.pid());
    try (Pidfd process = Pidfd.open(pid).orElseThrow();
        ProcessStatus read = new ProcessStatus()) {
      ended.destroyForcibly().waitFor();
      assertEquals(-Errno.ESRCH, read.load(process, pid));
      assertEquals(-Errno.ESRCH, read.read(process, pid));
      assertEquals(-1, read.pid());
    }
  }
}
