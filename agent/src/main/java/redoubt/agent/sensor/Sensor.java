package redoubt.agent.sensor;

/// Something that hears of what happens on this host. Thread-safe.
public interface Sensor extends AutoCloseable {
  /// Stops to hear; does not wait for the threads, which let go of the kernel's events by
  /// themselves.
  @Override
  void close();
}
