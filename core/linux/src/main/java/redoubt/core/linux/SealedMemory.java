package redoubt.core.linux;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.channels.WritableByteChannel;

/// Anonymous memory that is written once, sealed, and then handed to others by its descriptor:
/// nobody can change, grow or shrink it any more. Written by one thread.
public final class SealedMemory implements WritableByteChannel {
  private static final int F_ADD_SEALS = 1033;
  private static final int F_SEAL_SEAL = 0x1;
  private static final int F_SEAL_SHRINK = 0x2;
  private static final int F_SEAL_GROW = 0x4;
  private static final int F_SEAL_WRITE = 0x8;
  private static final int MFD_CLOEXEC = 0x1;
  private static final int MFD_ALLOW_SEALING = 0x2;
  private static final int MFD_NOEXEC_SEAL = 0x8;
  private static final int PART_BYTES = 64 * 1024;

  private final int descriptor;
  private long length;
  private boolean open = true;

  private SealedMemory(int descriptor) {
    this.descriptor = descriptor;
  }

  /// Makes empty memory.
  ///
  /// @param name shown in `/proc/PID/fd`, for people
  /// @throws LinuxException if the kernel has no memory or descriptor left
  public static SealedMemory create(String name) {
    try (Arena arena = Arena.ofConfined()) {
      long address = CString.allocate(arena, name).address();
      int flags = MFD_CLOEXEC | MFD_ALLOW_SEALING;
      int descriptor = SystemCall.MEMFD_CREATE.call(address, flags | MFD_NOEXEC_SEAL);
      if (descriptor == -Errno.EINVAL) { // before Linux 6.3
        descriptor = SystemCall.MEMFD_CREATE.call(address, flags);
      }
      return new SealedMemory(SystemCall.MEMFD_CREATE.require(descriptor, "name=" + name));
    }
  }

  /// Appends the buffer's remaining bytes, all of them. The descriptor's position stays 0.
  ///
  /// @throws LinuxException if there is no memory left
  @Override
  public int write(ByteBuffer content) {
    int appended = content.remaining();
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment part = arena.allocate(PART_BYTES);
      while (content.hasRemaining()) {
        int count = Math.min(content.remaining(), PART_BYTES);
        ByteBuffer next = content.slice(content.position(), count);
        MemorySegment.copy(MemorySegment.ofBuffer(next), 0, part, 0, count);
        append(part, count);
        content.position(content.position() + count);
      }
    }
    return appended;
  }

  private void append(MemorySegment part, int count) {
    int done = 0;
    while (done < count) {
      int result =
          SystemCall.PWRITE64.call(descriptor, part.address() + done, count - done, length);
      done += SystemCall.PWRITE64.require(result, "bytes=" + length);
      length += result;
    }
  }

  /// Seals the memory.
  ///
  /// @return the descriptor, the caller's to close
  /// @throws LinuxException if the kernel refuses
  public int seal() {
    int seals = F_SEAL_SEAL | F_SEAL_SHRINK | F_SEAL_GROW | F_SEAL_WRITE;
    SystemCall.FCNTL.require(
        SystemCall.FCNTL.call(descriptor, F_ADD_SEALS, seals), "bytes=" + length);
    open = false;
    return descriptor;
  }

  @Override
  public boolean isOpen() {
    return open;
  }

  /// Gives up memory that was not sealed; afterwards and after [#seal] it does nothing.
  @Override
  public void close() {
    if (open) {
      open = false;
      Descriptors.close(descriptor);
    }
  }
}
