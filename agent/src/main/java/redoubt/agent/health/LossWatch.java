package redoubt.agent.health;

import java.util.EnumMap;
import java.util.Map;
import redoubt.core.model.PlatformNotice;

/// Reports what the answer path, which writes no log, can only count: events that were lost, and
/// operations that the kernel denied by itself.
///
/// One notice covers everything of its kind since the one before, so the caller's rhythm bounds the
/// rate of notices, whatever happens how often. Thread-safe.
public final class LossWatch {
  private record Loss(PlatformNotice.Kind kind, String message) {}

  private static final Map<Counter, Loss> LOSSES =
      new EnumMap<>(
          Map.of(
              Counter.KERNEL_DENIALS,
              new Loss(
                  PlatformNotice.Kind.KERNEL_DENIAL,
                  "the kernel denied operations by itself, having no descriptor to give"),
              Counter.QUEUE_OVERFLOWS,
              new Loss(
                  PlatformNotice.Kind.LOSS, "the kernel's queue was full, events were not seen"),
              Counter.PROCESS_EVENTS_LOST,
              new Loss(
                  PlatformNotice.Kind.LOSS, "the kernel could not pass on events of processes"),
              Counter.FILE_EVENTS_LOST,
              new Loss(PlatformNotice.Kind.LOSS, "the kernel could not pass on events of files"),
              Counter.WRITTEN_MISSED,
              new Loss(
                  PlatformNotice.Kind.LOSS,
                  "files were written faster than they could be scanned, some are not scanned"),
              Counter.NETWORK_EVENTS_LOST,
              new Loss(
                  PlatformNotice.Kind.LOSS, "the kernel could not pass on events of the network"),
              Counter.DEVICE_EVENTS_LOST,
              new Loss(PlatformNotice.Kind.LOSS, "the kernel could not pass on events of devices"),
              Counter.AUDIT_RECORDS_LOST,
              new Loss(PlatformNotice.Kind.LOSS, "the kernel could not pass on audit records"),
              Counter.RECORDS_LOST,
              new Loss(PlatformNotice.Kind.LOSS, "decisions were answered but not written up")));

  private final Counters counters;
  private final Notices notices;
  private final Map<Counter, Long> reported = new EnumMap<>(Counter.class);

  /// Watches `counters` and reports to `notices`.
  public LossWatch(Counters counters, Notices notices) {
    this.counters = counters;
    this.notices = notices;
  }

  /// Reports each loss that has grown since the last call.
  public synchronized void report() {
    LOSSES.forEach((counter, loss) -> {
      long value = counters.value(counter);
      long before = reported.getOrDefault(counter, 0L);
      if (value > before) {
        reported.put(counter, value);
        notices.report(
            loss.kind(), counter.metric(), loss.message() + ": count=" + (value - before));
      }
    });
  }
}
