package redoubt.core.linux;

import java.lang.foreign.Arena;
import java.lang.foreign.Linker;
import java.lang.foreign.MemoryLayout;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.StructLayout;
import java.lang.foreign.ValueLayout;

/// What one thread needs to make system calls without allocating: the place where the linker saves
/// errno, and a scratch area for small kernel structs.
///
/// Never shared: each thread has its own, which lives as long as the thread. That is why it may use
/// an automatic arena: the thread itself keeps the memory reachable during every call.
final class CallState {
  /// The largest struct that fits the scratch area (`struct statx`).
  static final int SCRATCH_BYTES = 256;

  private static final StructLayout LAYOUT = Linker.Option.captureStateLayout();

  private static final long ERRNO_OFFSET =
      LAYOUT.byteOffset(MemoryLayout.PathElement.groupElement("errno"));

  private static final ThreadLocal<CallState> CURRENT = ThreadLocal.withInitial(CallState::new);

  private final MemorySegment captured;
  private final MemorySegment scratch;

  private CallState() {
    Arena arena = Arena.ofAuto();
    captured = arena.allocate(LAYOUT);
    scratch = arena.allocate(SCRATCH_BYTES, Long.BYTES);
  }

  static CallState current() {
    return CURRENT.get();
  }

  /// Where the linker stores errno.
  MemorySegment captured() {
    return captured;
  }

  /// [#SCRATCH_BYTES] bytes with whatever the thread's previous use left there, 8-byte aligned.
  /// Only for the leaf that makes the call: the content is void once another method of this room
  /// ran.
  MemorySegment scratch() {
    return scratch;
  }

  /// The errno of this thread's last failed call.
  int errno() {
    return captured.get(ValueLayout.JAVA_INT, ERRNO_OFFSET);
  }
}
