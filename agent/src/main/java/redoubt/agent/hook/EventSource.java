package redoubt.agent.hook;

import redoubt.core.model.EventClass;

/// One thread's view of the events of a [Kernel]. Not thread-safe; a batch is valid until the next
/// [#read]. Nothing here allocates.
public interface EventSource extends AutoCloseable {
  /// Waits until something can be read or the time is over.
  ///
  /// @return whether something may be there to read
  boolean await(int timeoutMillis);

  /// Reads at most `most` events and not one more: each holds up to two descriptors.
  ///
  /// @return how many were read, 0 if none was there, or a negative error number
  int read(int most);

  /// Whether event `i` says that the kernel dropped events.
  boolean isOverflow(int i);

  /// The class of event `i`.
  EventClass eventClass(int i);

  /// The descriptor of event `i`'s file; negative if the kernel had none to give and has denied the
  /// operation by itself.
  int descriptor(int i);

  /// The pidfd of event `i`'s process, negative if there is none.
  int pidfd(int i);

  /// The process id of event `i`'s process.
  int pid(int i);

  /// Fills in the facts of event `i`'s file and process.
  void describe(int i, Operation into);

  @Override
  void close();
}
