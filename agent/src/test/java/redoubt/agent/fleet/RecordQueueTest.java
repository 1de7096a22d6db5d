package redoubt.agent.fleet;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.SplittableRandom;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import redoubt.core.model.HostId;
import redoubt.core.model.Octets;
import redoubt.core.wire.FleetCodec;
import redoubt.core.wire.HostMessage.Records;
import redoubt.core.wire.WireLimits;

class RecordQueueTest {
  private static final Membership OWN =
      new Membership(new HostId(1, 2), 1, Octets.of(new byte[FleetCodec.KEY_BYTES]));

  @TempDir Path scratch;
  private Path folder;
  private Path journal;
  private int written;

  @BeforeEach
  void makeFolders() throws IOException {
    folder = Files.createDirectory(scratch.resolve("fleet"));
    journal = Files.createDirectory(scratch.resolve("journal"));
  }

  private void write(int lines) throws IOException {
    write(lines, "");
  }

  private void write(int lines, String tail) throws IOException {
    StringBuilder text = new StringBuilder();
    for (int i = 0; i < lines; i++) {
      text.append("line ").append(++written).append(tail).append('\n');
    }
    Files.writeString(
        journal.resolve("journal.jsonl"),
        text,
        StandardOpenOption.CREATE,
        StandardOpenOption.APPEND);
  }

  private RecordQueue open() throws Exception {
    return RecordQueue.open(folder, journal, OWN);
  }

  private static List<String> texts(Records records) {
    return records.lines().stream()
        .map(line -> new String(line.toArray(), StandardCharsets.UTF_8))
        .toList();
  }

  @Test
  void whatWasThereBeforeIsNotSent() throws Exception {
    write(5);
    try (RecordQueue queue = open()) {
      assertEquals(Optional.empty(), queue.next());
      write(2);
      Records records = queue.next().orElseThrow();
      assertEquals(0, records.first());
      assertEquals(List.of("line 6", "line 7"), texts(records));
      assertEquals(2, queue.waiting());
    }
  }

  @Test
  void whatIsNotAcknowledgedIsSentAgain() throws Exception {
    try (RecordQueue queue = open()) {
      write(4);
      assertEquals(4, queue.next().orElseThrow().lines().size());
      queue.kept(1);
      queue.sendAgain();
      Records again = queue.next().orElseThrow();
      assertEquals(1, again.first());
      assertEquals(List.of("line 2", "line 3", "line 4"), texts(again));
      queue.kept(3);
    }
    try (RecordQueue restarted = open()) {
      assertEquals(3, restarted.first());
      assertEquals(List.of("line 4"), texts(restarted.next().orElseThrow()));
    }
  }

  @Test
  void anAcknowledgementThatCannotBeIsAsNothing() throws Exception {
    try (RecordQueue queue = open()) {
      write(2);
      var _ = queue.next();
      queue.kept(3);
      queue.kept(-1);
      queue.kept(Long.MAX_VALUE);
      assertEquals(0, queue.first());
      queue.kept(2);
      assertEquals(2, queue.first());
    }
  }

  @Test
  void soManyAreOnTheirWayAndNoMore() throws Exception {
    try (RecordQueue queue = open()) {
      write(10 * WireLimits.RECORDS_PER_MESSAGE);
      for (int i = 0; i < 4; i++) {
        assertEquals(WireLimits.RECORDS_PER_MESSAGE, queue.next().orElseThrow().lines().size());
      }
      assertEquals(Optional.empty(), queue.next());
      queue.kept(1);
      assertEquals(1, queue.next().orElseThrow().lines().size());
    }
  }

  @Test
  void longLinesFitIntoMessages() throws Exception {
    try (RecordQueue queue = open()) {
      write(5, "x".repeat(WireLimits.RECORD_BYTES - 20));
      List<String> all = new ArrayList<>();
      for (Optional<Records> next = queue.next(); next.isPresent(); next = queue.next()) {
        assertTrue(FleetCodec.encode(next.get()).length <= WireLimits.FLEET_MESSAGE_BYTES);
        assertEquals(all.size(), next.get().first());
        all.addAll(texts(next.get()));
      }
      assertEquals(5, all.size());
      assertTrue(all.getLast().startsWith("line 5x"));
    }
  }

  @Test
  void anotherEnrolmentBeginsAnew() throws Exception {
    try (RecordQueue queue = open()) {
      write(2);
      var _ = queue.next();
      queue.kept(2);
    }
    write(1);
    Membership later = new Membership(OWN.host(), 2, OWN.leaseKey());
    try (RecordQueue queue = RecordQueue.open(folder, journal, later)) {
      assertEquals(0, queue.first());
      assertEquals(Optional.empty(), queue.next());
    }
  }

  /// Whatever connections break, agents restart and servers acknowledge: of every line the server
  /// hears under one number.
  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4, 5, 6})
  void theServerHearsEveryLine(long seed) throws Exception {
    SplittableRandom random = new SplittableRandom(seed);
    List<String> heard = new ArrayList<>();
    RecordQueue queue = open();
    for (int step = 0; step < 300; step++) {
      switch (random.nextInt(5)) {
        case 0 -> write(random.nextInt(20));
        case 1 -> queue.sendAgain();
        case 2 -> {
          queue.close();
          queue = open();
        }
        case 3 -> queue.kept(random.nextLong(queue.first(), heard.size() + 1L));
        default -> hear(queue, heard);
      }
    }
    queue.sendAgain();
    while (hear(queue, heard)) {
      queue.kept(heard.size());
    }
    queue.close();
    assertEquals(written, heard.size());
    for (int i = 0; i < written; i++) {
      assertEquals("line " + (i + 1), heard.get(i), "seed=" + seed);
    }
  }

  private static boolean hear(RecordQueue queue, List<String> heard) throws IOException {
    Optional<Records> records = queue.next();
    records.ifPresent(some -> {
      assertTrue(some.first() <= heard.size());
      List<String> texts = texts(some);
      for (int i = 0; i < texts.size(); i++) {
        int number = (int) some.first() + i;
        if (number == heard.size()) {
          heard.add(texts.get(i));
        } else {
          assertEquals(heard.get(number), texts.get(i));
        }
      }
    });
    return records.isPresent();
  }
}
