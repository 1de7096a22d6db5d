package redoubt.agent.sensor;

import java.util.List;

/// Tells of what it hears a moment later, so that the process sensor has looked at the process
/// first. One thread hears; [#close] may be called by any.
///
/// @param <T> what it reads
abstract class DelayedSensor<T> implements Sensor {
  private static final int IDLE_MILLIS = 1_000;
  private static final int SETTLE_MILLIS = 20;

  private final int settleMillis;
  private volatile boolean stopping;

  /// Tells 20 milliseconds and more after it was read.
  DelayedSensor() {
    this(SETTLE_MILLIS);
  }

  /// @param settleMillis how long after it was read something is told at the earliest
  DelayedSensor(int settleMillis) {
    this.settleMillis = settleMillis;
  }

  /// Waits until there is something to read.
  ///
  /// @return whether something may be there
  abstract boolean await(int timeoutMillis);

  /// Takes what is there now; does not block.
  abstract List<T> read();

  /// Tells of what was read the last time, which may be nothing.
  abstract void handle(List<T> events);

  /// Hears until it is closed.
  final void hear() {
    List<T> waiting = List.of();
    try {
      while (!stopping) {
        if (!waiting.isEmpty() || await(IDLE_MILLIS)) {
          Thread.sleep(settleMillis);
          handle(waiting);
          waiting = read();
        }
      }
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
    }
  }

  @Override
  public final void close() {
    stopping = true;
  }
}
