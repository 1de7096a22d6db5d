package redoubt.testing.benchmarks;

import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import redoubt.engine.sigma.Detector;
import redoubt.engine.sigma.RuleFiles;
import redoubt.engine.sigma.event.Event;
import redoubt.engine.sigma.event.EventClass;
import redoubt.engine.sigma.rule.Placeholders;

/// How fast correlations are, by their kind and by how long their window is: each event matches the
/// rule that is correlated, for one of a thousand users. Processor time of one thread, the best of
/// several passes; making the event and matching that rule are in every figure, and alone in the
/// first.
final class CorrelationSpeed {
  private static final int EVENTS = 500_000;
  private static final int USERS = 1_000;
  private static final int PASSES = 5;
  private static final long MILLIS_BETWEEN = 10;
  private static final EventClass KIND = new EventClass(Set.of("test"), Set.of(), Set.of());
  private static final ThreadMXBean THREADS = ManagementFactory.getThreadMXBean();

  private static final String BASE =
      """
      title: base
      name: base
      id: 00000000-0000-4000-8000-000000000001
      logsource: {product: test}
      detection: {sel: {Kind: login}, condition: sel}
      """;

  private CorrelationSpeed() {}

  /// Prints the figures.
  static void measure() throws IOException {
    long bare = best(detector(""));
    System.out.printf("%-32s %,12.0f events/s%n", "one rule, no correlation", EVENTS * 1e9 / bare);
    for (String[] kind :
        new String[][] {
          {"event_count", "gte: 1000"},
          {"value_count", "field: Host, gte: 1000"},
          {"value_sum", "field: Size, gte: 1000000000"},
          {"value_median", "field: Size, gte: 1000000000"}
        }) {
      for (String window : new String[] {"1m", "1h", "1d"}) {
        long nanos = best(detector(correlation(kind[0], window, kind[1])));
        System.out.printf(
            "%-32s %,12.0f events/s%n", kind[0] + " within " + window, EVENTS * 1e9 / nanos);
      }
    }
  }

  private static String correlation(String type, String window, String condition) {
    return """
    title: correlation
    id: 00000000-0000-4000-8000-000000000002
    correlation:
      type: %s
      rules: [base]
      group-by: [User]
      timespan: %s
      condition: {%s}
    """
        .formatted(type, window, condition);
  }

  private static Detector detector(String correlation) throws IOException {
    Path folder = Files.createTempDirectory("correlation");
    Path base = Files.writeString(folder.resolve("base.yml"), BASE);
    Path other = Files.writeString(folder.resolve("correlation.yml"), correlation);
    try {
      Detector detector =
          new Detector(
              RuleFiles.read(
                  correlation.isEmpty() ? List.of(base) : List.of(base, other), Placeholders.NONE));
      if (!detector.problems().isEmpty()) {
        throw new IllegalStateException(detector.problems().toString());
      }
      return detector;
    } finally {
      Files.delete(base);
      Files.delete(other);
      Files.delete(folder);
    }
  }

  private static long best(Detector detector) {
    int time = detector.fields().slot("time");
    int kind = detector.fields().slot("Kind");
    int user = detector.fields().slot("User");
    int host = detector.fields().slot("Host");
    int size = detector.fields().slot("Size");
    Event event = new Event(detector.fields());
    long[] found = {0};
    long best = Long.MAX_VALUE;
    for (int pass = 0; pass < PASSES; pass++) {
      detector.startOver();
      long begin = THREADS.getCurrentThreadCpuTime();
      for (int i = 0; i < EVENTS; i++) {
        event.clear();
        event.add(time, Event.Kind.NUMBER, Long.toString(1_700_000_000_000L + i * MILLIS_BETWEEN));
        event.add(kind, Event.Kind.TEXT, "login");
        event.add(user, Event.Kind.TEXT, "user" + i % USERS);
        event.add(host, Event.Kind.TEXT, "host" + i % 97);
        event.add(size, Event.Kind.NUMBER, Integer.toString(i % 9_973));
        detector.detect(event, KIND, _ -> found[0]++);
      }
      best = Math.min(best, THREADS.getCurrentThreadCpuTime() - begin);
    }
    return best;
  }
}
