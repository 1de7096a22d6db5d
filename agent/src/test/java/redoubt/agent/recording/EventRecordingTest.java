package redoubt.agent.recording;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Iterator;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import redoubt.agent.health.HandClock;
import redoubt.core.model.HostEvent;
import redoubt.core.model.ProcessInfo;

class EventRecordingTest {
  @TempDir Path folder;
  private final HandClock time = new HandClock();

  private EventRecording open() {
    return EventRecording.in(folder, time);
  }

  private static HostEvent exit(int number) {
    return new HostEvent.ProcessExit(number, ProcessInfo.UNKNOWN.forkedAs(1, 1), number & 0xff);
  }

  private static List<HostEvent> read(RecordedEvents recorded) {
    List<HostEvent> events = new ArrayList<>();
    recorded.batches().forEachRemaining(events::addAll);
    return events;
  }

  private List<HostEvent> read(EventRecording recording) throws IOException {
    try (RecordedEvents recorded = recording.recorded()) {
      return read(recorded);
    }
  }

  @Test
  void whatWasTakenIsReadInItsOrderAgainAndAgain() throws Exception {
    EventRecording recording = open();
    List<HostEvent> taken = new ArrayList<>();
    for (int i = 0; i < 50; i++) {
      taken.add(exit(i));
      recording.take(exit(i));
      if (i % 7 == 0) {
        recording.write();
      }
    }
    recording.write();
    assertEquals(taken, read(recording));
    assertEquals(taken, read(open()), "by the next agent too");
    try (RecordedEvents recorded = recording.recorded()) {
      assertEquals(read(recorded), read(recorded));
      recording.take(exit(50));
      recording.write();
      assertEquals(taken, read(recorded), "what comes later does not belong to it");
    }
    assertEquals(
        "rw-------",
        PosixFilePermissions.toString(Files.getPosixFilePermissions(folder.resolve("events"))));
  }

  @Test
  void ofAFloodAFewAreKept() throws Exception {
    EventRecording recording = open();
    for (int i = 0; i < 100_000; i++) {
      recording.take(exit(i));
    }
    recording.write();
    assertEquals(EventRecording.BURST, read(recording).size());
    time.pass(Duration.ofSeconds(2));
    for (int i = 0; i < 100_000; i++) {
      recording.take(exit(i));
    }
    recording.write();
    assertEquals(EventRecording.BURST + 2 * EventRecording.PER_SECOND, read(recording).size());
  }

  @Test
  void itNeverTakesMoreThanTwoFiles() throws Exception {
    EventRecording recording = open();
    String argument = "x".repeat(16_000);
    HostEvent large =
        new HostEvent.ProcessStart(
            1,
            new ProcessInfo(
                7,
                7,
                1,
                ProcessInfo.UNKNOWN.credentials(),
                0,
                "root",
                "/bin/large",
                List.of(argument),
                false,
                "/",
                ""),
            ProcessInfo.UNKNOWN);
    for (int i = 0; i < 2_000; i++) {
      time.pass(Duration.ofSeconds(1));
      recording.take(large);
      recording.write();
      recording.take(exit(i));
      recording.write();
    }
    long bytes = Files.size(folder.resolve("events")) + Files.size(folder.resolve("events.before"));
    assertTrue(bytes <= 2 * (EventRecording.MOST_BYTES + (64 << 10)), "bytes: " + bytes);
    try (var files = Files.list(folder)) {
      assertEquals(2, files.count());
    }
    List<HostEvent> events = read(recording);
    assertEquals(exit(1_999), events.getLast(), "the latest is there");
  }

  @Test
  void withoutAFileThereIsNothing() throws Exception {
    assertEquals(List.of(), read(open()));
    open().write();
    assertFalse(Files.exists(folder.resolve("events")), "nothing was taken");
  }

  /// A power cut may have left anything, and nothing of it may keep content from being tried.
  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8})
  void whateverIsInTheFileIsReadOrNot(long seed) throws Exception {
    Random random = new Random(seed);
    EventRecording recording = open();
    for (int i = 0; i < 80; i++) {
      recording.take(exit(i));
      recording.write();
    }
    Path file = folder.resolve("events");
    byte[] whole = Files.readAllBytes(file);
    for (int round = 0; round < 200; round++) {
      byte[] torn = Arrays.copyOf(whole, random.nextInt(whole.length + 1));
      for (int i = random.nextInt(4); i > 0 && torn.length > 0; i--) {
        torn[random.nextInt(torn.length)] = (byte) random.nextInt();
      }
      Files.write(file, torn);
      try (RecordedEvents recorded = recording.recorded()) {
        Iterator<List<HostEvent>> batches = recorded.batches();
        int count = 0;
        while (batches.hasNext()) {
          count += batches.next().size();
        }
        assertTrue(count <= 80, "events: " + count);
      }
    }
    Files.write(file, Arrays.copyOf(whole, whole.length - 1));
    assertEquals(79, read(recording).size(), "all but the one that is torn");
  }
}
