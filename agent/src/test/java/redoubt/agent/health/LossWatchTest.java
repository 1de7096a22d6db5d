package redoubt.agent.health;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class LossWatchTest {
  private final Counters counters = new Counters();
  private final List<String> reported = new ArrayList<>();
  private final LossWatch watch =
      new LossWatch(
          counters,
          (kind, subject, message) ->
              reported.add(
                  kind + " " + subject + " " + message.substring(message.indexOf("count="))));

  @Test
  void nothingLostIsNothingReported() {
    watch.report();
    counters.add(Counter.ALLOWED, 9);
    watch.report();
    assertEquals(List.of(), reported);
  }

  @Test
  void eachLossIsReportedOnceAndOnlyItsGrowth() {
    counters.add(Counter.KERNEL_DENIALS, 3);
    watch.report();
    watch.report();
    counters.add(Counter.KERNEL_DENIALS, 2);
    watch.report();
    assertEquals(
        List.of(
            "KERNEL_DENIAL kernel_denials_total count=3",
            "KERNEL_DENIAL kernel_denials_total count=2"),
        reported);
  }

  @Test
  void queueOverflowsAndLostRecordsAreLosses() {
    counters.add(Counter.QUEUE_OVERFLOWS);
    watch.report();
    counters.add(Counter.RECORDS_LOST, 7);
    watch.report();
    assertEquals(
        List.of("LOSS queue_overflows_total count=1", "LOSS records_lost_total count=7"), reported);
  }
}
