package redoubt.agent.hook;

/// A promise to the kernel: if this is not repeated in time, end the agent, and let everybody go
/// on.
///
/// One for each reading thread, used by that thread only. The kernel keeps the time, so it works
/// when the whole process is stopped.
public interface Deadman extends AutoCloseable {
  /// Starts the time again.
  void arm();

  /// Ends the promise: the thread leaves in order.
  @Override
  void close();

  /// A promise to nobody, for hooks on which nobody waits.
  static Deadman none() {
    return new Deadman() {
      @Override
      public void arm() {}

      @Override
      public void close() {}
    };
  }
}
