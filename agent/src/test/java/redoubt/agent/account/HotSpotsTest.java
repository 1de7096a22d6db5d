package redoubt.agent.account;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import redoubt.agent.health.HandClock;
import redoubt.core.model.Actor;
import redoubt.core.model.DecisionBasis;
import redoubt.core.model.DecisionRecord;
import redoubt.core.model.EventClass;
import redoubt.core.model.FileIdentity;
import redoubt.core.model.Verdict;

class HotSpotsTest {
  private static final Duration WINDOW = Duration.ofNanos(HotSpots.WINDOW_NANOS);

  private final HandClock clock = new HandClock();
  private final HotSpots spots = new HotSpots(clock);

  @Test
  void programsAndFilesAreRankedApart() {
    note("/bin/make", "/bin/cc", 100, Verdict.ALLOW);
    note("/bin/make", "/bin/ld", 30, Verdict.DENY);
    note("/bin/sh", "/bin/cc", 20, Verdict.ALLOW);
    HotSpots.Report report = spots.report(10);
    assertEquals(
        List.of(new Spot("/bin/make", 2, 130, 1), new Spot("/bin/sh", 1, 20, 0)),
        report.programs());
    assertEquals(
        List.of(new Spot("/bin/cc", 2, 120, 0), new Spot("/bin/ld", 1, 30, 1)), report.files());
  }

  @Test
  void theMinuteBeforeIsShownToo() {
    note("/bin/a", "/f", 100, Verdict.ALLOW);
    clock.pass(WINDOW.plusSeconds(30));
    note("/bin/b", "/f", 50, Verdict.ALLOW);
    HotSpots.Report report = spots.report(10);
    assertEquals(List.of("/bin/a", "/bin/b"), names(report));
    assertEquals(90, report.seconds());
  }

  @Test
  void whatIsTwoMinutesOldIsForgotten() {
    note("/bin/a", "/f", 100, Verdict.ALLOW);
    clock.pass(WINDOW);
    note("/bin/b", "/f", 50, Verdict.ALLOW);
    clock.pass(WINDOW);
    assertEquals(List.of("/bin/b"), names(spots.report(10)));
    clock.pass(WINDOW.multipliedBy(2));
    HotSpots.Report report = spots.report(10);
    assertEquals(List.of(), names(report));
    assertEquals(60, report.seconds());
  }

  private static List<String> names(HotSpots.Report report) {
    return report.programs().stream().map(Spot::name).toList();
  }

  private void note(String program, String file, long nanos, Verdict answer) {
    spots.note(
        new DecisionRecord(
            1,
            clock.wallMillis(),
            EventClass.EXEC,
            new Actor(1, 2, 1, 0, 0, 0, 0, program, ""),
            file,
            new FileIdentity(1, 2, 3, 4, 5, 6),
            null,
            true,
            answer,
            DecisionBasis.CACHE,
            0,
            "",
            List.of(),
            nanos));
  }
}
