package redoubt.testing.benchmarks;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.zip.GZIPInputStream;
import redoubt.engine.sigma.RuleFiles;
import redoubt.engine.sigma.event.Classifier;
import redoubt.engine.sigma.event.Event;
import redoubt.engine.sigma.event.EventClass;
import redoubt.engine.sigma.event.EventFormatException;
import redoubt.engine.sigma.event.FieldTable;
import redoubt.engine.sigma.event.JsonEvents;
import redoubt.engine.sigma.match.RuleMatcher;
import redoubt.engine.sigma.match.RuleSet;
import redoubt.engine.sigma.rule.Placeholders;

/// How fast Sigma rules are run over a recording of JSON lines, beside two yardsticks in the same
/// run: a JSON parser alone, and every rule by itself. Processor time of one thread; the best of
/// several passes.
///
///     SigmaSpeed RULES RECORDING
///
/// Where RECORDING is a folder, its Windows event logs are read instead: see [EvtxSpeed].
public final class SigmaSpeed {
  private static final int PASSES = 25;
  private static final int ONE_BY_ONE_EVENTS = 300;

  private static final ThreadMXBean THREADS = ManagementFactory.getThreadMXBean();

  private final List<byte[]> lines;
  private final RuleFiles.Result read;
  private final FieldTable fields = new FieldTable();

  private SigmaSpeed(Path rules, Path recording) throws IOException {
    read = RuleFiles.read(List.of(rules), Placeholders.NONE);
    lines = lines(recording);
  }

  /// Prints the figures.
  public static void main(String[] arguments) throws IOException, EventFormatException {
    Path logs = Path.of(arguments[1]);
    if (Files.isDirectory(logs)) {
      new EvtxSpeed(RuleFiles.read(List.of(Path.of(arguments[0])), Placeholders.NONE), logs)
          .measure();
      return;
    }
    long begin = THREADS.getCurrentThreadCpuTime();
    SigmaSpeed speed = new SigmaSpeed(Path.of(arguments[0]), Path.of(arguments[1]));
    long readNanos = THREADS.getCurrentThreadCpuTime() - begin;
    System.out.printf(
        "reading %,d rules and the recording: %,d ms%n",
        speed.read.rules().size(), readNanos / 1_000_000);
    speed.measure();
  }

  private static List<byte[]> lines(Path recording) throws IOException {
    List<byte[]> lines = new ArrayList<>();
    try (InputStream file = Files.newInputStream(recording);
        InputStream stream =
            recording.toString().endsWith(".gz")
                ? new GZIPInputStream(file)
                : new BufferedInputStream(file)) {
      new String(stream.readAllBytes(), StandardCharsets.UTF_8)
          .lines()
          .forEach(line -> lines.add(line.getBytes(StandardCharsets.UTF_8)));
    }
    return lines;
  }

  private void measure() throws IOException, EventFormatException {
    long begin = THREADS.getCurrentThreadCpuTime();
    RuleSet rules = RuleSet.compile(read.rules(), fields).rules();
    Classifier classifier = new Classifier(fields, EventClass.UNKNOWN);
    System.out.printf(
        "compiling %,d rules: %,d ms%n",
        rules.size(), (THREADS.getCurrentThreadCpuTime() - begin) / 1_000_000);
    RuleMatcher matcher = new RuleMatcher(rules);
    Event event = new Event(fields);
    JsonEvents reader = new JsonEvents(fields, rules.looksEverywhere());
    long[] matches = {0};
    best(
        "reading and matching",
        lines.size(),
        () -> {
          matches[0] = 0;
          for (byte[] line : lines) {
            event.clear();
            reader.read(line, 0, line.length, event);
            matcher.match(event, classifier.classify(event), (_, _) -> matches[0]++);
          }
        });
    System.out.printf("  matches: %,d%n", matches[0]);
    slowest(event, reader, classifier, matcher);
    best(
        "reading alone",
        lines.size(),
        () -> {
          for (byte[] line : lines) {
            event.clear();
            reader.read(line, 0, line.length, event);
          }
        });
    JsonMapper jackson = new JsonMapper();
    best(
        "yardstick: a JSON parser alone",
        lines.size(),
        () -> {
          for (byte[] line : lines) {
            try (JsonParser parser = jackson.createParser(line)) {
              while (parser.nextToken() != null) {
                if (parser.currentToken() == JsonToken.VALUE_STRING) {
                  matches[0] += parser.getTextLength();
                }
              }
            }
          }
        });
    oneByOne(event, reader, classifier);
    CorrelationSpeed.measure();
  }

  /// How long the slowest event takes, once everything is compiled: the shortest of several tries.
  private void slowest(Event event, JsonEvents reader, Classifier classifier, RuleMatcher matcher)
      throws EventFormatException {
    long slowest = 0;
    for (byte[] line : lines) {
      long shortest = Long.MAX_VALUE;
      for (int i = 0; i < 3; i++) {
        long begin = System.nanoTime();
        event.clear();
        reader.read(line, 0, line.length, event);
        matcher.match(event, classifier.classify(event), (_, _) -> {});
        shortest = Math.min(shortest, System.nanoTime() - begin);
      }
      slowest = Math.max(slowest, shortest);
    }
    System.out.printf("  slowest event: %,d µs%n", slowest / 1_000);
  }

  private void oneByOne(Event event, JsonEvents reader, Classifier classifier)
      throws IOException, EventFormatException {
    OneByOne naive = new OneByOne(read.rules());
    JsonMapper jackson = new JsonMapper();
    long begin = THREADS.getCurrentThreadCpuTime();
    int matches = 0;
    int count = Math.min(ONE_BY_ONE_EVENTS, lines.size());
    for (byte[] line : lines.subList(0, count)) {
      event.clear();
      reader.read(line, 0, line.length, event);
      Map<String, String> values = new HashMap<>();
      jackson
          .readTree(line)
          .properties()
          .forEach(entry -> values.put(entry.getKey(), entry.getValue().asText()));
      matches += naive.match(values, classifier.classify(event));
    }
    report("yardstick: rule by rule", count, THREADS.getCurrentThreadCpuTime() - begin);
    System.out.printf("  matches in the first %,d events: %,d%n", count, matches);
  }

  /// A pass over all events.
  private interface Pass {
    void run() throws IOException, EventFormatException;
  }

  private static void best(String name, int events, Pass pass)
      throws IOException, EventFormatException {
    long best = Long.MAX_VALUE;
    for (int i = 0; i < PASSES; i++) {
      long begin = THREADS.getCurrentThreadCpuTime();
      pass.run();
      best = Math.min(best, THREADS.getCurrentThreadCpuTime() - begin);
    }
    report(name, events, best);
  }

  private static void report(String name, int events, long nanos) {
    System.out.printf("%-32s %,12.0f events/s%n", name, events * 1e9 / nanos);
  }
}
