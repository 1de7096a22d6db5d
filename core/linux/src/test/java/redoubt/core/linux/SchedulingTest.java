package redoubt.core.linux;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;

class SchedulingTest {
  private static final int PRIORITY_FIELD = 18;
  private static final int NICE_FIELD = 19;
  private static final int POLICY_FIELD = 41;
  private static final String SCHED_OTHER = "0";
  private static final String SCHED_BATCH = "3";

  @Test
  void theCallingThreadIsChangedAndNoOther() throws Exception {
    CompletableFuture<List<String>> seen = new CompletableFuture<>();
    Thread.ofPlatform()
        .start(() -> seen.complete(List.of(change(), niceOf("/proc/self/task/"))))
        .join();
    assertEquals(List.of("realtime -11 normal 20 nice 25 5", "0"), seen.get());
  }

  @Test
  void anotherThreadIsChangedByItsNumber() throws Exception {
    CompletableFuture<Integer> number = new CompletableFuture<>();
    CountDownLatch seen = new CountDownLatch(1);
    Thread other =
        Thread.ofPlatform()
            .start(() -> {
              number.complete(Scheduling.currentThread());
              try {
                seen.await();
              } catch (InterruptedException _) {
                Thread.currentThread().interrupt();
              }
            });

    String task = "/proc/self/task/" + number.get();
    assertTrue(Scheduling.realtime(number.get(), 10));
    String urgent = field(task, PRIORITY_FIELD);
    assertTrue(Scheduling.background(number.get(), 7));
    String nice = field(task, NICE_FIELD);
    assertTrue(Scheduling.background(number.get(), 9));
    String niceBehind = field(task, NICE_FIELD);
    String policyBehind = field(task, POLICY_FIELD);
    assertTrue(Scheduling.foreground(number.get()));
    String niceAgain = field(task, NICE_FIELD);
    String policyAgain = field(task, POLICY_FIELD);
    seen.countDown();
    other.join();

    assertEquals("-11", urgent);
    assertEquals("7", nice);
    assertEquals("9", niceBehind);
    assertEquals(SCHED_BATCH, policyBehind);
    assertEquals("0", niceAgain);
    assertEquals(SCHED_OTHER, policyAgain);
  }

  /// The kernel shows real-time priority p as -1 - p and nice n as 20 + n.
  private static String change() {
    StringBuilder text = new StringBuilder();
    String self = "/proc/thread-self";
    text.append(Scheduling.realtime(10) ? "realtime " : "refused ")
        .append(field(self, PRIORITY_FIELD));
    text.append(Scheduling.normal() ? " normal " : " refused ").append(field(self, PRIORITY_FIELD));
    text.append(Scheduling.background(5) ? " nice " : " refused ")
        .append(field(self, PRIORITY_FIELD));
    return text.append(' ').append(field(self, NICE_FIELD)).toString();
  }

  private static String niceOf(String tasks) {
    return field(tasks + ProcessHandle.current().pid(), NICE_FIELD);
  }

  private static String field(String task, int number) {
    try {
      String stat = Files.readString(Path.of(task, "stat"));
      String afterName = stat.substring(stat.lastIndexOf(')') + 2);
      return List.of(afterName.split(" ", -1)).get(number - 3);
    } catch (IOException e) {
      return e.toString();
    }
  }
}
