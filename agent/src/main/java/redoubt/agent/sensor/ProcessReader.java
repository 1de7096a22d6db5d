package redoubt.agent.sensor;

import redoubt.core.model.ProcessInfo;

/// Reads what the kernel says of a process now. For one thread, which may hang in it.
interface ProcessReader extends AutoCloseable {
  /// Reads a process.
  ///
  /// @param known what is known of it already, for what the kernel no longer says
  ProcessInfo read(int pid, ProcessInfo known);

  @Override
  void close();
}
