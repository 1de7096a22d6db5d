package redoubt.agent.sensor;

import org.jspecify.annotations.Nullable;
import redoubt.core.model.ProcessInfo;
import redoubt.core.model.Sha256;

/// Reads what the kernel says of a process now. For one thread, which may hang in it.
interface ProcessReader extends AutoCloseable {
  /// Reads a process.
  ///
  /// @param known what is known of it already, for what the kernel no longer says
  ProcessInfo read(int pid, ProcessInfo known);

  /// The digest of the program of the process that was read last; null if it is not known.
  @Nullable Sha256 digest();

  @Override
  void close();
}
