package redoubt.agent.journal;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import redoubt.core.model.EventClass;
import redoubt.core.model.Verdict;

@Timeout(60)
final class JournalReaderTest {
  @TempDir Path directory;

  private final OcsfFormat format = new OcsfFormat(OcsfFormatTest.HOST);

  @Test
  void aDecisionIsReadBackAsItWasMade() {
    Entry entry =
        new Entry.Decision(
            OcsfFormatTest.decision(
                EventClass.EXEC, Verdict.DENY, List.of(OcsfFormatTest.denial())));
    JournalLine line = parse(line(entry, 7)).orElseThrow();
    assertEquals(JournalLine.Kind.DECISION, line.kind());
    assertEquals("EXEC", line.code());
    assertEquals(2000, line.timeMillis());
    assertEquals(7, line.sequence());
    assertEquals(12, line.decision());
    assertEquals("/tmp/bad", line.path());
    assertEquals(4242, line.pid());
    assertEquals("/usr/bin/bash", line.image());
    assertEquals(1000, line.userId());
    assertTrue(line.sha256().endsWith("0004"));
    assertEquals("DENY", line.answer());
    assertEquals("ENGINES", line.basis());
    assertEquals("scanner", line.engine());
    assertEquals("eicar", line.rule());
    assertEquals("on the list", line.reason());
  }

  @Test
  void everyEntryIsReadBack() {
    RandomEntries random = RandomEntries.seeded();
    for (int i = 1; i <= 2_000; i++) {
      Entry entry = random.entry();
      JournalLine line = parse(line(entry, i)).orElseThrow();
      assertEquals(i, line.sequence(), random.toString());
      JournalLine.Kind kind =
          switch (entry) {
            case Entry.Decision _ -> JournalLine.Kind.DECISION;
            case Entry.Finding _ -> JournalLine.Kind.FINDING;
            case Entry.Notice _ -> JournalLine.Kind.NOTICE;
          };
      assertEquals(kind, line.kind(), random.toString());
    }
  }

  @Test
  void linesComeNewestFirstOverAllFiles() throws Exception {
    write("journal-20260101T000000Z-9.jsonl", 1, 300);
    write("journal-20250101T000000Z-10.jsonl", 301, 600);
    write(JournalFiles.CURRENT, 601, 700);
    List<Long> sequences = new ArrayList<>();
    JournalReader reader = new JournalReader(directory);
    reader.newestFirst(line -> sequences.add(line.sequence()));
    assertEquals(700, sequences.size());
    for (int i = 0; i < 700; i++) {
      assertEquals(700 - i, sequences.get(i));
    }
    assertEquals(0, reader.skippedLines());
  }

  @Test
  void theVisitorEndsTheSearch() throws Exception {
    write(JournalFiles.CURRENT, 1, 100);
    JournalReader reader = new JournalReader(directory);
    assertEquals(40, reader.findNewest(line -> line.sequence() <= 40).orElseThrow().sequence());
    assertEquals(Optional.empty(), reader.findNewest(_ -> false));
  }

  @Test
  void whatIsNoLineIsSkippedAndCounted() throws Exception {
    write(JournalFiles.CURRENT, 1, 1);
    add("\n", "not json\n", "[]\n", "{\"class_uid\":3}\n", "{\"class_uid\":0} {}\n", "\0\0\0\n");
    add("x".repeat(300 * 1024), "\n");
    write(JournalFiles.CURRENT, 2, 2);
    add("{\"class_uid\":0,\"unfinished");
    List<Long> sequences = new ArrayList<>();
    JournalReader reader = new JournalReader(directory);
    reader.newestFirst(line -> sequences.add(line.sequence()));
    assertEquals(List.of(2L, 1L), sequences);
    assertEquals(7, reader.skippedLines());
  }

  @Test
  void anEmptyOrAbsentJournalHasNoLines() throws Exception {
    JournalReader reader = new JournalReader(directory);
    assertEquals(Optional.empty(), reader.findNewest(_ -> true));
    add("");
    assertEquals(Optional.empty(), reader.findNewest(_ -> true));
  }

  @Test
  void aFollowerSeesWhatComesOverTheSettingAsideOfFiles() throws Exception {
    write(JournalFiles.CURRENT, 1, 5);
    try (JournalFollower follower = new JournalReader(directory).openFollower()) {
      assertEquals(List.of(), follower.poll());
      write(JournalFiles.CURRENT, 6, 7);
      assertEquals(List.of(6L, 7L), sequences(follower));
      write(JournalFiles.CURRENT, 8, 8);
      setAside(1);
      write(JournalFiles.CURRENT, 9, 9);
      setAside(2);
      write(JournalFiles.CURRENT, 10, 10);
      assertEquals(List.of(8L, 9L, 10L), sequences(follower));
      add("x".repeat(200 * 1024));
      assertEquals(List.of(), sequences(follower));
      add("\n{}\n");
      write(JournalFiles.CURRENT, 11, 11);
      assertEquals(List.of(11L), sequences(follower));
      assertEquals(2, follower.skippedLines());
    }
  }

  @Test
  void aFollowerGoesOnAfterAFailedBatchWasCutOff() throws Exception {
    write(JournalFiles.CURRENT, 1, 1);
    long whole = Files.size(directory.resolve(JournalFiles.CURRENT));
    try (JournalFollower follower = new JournalReader(directory).openFollower()) {
      write(JournalFiles.CURRENT, 2, 2);
      add("{\"class_uid\":0,\"half");
      assertEquals(List.of(2L), sequences(follower));
      cutTo(whole);
      assertEquals(List.of(), sequences(follower));
      write(JournalFiles.CURRENT, 3, 3);
      assertEquals(List.of(3L), sequences(follower));
      assertEquals(0, follower.skippedLines());
    }
  }

  @Test
  void whatIsCutOffWhileItIsReadIsSkipped() throws Exception {
    write(JournalFiles.CURRENT, 1, 400);
    long whole = Files.size(directory.resolve(JournalFiles.CURRENT));
    write(JournalFiles.CURRENT, 401, 800);
    List<Long> sequences = new ArrayList<>();
    JournalReader reader = new JournalReader(directory);
    reader.newestFirst(line -> {
      sequences.add(line.sequence());
      if (line.sequence() == 790) {
        cutTo(whole);
      }
      return true;
    });
    assertEquals(800L, sequences.getFirst());
    assertEquals(1L, sequences.getLast());
    assertTrue(sequences.containsAll(List.of(400L, 200L)));
  }

  @Test
  void aFollowerWaitsForTheFirstFile() throws Exception {
    try (JournalFollower follower = new JournalReader(directory).openFollower()) {
      assertEquals(List.of(), follower.poll());
      write(JournalFiles.CURRENT, 1, 1);
      follower.await(Duration.ofSeconds(20));
      assertEquals(List.of(1L), sequences(follower));
    }
  }

  @Test
  void aFollowerMissesNothingThatAJournalWrites() throws Exception {
    JournalLimits limits = new JournalLimits(1 << 10, 64 * 1024, 64L << 20, Duration.ofMillis(20));
    int records = 5_000;
    Runnable nothing = () -> {};
    try (JournalFollower follower = new JournalReader(directory).openFollower();
        Journal journal = Journal.open(directory, limits, OcsfFormatTest.HOST, nothing)) {
      Thread producer = Thread.ofPlatform().start(() -> offer(journal, records));
      long expected = 1;
      while (expected <= records) {
        for (JournalLine line : follower.poll()) {
          assertEquals(expected++, line.sequence());
        }
        follower.await(Duration.ofMillis(50));
      }
      producer.join();
      assertTrue(JournalFiles.listAside(directory).size() > 3);
      assertEquals(0, follower.skippedLines());
    }
  }

  @Test
  void noBytesUpsetTheReader() throws Exception {
    RandomEntries random = RandomEntries.seeded();
    RandomGenerator chance = random.random();
    for (int round = 0; round < 300; round++) {
      byte[] bytes = line(random.entry(), 1).getBytes(StandardCharsets.UTF_8);
      for (int i = chance.nextInt(1, 20); i > 0; i--) {
        bytes[chance.nextInt(bytes.length)] = (byte) chance.nextInt(256);
      }
      Path file = directory.resolve(JournalFiles.CURRENT);
      Files.write(file, bytes);
      JournalReader reader = new JournalReader(directory);
      List<JournalLine> lines = new ArrayList<>();
      reader.newestFirst(lines::add);
      long expected = countLineFeeds(bytes);
      assertEquals(expected, lines.size() + reader.skippedLines(), random.toString());
    }
  }

  private static long countLineFeeds(byte[] bytes) {
    long count = 0;
    for (byte b : bytes) {
      count += b == '\n' ? 1 : 0;
    }
    return count;
  }

  private static void offer(Journal journal, int records) {
    for (int i = 1; i <= records; i++) {
      while (!journal.flush(Duration.ofSeconds(20)) || !journal.offer(EntryRingTest.entry(i))) {
        Thread.onSpinWait();
      }
      for (int burst = 0; burst < 99 && i < records; burst++) {
        i++;
        journal.offer(EntryRingTest.entry(i));
      }
    }
  }

  static Optional<JournalLine> parse(String line) {
    return JournalLineParser.parse(line.stripTrailing().getBytes(StandardCharsets.UTF_8));
  }

  private static List<Long> sequences(JournalFollower follower) throws IOException {
    return follower.poll().stream().map(JournalLine::sequence).toList();
  }

  private String line(Entry entry, long sequence) {
    LineBuffer out = new LineBuffer(1024);
    assertTrue(format.append(entry, sequence, 1, LineChain.BEGINNING, out));
    return StandardCharsets.UTF_8.decode(out.view()).toString();
  }

  private void write(String name, int first, int last) throws IOException {
    StringBuilder lines = new StringBuilder();
    for (int i = first; i <= last; i++) {
      Entry entry =
          new Entry.Decision(
              OcsfFormatTest.decision(
                  EventClass.OPEN, Verdict.ALLOW, List.of(OcsfFormatTest.denial())));
      lines.append(line(entry, i));
    }
    add(directory.resolve(name), lines.toString());
  }

  private void add(String... parts) throws IOException {
    add(directory.resolve(JournalFiles.CURRENT), String.join("", parts));
  }

  private static void add(Path file, String text) throws IOException {
    Files.writeString(file, text, StandardOpenOption.CREATE, StandardOpenOption.APPEND);
  }

  private void cutTo(long lengthBytes) {
    Path current = directory.resolve(JournalFiles.CURRENT);
    try (FileChannel file = FileChannel.open(current, StandardOpenOption.WRITE)) {
      file.truncate(lengthBytes);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private void setAside(int number) throws IOException {
    Files.move(
        directory.resolve(JournalFiles.CURRENT),
        directory.resolve("journal-20260101T000000Z-" + number + ".jsonl"),
        StandardCopyOption.ATOMIC_MOVE);
  }
}
