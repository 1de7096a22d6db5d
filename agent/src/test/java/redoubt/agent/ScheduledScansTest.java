package redoubt.agent;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneId;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import redoubt.agent.health.HandClock;

class ScheduledScansTest {
  private static final Duration HOUR = Duration.ofHours(1);

  @TempDir Path folder;

  private final HandClock clock = new HandClock();
  private final List<List<String>> scans = new ArrayList<>();
  private final List<String> notices = new ArrayList<>();

  /// Scans that have begun and not ended.
  private final Deque<Runnable> running = new ArrayDeque<>();

  private AgentOptions options = AgentOptions.parse(List.of());
  private boolean isBroken;

  private ScheduledScans started() {
    return new ScheduledScans(
        () -> options,
        () -> List.of("/", "/home"),
        arguments -> {
          if (isBroken) {
            throw new IOException("no process");
          }
          scans.add(arguments);
          return new OwnCommands.Ended(scans.size() - 1, "3 files");
        },
        folder.resolve("last-scan"),
        (kind, subject, message) -> notices.add(kind + " " + message),
        clock,
        running::add);
  }

  /// So many minutes after now, as an option has it.
  private String inMinutes(int minutes) {
    LocalDateTime time =
        LocalDateTime.ofInstant(Instant.ofEpochMilli(clock.wallMillis()), ZoneId.systemDefault())
            .plusMinutes(minutes);
    return "%02d:%02d".formatted(time.getHour(), time.getMinute());
  }

  private void pass(ScheduledScans scheduled, Duration time) {
    for (long passed = 0; passed < time.toMinutes(); passed++) {
      clock.pass(Duration.ofMinutes(1));
      scheduled.check();
      while (!running.isEmpty()) {
        running.removeFirst().run();
      }
    }
  }

  @Test
  void onceForEachTimeAndNotBefore() {
    options = AgentOptions.parse(List.of("--scan-at", inMinutes(90)));
    ScheduledScans scheduled = started();
    pass(scheduled, HOUR);
    assertEquals(List.of(), scans);
    pass(scheduled, HOUR);
    assertEquals(List.of(List.of("scan", "--one-file-system", "--", "/", "/home")), scans);
    assertEquals(List.of("SCAN scheduled scan of / /home: nothing was found: 3 files"), notices);
    pass(scheduled, HOUR.multipliedBy(23));
    assertEquals(1, scans.size());
    pass(scheduled, HOUR);
    assertEquals(2, scans.size());
    assertTrue(notices.getLast().contains("something was found"), notices::toString);
  }

  @Test
  void whatIsNamedIsScannedAndNothingElse() {
    options =
        AgentOptions.parse(
            List.of("--scan-at", inMinutes(5), "--scan-path", "/", "--scan-path", "/tmp"));
    pass(started(), HOUR);
    assertEquals(List.of(List.of("scan", "--", "/", "/tmp")), scans);
  }

  @Test
  void aHostThatWasOffIsScannedAWhileAfterItIsBack() {
    options = AgentOptions.parse(List.of("--scan-at", inMinutes(90)));
    pass(started(), HOUR);
    clock.pass(HOUR.multipliedBy(8));
    ScheduledScans back = started();
    back.check();
    assertEquals(0, running.size(), "not at once");
    pass(back, HOUR);
    assertEquals(1, scans.size());
    ScheduledScans again = started();
    pass(again, HOUR);
    assertEquals(1, scans.size(), "it stands on disk that it was");
  }

  @Test
  void aClockThatWasAheadAndADamagedFileCountFromNow() throws Exception {
    options = AgentOptions.parse(List.of("--scan-at", inMinutes(90)));
    Files.writeString(folder.resolve("last-scan"), Long.MAX_VALUE + "\n");
    pass(started(), HOUR);
    Files.writeString(folder.resolve("last-scan"), "\0");
    pass(started(), HOUR);
    assertEquals(1, scans.size());
  }

  @Test
  void oneThatRunsLongIsNotDoubledAndOneThatFailsIsTold() {
    options = AgentOptions.parse(List.of("--scan-at", inMinutes(5)));
    isBroken = true;
    ScheduledScans scheduled = started();
    for (int i = 0; i < 100; i++) {
      clock.pass(HOUR);
      scheduled.check();
    }
    assertEquals(1, running.size());
    running.removeFirst().run();
    assertTrue(notices.getFirst().contains("failed: error=no process"), notices::toString);
  }

  @Test
  void whoseDiskTakesNothingIsNotScannedAgainAndAgain() throws Exception {
    options = AgentOptions.parse(List.of("--scan-at", inMinutes(5)));
    Files.createDirectory(folder.resolve("last-scan"));
    pass(started(), HOUR);
    assertEquals(List.of(), scans);
    assertEquals(1, notices.size(), notices::toString);
  }

  @Test
  void withoutAScheduleThereIsNone() {
    pass(started(), HOUR.multipliedBy(48));
    assertEquals(List.of(), scans);
  }
}
