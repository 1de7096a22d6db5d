package redoubt.core.linux;

import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;

/// `struct msghdr` with one data area and room for descriptors, as `sendmsg` and `recvmsg` want it.
///
/// Not thread-safe; lives as long as the arena it was made in.
final class MessageHeader {
  /// The kernel's `struct user_msghdr`.
  static final int MSGHDR_BYTES = 56;

  static final int MSG_IOV = 16;
  static final int MSG_IOVLEN = 24;
  static final int MSG_CONTROL = 32;
  static final int MSG_CONTROLLEN = 40;
  static final int MSG_FLAGS = 48;

  /// `struct iovec`.
  static final int IOVEC_BYTES = 16;

  static final int IOV_BASE = 0;
  static final int IOV_LEN = 8;

  /// `struct cmsghdr`.
  static final int CMSGHDR_BYTES = 16;

  static final int CMSGHDR_LEN = 0;
  static final int CMSGHDR_LEVEL = 8;
  static final int CMSGHDR_TYPE = 12;

  static final int SCM_RIGHTS = 1;

  private static final int MSG_CTRUNC = 0x8;
  private static final int MSG_TRUNC = 0x20;

  private final MemorySegment header;
  private final MemorySegment vector;
  private final MemorySegment control;

  MessageHeader(Arena arena, int maxDescriptors) {
    header = arena.allocate(MSGHDR_BYTES, Long.BYTES);
    vector = arena.allocate(IOVEC_BYTES, Long.BYTES);
    control = arena.allocate(Math.max(CMSGHDR_BYTES, controlBytes(maxDescriptors)), Long.BYTES);
  }

  /// The control length for that many descriptors (`CMSG_SPACE`), 0 for none.
  static long controlBytes(int descriptorCount) {
    return descriptorCount == 0 ? 0 : CMSGHDR_BYTES + align((long) descriptorCount * Integer.BYTES);
  }

  static long align(long length) {
    return (length + Long.BYTES - 1) & -Long.BYTES;
  }

  long address() {
    return header.address();
  }

  long controlCapacity() {
    return control.byteSize();
  }

  MemorySegment control() {
    return control;
  }

  /// Sets where the data is and how much of the control area counts; clears the flags.
  void point(long dataAddress, long dataLength, long controlLength) {
    vector.set(JAVA_LONG, IOV_BASE, dataAddress);
    vector.set(JAVA_LONG, IOV_LEN, dataLength);
    header.fill((byte) 0);
    header.set(JAVA_LONG, MSG_IOV, vector.address());
    header.set(JAVA_LONG, MSG_IOVLEN, 1);
    header.set(JAVA_LONG, MSG_CONTROL, controlLength == 0 ? 0 : control.address());
    header.set(JAVA_LONG, MSG_CONTROLLEN, controlLength);
  }

  /// Fills the control area with descriptors to be sent.
  void attach(int[] descriptors, int count) {
    control.set(JAVA_LONG, CMSGHDR_LEN, CMSGHDR_BYTES + (long) count * Integer.BYTES);
    control.set(JAVA_INT, CMSGHDR_LEVEL, UnixSocket.SOL_SOCKET);
    control.set(JAVA_INT, CMSGHDR_TYPE, SCM_RIGHTS);
    MemorySegment.copy(descriptors, 0, control, JAVA_INT, CMSGHDR_BYTES, count);
  }

  long controlLength() {
    return header.get(JAVA_LONG, MSG_CONTROLLEN);
  }

  boolean truncated() {
    return (header.get(JAVA_INT, MSG_FLAGS) & (MSG_CTRUNC | MSG_TRUNC)) != 0;
  }

  void markTruncated() {
    header.set(JAVA_INT, MSG_FLAGS, header.get(JAVA_INT, MSG_FLAGS) | MSG_CTRUNC);
  }
}
