package redoubt.agent.sensor;

import java.io.IOException;
import java.util.function.Consumer;
import redoubt.agent.health.Counter;
import redoubt.agent.health.Counters;
import redoubt.core.linux.TraceInstance;
import redoubt.core.linux.TraceReader;
import redoubt.core.linux.TraceRecord;

/// Hears of what tracepoints record, in an instance of the kernel's tracing of its own. One thread
/// hears; [#close] may be called by any.
///
/// @param <T> what it reads
abstract class TraceSensor<T> extends DelayedSensor<T> {
  private final TraceInstance instance;
  private final TraceReader reader;
  private final LossCount losses;

  /// @param instance where its tracepoints are enabled
  /// @param reader of that instance
  TraceSensor(TraceInstance instance, TraceReader reader, Counters counters) {
    this.instance = instance;
    this.reader = reader;
    losses = new LossCount(counters, Counter.NETWORK_EVENTS_LOST);
  }

  /// Enables tracepoints, and makes the sensor that reads them.
  interface Maker<S> {
    /// Enables and makes.
    ///
    /// @throws IOException if this kernel has not such tracepoints
    /// @throws IllegalArgumentException if they have not such fields
    S make(TraceInstance instance, TraceReader reader) throws IOException;
  }

  /// Begins to hear.
  ///
  /// @param thread what its thread is called
  /// @param bufferKib what each processor's buffer takes
  /// @throws IOException if the kernel has no tracing, or not these tracepoints
  static <S extends TraceSensor<?>> S start(String thread, int bufferKib, Maker<S> maker)
      throws IOException {
    TraceInstance instance = TraceInstance.open(bufferKib);
    try {
      TraceReader reader = instance.openReader();
      try {
        S sensor = maker.make(instance, reader);
        TraceSensor<?> started = sensor;
        Thread.ofPlatform().name(thread).daemon().start(started::run);
        return sensor;
      } catch (IOException | IllegalArgumentException e) {
        reader.close();
        throw e;
      }
    } catch (IOException e) {
      instance.close();
      throw e;
    } catch (IllegalArgumentException e) {
      instance.close();
      throw new IOException(e.getMessage(), e);
    }
  }

  private void run() {
    try (instance;
        reader) {
      begin();
      hear();
    }
  }

  /// What is to be done once, by the thread that hears.
  void begin() {}

  @Override
  final boolean await(int timeoutMillis) {
    return reader.await(timeoutMillis);
  }

  /// Takes what was recorded, and counts what was lost.
  ///
  /// @return whether something was lost
  final boolean take(Consumer<TraceRecord> taker) {
    reader.read(taker);
    return losses.grewTo(reader.lost());
  }
}
