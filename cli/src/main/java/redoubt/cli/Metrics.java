package redoubt.cli;

import io.prometheus.metrics.model.snapshots.CounterSnapshot;
import io.prometheus.metrics.model.snapshots.CounterSnapshot.CounterDataPointSnapshot;
import io.prometheus.metrics.model.snapshots.GaugeSnapshot;
import io.prometheus.metrics.model.snapshots.GaugeSnapshot.GaugeDataPointSnapshot;
import io.prometheus.metrics.model.snapshots.InfoSnapshot;
import io.prometheus.metrics.model.snapshots.InfoSnapshot.InfoDataPointSnapshot;
import io.prometheus.metrics.model.snapshots.Labels;
import io.prometheus.metrics.model.snapshots.MetricSnapshots;
import io.prometheus.metrics.model.snapshots.Quantile;
import io.prometheus.metrics.model.snapshots.Quantiles;
import io.prometheus.metrics.model.snapshots.SummarySnapshot;
import io.prometheus.metrics.model.snapshots.SummarySnapshot.SummaryDataPointSnapshot;
import io.prometheus.metrics.model.snapshots.Unit;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.ToDoubleFunction;
import redoubt.core.wire.ControlReply;

/// The agent's state as metrics, in the words of OpenMetrics 1.0: base units, `_total` for
/// counters, one label `engine`. Pure.
final class Metrics {
  private static final String PREFIX = "redoubt_";
  private static final String TOTAL = "_total";

  private final ControlReply.Status status;
  private final MetricSnapshots.Builder all = MetricSnapshots.builder();

  private Metrics(ControlReply.Status status) {
    this.status = status;
  }

  static MetricSnapshots of(ControlReply.Status status) {
    Metrics metrics = new Metrics(status);
    metrics.addAgent();
    metrics.addEngines();
    metrics.addCounters();
    return metrics.all.build();
  }

  private void addAgent() {
    all.metricSnapshot(
        info(
            "agent",
            "The agent.",
            Labels.of("version", status.version(), "state", status.state())));
    gauge(
        "protected",
        "Whether operations wait for verdicts: 1 if they do.",
        status.state().equals("observing") || status.protectedSinceMillis() == 0 ? 0 : 1);
    gauge("protected_files", "Files that no engine can deny.", status.protectedFiles());
    gauge("exceptions", "The owner's exceptions.", status.exceptions());
    GaugeSnapshot.Builder covered =
        GaugeSnapshot.builder()
            .name(PREFIX + "filesystem_covered")
            .help("Whether operations on the file system are judged: 1 if they are.");
    Map<Labels, Double> byLabels = new TreeMap<>();
    for (ControlReply.Coverage place : status.coverage()) {
      byLabels.put(
          Labels.of("mountpoint", place.mountPoint(), "fstype", place.type()),
          place.covered() ? 1.0 : 0.0);
    }
    byLabels.forEach((labels, value) ->
        covered.dataPoint(GaugeDataPointSnapshot.builder().labels(labels).value(value).build()));
    all.metricSnapshot(covered.build());
  }

  private void gauge(String name, String help, double value) {
    all.metricSnapshot(
        GaugeSnapshot.builder()
            .name(PREFIX + name)
            .help(help)
            .dataPoint(GaugeDataPointSnapshot.builder().value(value).build())
            .build());
  }

  private static InfoSnapshot info(String name, String help, Labels labels) {
    return InfoSnapshot.builder()
        .name(PREFIX + name)
        .help(help)
        .dataPoint(InfoDataPointSnapshot.builder().labels(labels).build())
        .build();
  }

  private void addEngines() {
    InfoSnapshot.Builder infos = InfoSnapshot.builder().name(PREFIX + "engine").help("An engine.");
    SummarySnapshot.Builder latencies =
        SummarySnapshot.builder()
            .name(PREFIX + "engine_answer_latency_seconds")
            .unit(Unit.SECONDS)
            .help("How long the engine took for its latest 1024 timely answers.");
    for (ControlReply.Engine engine : status.engines()) {
      infos.dataPoint(
          InfoDataPointSnapshot.builder()
              .labels(
                  Labels.of(
                      "engine", engine.id(),
                      "vendor", engine.vendor(),
                      "version", engine.engineVersion(),
                      "mode", EngineTable.wordOf(engine.mode()),
                      "state", engine.state(),
                      "content_version", engine.contentVersion()))
              .build());
      latencies.dataPoint(
          SummaryDataPointSnapshot.builder()
              .labels(labelOf(engine))
              .quantiles(
                  Quantiles.of(
                      new Quantile(0.5, engine.latencyP50Micros() / 1e6),
                      new Quantile(0.99, engine.latencyP99Micros() / 1e6)))
              .count(engine.answered())
              .build());
    }
    all.metricSnapshot(infos.build());
    all.metricSnapshot(latencies.build());
    gauges(
        "engine_ready",
        "Whether the engine judges: 1 if it does.",
        engine -> engine.state().equals("ready") ? 1 : 0);
    gauges("engine_processes", "The engine's processes.", engine -> engine.costs().processes());
    gauges(
        "engine_resident_bytes",
        "Memory that they hold.",
        engine -> engine.costs().residentBytes());
    gauges(
        "engine_content_entries", "Entries of its content.", ControlReply.Engine::contentEntries);
    counters(
        "engine_cpu_seconds",
        "Processor time of all its processes.",
        engine -> engine.costs().cpuMicros() / 1e6);
    counters("engine_restarts", "Times it was started again.", ControlReply.Engine::restarts);
    counters("engine_asked", "Events it was asked about.", ControlReply.Engine::asked);
    counters("engine_answered", "Events it answered in time.", ControlReply.Engine::answered);
    counters("engine_missed", "Events it did not answer in time.", ControlReply.Engine::missed);
    counters("engine_denied", "Answers that were DENY.", ControlReply.Engine::denied);
    counters(
        "engine_refused",
        "Of those, answers about files that nothing may deny.",
        ControlReply.Engine::refused);
    counters("engine_found", "Findings that it reported.", ControlReply.Engine::found);
    counters("engine_told", "Events of the host it got.", engine -> engine.costs().told());
    counters("engine_dropped", "Events it never got.", engine -> engine.costs().dropped());
    counters(
        "engine_filtered",
        "Events of the host it had no need of.",
        engine -> engine.costs().filtered());
  }

  private static Labels labelOf(ControlReply.Engine engine) {
    return Labels.of("engine", engine.id());
  }

  private void gauges(String name, String help, ToDoubleFunction<ControlReply.Engine> value) {
    GaugeSnapshot.Builder gauges = GaugeSnapshot.builder().name(PREFIX + name).help(help);
    for (ControlReply.Engine engine : status.engines()) {
      gauges.dataPoint(
          GaugeDataPointSnapshot.builder()
              .labels(labelOf(engine))
              .value(value.applyAsDouble(engine))
              .build());
    }
    all.metricSnapshot(gauges.build());
  }

  private void counters(String name, String help, ToDoubleFunction<ControlReply.Engine> value) {
    CounterSnapshot.Builder counters = CounterSnapshot.builder().name(PREFIX + name).help(help);
    for (ControlReply.Engine engine : status.engines()) {
      counters.dataPoint(point(value.applyAsDouble(engine)).labels(labelOf(engine)).build());
    }
    all.metricSnapshot(counters.build());
  }

  private CounterDataPointSnapshot.Builder point(double value) {
    return CounterDataPointSnapshot.builder()
        .value(value)
        .createdTimestampMillis(status.startedMillis());
  }

  /// The agent's counters under their own names; the reference says what each counts.
  private void addCounters() {
    new TreeMap<>(status.counters())
        .forEach((name, value) -> {
          if (name.endsWith(TOTAL)) {
            all.metricSnapshot(
                CounterSnapshot.builder()
                    .name(PREFIX + name.substring(0, name.length() - TOTAL.length()))
                    .dataPoint(point(value).build())
                    .build());
          } else {
            gauge(name, "Now.", value);
          }
        });
  }
}
