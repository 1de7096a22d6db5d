package redoubt.core.linux;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class TraceInstanceTest {
  private static final String EXEC = "sched/sched_process_exec";

  private record Seen(int threadId, int pid, long timeNanos) {}

  private static List<Seen> read(TraceReader reader, TraceFormat format) {
    List<Seen> seen = new ArrayList<>();
    reader.read(record -> {
      assertEquals(format.type(), record.type());
      seen.add(
          new Seen(
              record.threadId(),
              record.int32(format.requireField("pid", Integer.BYTES)),
              record.timeNanos()));
    });
    return seen;
  }

  @Test
  void aTracepointIsHeardOfWithItsThreadAndTime() throws Exception {
    try (TraceInstance instance = TraceInstance.open(64);
        TraceReader reader = instance.openReader()) {
      TraceFormat format = instance.enable(EXEC, "");
      long before = System.nanoTime();
      Process process = new ProcessBuilder("/bin/true").start();
      process.waitFor();
      List<Seen> seen = new ArrayList<>();
      while (seen.stream().noneMatch(each -> each.pid() == process.pid())) {
        assertTrue(reader.await(-1));
        seen.addAll(read(reader, format));
      }
      Seen ours = seen.stream().filter(each -> each.pid() == process.pid()).findFirst().get();
      assertEquals(ours.pid(), ours.threadId());
      assertTrue(ours.timeNanos() > before && ours.timeNanos() < System.nanoTime());
      assertEquals(0, reader.lost());
    }
  }

  @Test
  void aFilterKeepsOthersOut() throws Exception {
    try (TraceInstance instance = TraceInstance.open(64);
        TraceReader reader = instance.openReader()) {
      TraceFormat format = instance.enable(EXEC, "pid == 0");
      Programs.run("/bin/true");
      assertEquals(List.of(), read(reader, format));
      assertFalse(reader.await(0));
    }
  }

  @Test
  void whatIsNotReadInTimeIsCounted() throws Exception {
    try (TraceInstance instance = TraceInstance.open(8);
        TraceReader reader = instance.openReader()) {
      TraceFormat format = instance.enable("raw_syscalls/sys_enter", "");
      Programs.run("dd", "if=/dev/zero", "of=/dev/null", "bs=1", "count=100000");
      int[] read = new int[1];
      reader.read(record -> {
        assertEquals(format.type(), record.type());
        read[0]++;
      });
      assertTrue(read[0] > 0);
      assertTrue(reader.lost() > 0, () -> "lost=" + reader.lost());
    }
  }

  @Test
  void whatAnEndedProcessLeftIsRemoved() throws Exception {
    Process ended = new ProcessBuilder("/bin/true").start();
    ended.waitFor();
    try (DetachedMount tracefs = DetachedMount.tracefs()) {
      String name = "instances/redoubt-" + ended.pid() + "-left";
      tracefs.makeDirectory(name);
      TraceInstance.open(8).close();
      LinuxException gone = assertThrows(LinuxException.class, () -> tracefs.touch(name));
      assertEquals(Errno.ENOENT, gone.errno());
    }
  }

  @Test
  void aTracepointThatThisKernelDoesNotHaveIsAnError() throws Exception {
    try (TraceInstance instance = TraceInstance.open(8)) {
      assertThrows(IOException.class, () -> instance.enable("sock/no_such_thing", ""));
      assertThrows(IOException.class, () -> instance.enable(EXEC, "no_such_field == 1"));
    }
  }
}
