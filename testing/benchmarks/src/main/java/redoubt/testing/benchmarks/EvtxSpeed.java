package redoubt.testing.benchmarks;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import redoubt.engine.sigma.RuleFiles;
import redoubt.engine.sigma.event.Classifier;
import redoubt.engine.sigma.event.Event;
import redoubt.engine.sigma.event.EventClass;
import redoubt.engine.sigma.event.EventFormatException;
import redoubt.engine.sigma.event.FieldTable;
import redoubt.engine.sigma.evtx.EvtxRecords;
import redoubt.engine.sigma.match.RuleMatcher;
import redoubt.engine.sigma.match.RuleSet;

/// How fast Windows event logs are read, and read and matched: a folder of them, with records
/// repeated until each chunk is full, over and over until 100 MB have passed. Processor time of one
/// thread, the best of several passes.
final class EvtxSpeed {
  private static final long BYTES = 100_000_000L;
  private static final int PASSES = 5;

  /// A log whose records take more, with all that is around them, is not a full one.
  private static final long FULL_RECORD_BYTES = 4_096;

  private static final ThreadMXBean THREADS = ManagementFactory.getThreadMXBean();

  private final List<byte[]> logs = new ArrayList<>();
  private final FieldTable fields = new FieldTable();
  private final RuleSet rules;
  private final Classifier classifier;
  private final RuleMatcher matcher;
  private final Event event;
  private long matches;
  private int left;

  /// @param folder in which all that end in `.evtx` are read, at any depth
  EvtxSpeed(RuleFiles.Result read, Path folder) throws IOException {
    rules = RuleSet.compile(read.rules(), fields).rules();
    classifier = new Classifier(fields, EventClass.UNKNOWN);
    matcher = new RuleMatcher(rules);
    event = new Event(fields);
    try (Stream<Path> all = Files.walk(folder)) {
      for (Path file : all.filter(path -> path.toString().endsWith(".evtx")).sorted().toList()) {
        byte[] log = DenseLogs.fill(Files.readAllBytes(file));
        if (isFull(log)) {
          logs.add(log);
        } else {
          left++;
        }
      }
    }
  }

  /// Whether a log has full chunks and still means something: where each record defines a template,
  /// none could be repeated.
  private boolean isFull(byte[] log) {
    try {
      return read(log, false) * FULL_RECORD_BYTES >= log.length;
    } catch (IOException _) {
      return false;
    }
  }

  /// Prints the figures.
  void measure() throws IOException {
    System.out.printf(
        "%,d logs with full chunks; %,d more could not be filled%n", logs.size(), left);
    measure("EVTX, reading alone", false);
    measure("EVTX, reading and matching", true);
    System.out.printf("  rules: %,d, matches in the last pass: %,d%n", rules.size(), matches);
  }

  private void measure(String name, boolean matching) throws IOException {
    long best = Long.MAX_VALUE;
    long bytes = 0;
    long records = 0;
    for (int i = 0; i < PASSES; i++) {
      long begin = THREADS.getCurrentThreadCpuTime();
      bytes = 0;
      records = 0;
      matches = 0;
      while (bytes < BYTES) {
        for (byte[] log : logs) {
          records += read(log, matching);
          bytes += log.length;
        }
      }
      best = Math.min(best, THREADS.getCurrentThreadCpuTime() - begin);
    }
    System.out.printf(
        "%-32s %,12.0f records/s, %,.0f MB/s, %.2f s for %,d MB%n",
        name, records * 1e9 / best, bytes * 1e3 / best, best / 1e9, bytes / 1_000_000);
  }

  private long read(byte[] log, boolean matching) throws IOException {
    long count = 0;
    try (EvtxRecords records =
        new EvtxRecords(new ByteArrayInputStream(log), fields, rules.looksEverywhere())) {
      boolean more = true;
      while (more) {
        event.clear();
        try {
          more = records.next(event);
          count += more ? 1 : 0;
          if (more && matching) {
            matcher.match(event, classifier.classify(event), (_, _) -> matches++);
          }
        } catch (EventFormatException e) {
          throw new IOException("a recording is broken: " + e.problem(), e);
        }
      }
    }
    return count;
  }
}
