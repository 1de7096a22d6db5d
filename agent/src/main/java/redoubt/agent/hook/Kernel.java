package redoubt.agent.hook;

import java.lang.foreign.MemorySegment;

/// What the agent asks of the operating system about operations that wait: the seam behind which
/// stand the fanotify group of the host and the simulated kernel of the tests.
///
/// Every method may be called by any thread. None opens a file. Those that return `int` give zero
/// or more for success and a negative error number otherwise, as the kernel's interface does.
public interface Kernel extends AutoCloseable {
  /// Opens a source of events for one reading thread.
  EventSource openSource();

  /// Tells the kernel the answer for the operation behind `descriptor`. Does not block.
  int answer(int descriptor, boolean allow);

  /// Closes a descriptor that came with an event; negative ones are ignored.
  void release(int descriptor);

  /// Fills in the file's facts again, to see whether it changed.
  int describeFile(int descriptor, FileFacts into);

  /// Takes a read lease: from now on nobody else can open the file for writing without waiting for
  /// us. Fails if somebody has it open or mapped for writing.
  int takeLease(int descriptor);

  /// Whether the lease is still held and no writer waits for it.
  boolean leaseHeld(int descriptor);

  /// Gives the lease back.
  void releaseLease(int descriptor);

  /// Reads content at an offset without moving the shared file position; 0 is the end. May block on
  /// the file system.
  int read(int descriptor, MemorySegment into, long offset);

  /// The file's current path, empty if the kernel cannot say. Does not block.
  String path(int descriptor);

  /// The program that a process runs, empty if unknown. Does not block.
  String image(int pid);

  /// Ends the process behind a pidfd.
  int kill(int pidfd);

  /// Closes the hook: the kernel lets everything that waits go on.
  @Override
  void close();
}
