package redoubt.core.linux;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class ProcConnectorTest {
  @Test
  void aProcessIsFollowedFromForkToExit() throws Exception {
    try (ProcConnector connector = ProcConnector.open(1 << 22)) {
      Process process =
          new ProcessBuilder(
                  "setpriv",
                  "--clear-groups",
                  "--regid",
                  "64998",
                  "--reuid",
                  "64999",
                  "sh",
                  "-c",
                  "exit 3")
              .start();
      assertEquals(3, process.waitFor());
      List<ProcConnector.Kind> seen = new ArrayList<>();
      while (!seen.contains(ProcConnector.Kind.EXIT)) {
        assertEquals(0, connector.receive(true));
        if (connector.pid() == process.pid() && connector.threadId() == process.pid()) {
          check(connector, seen);
        }
      }
      assertTrue(
          seen.containsAll(
              List.of(
                  ProcConnector.Kind.FORK,
                  ProcConnector.Kind.EXEC,
                  ProcConnector.Kind.GID,
                  ProcConnector.Kind.UID)),
          seen::toString);
      assertEquals(0, connector.lostEvents());
      assertEquals(0, connector.overruns());
    }
  }

  private static void check(ProcConnector connector, List<ProcConnector.Kind> seen) {
    seen.add(connector.kind());
    assertTrue(connector.timestampNanos() > 0);
    switch (connector.kind()) {
      case FORK -> assertTrue(connector.parentPid() > 0);
      case EXIT -> assertEquals(3 << 8, connector.exitStatus());
      case UID -> {
        assertEquals(64999, connector.realId());
        assertEquals(64999, connector.effectiveId());
      }
      case GID -> {
        assertEquals(64998, connector.realId());
        assertEquals(64998, connector.effectiveId());
      }
      case COMM -> assertTrue(!connector.comm().isEmpty());
      case PTRACE -> assertTrue(connector.tracerPid() >= 0);
      case EXEC, OTHER -> assertEquals(-1, connector.parentPid());
    }
  }

  @Test
  void whoeverElseBeginsToListenIsNoLoss() throws Exception {
    try (ProcConnector connector = ProcConnector.open(1 << 22)) {
      for (int i = 0; i < 20; i++) {
        Programs.run("/bin/true");
        ProcConnector.open(1 << 16).close();
        Programs.run("/bin/true");
      }
      int received = 0;
      while (connector.receive(false) == 0) {
        received++;
      }
      assertTrue(received > 20 * 2 * 3, "received=" + received);
      assertEquals(0, connector.lostEvents());
      assertEquals(0, connector.overruns());
    }
  }

  @Test
  void eventsThatTheKernelDroppedAreCounted() throws Exception {
    try (ProcConnector connector = ProcConnector.open(2048)) {
      Programs.run("sh", "-c", "for i in $(seq 100); do /bin/true; done");
      int result = 0;
      while (result != -Errno.EAGAIN) {
        result = connector.receive(false);
      }
      assertTrue(connector.overruns() > 0);
      // the gap shows when the next event of the same processor comes
      while (connector.lostEvents() == 0) {
        Programs.run("true");
        while (connector.receive(false) != -Errno.EAGAIN) {
          assertTrue(connector.lostEvents() >= 0);
        }
      }
    }
  }
}
