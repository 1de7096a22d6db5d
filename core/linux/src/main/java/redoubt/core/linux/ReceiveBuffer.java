package redoubt.core.linux;

import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;

/// Where one received message and its descriptors go.
///
/// One per receiving thread; not thread-safe. Its sizes are the longest message and the most
/// descriptors that are accepted at all. Allocates nothing after construction.
public final class ReceiveBuffer implements AutoCloseable {
  /// The kernel's own limit on descriptors in one message (`SCM_MAX_FD`).
  public static final int MAX_DESCRIPTORS = 253;

  private final Arena arena = Arena.ofShared();
  private final MessageHeader header;
  private final MemorySegment bytes;
  private final ByteBuffer data;
  private final int[] descriptors;
  private int descriptorCount;

  /// A buffer of fixed size, empty.
  ///
  /// @param maxBytes the longest message, at least 1
  /// @param maxDescriptors the most descriptors with a message, from 0 to 253
  public ReceiveBuffer(int maxBytes, int maxDescriptors) {
    if (maxBytes < 1 || maxDescriptors < 0 || maxDescriptors > MAX_DESCRIPTORS) {
      throw new IllegalArgumentException(
          "sizes out of range: maxBytes=" + maxBytes + " maxDescriptors=" + maxDescriptors);
    }
    header = new MessageHeader(arena, maxDescriptors);
    bytes = arena.allocate(maxBytes, Long.BYTES);
    data = bytes.asByteBuffer().order(ByteOrder.LITTLE_ENDIAN).limit(0);
    descriptors = new int[maxDescriptors];
  }

  /// The last message, from position 0 to its length. The same buffer every time, overwritten by
  /// the next message.
  public ByteBuffer data() {
    return data;
  }

  /// How many descriptors came with the last message. They belong to the caller, who closes them.
  public int descriptorCount() {
    return descriptorCount;
  }

  /// One of the descriptors that came with the last message.
  ///
  /// @param index from 0 to [#descriptorCount()] - 1
  public int descriptor(int index) {
    if (index >= descriptorCount) {
      throw new IndexOutOfBoundsException("no such descriptor: index=" + index);
    }
    return descriptors[index];
  }

  /// Closes the descriptors of the last message that the caller does not want.
  public void closeDescriptors() {
    for (int i = 0; i < descriptorCount; i++) {
      Descriptors.close(descriptors[i]);
    }
    descriptorCount = 0;
  }

  /// The descriptors that came with the last message: whoever takes them closes them.
  public List<Integer> handOverDescriptors() {
    List<Integer> taken = new ArrayList<>(descriptorCount);
    for (int i = 0; i < descriptorCount; i++) {
      taken.add(descriptors[i]);
    }
    descriptorCount = 0;
    return taken;
  }

  /// The header, set up to receive into this buffer.
  MessageHeader prepare() {
    data.clear().limit(0);
    descriptorCount = 0;
    header.point(bytes.address(), bytes.byteSize(), header.controlCapacity());
    return header;
  }

  /// Takes over what `recvmsg` left.
  ///
  /// @param length its result, not negative
  /// @return the length, or EMSGSIZE negated if anything was cut off, with all descriptors closed
  int complete(int length) {
    takeDescriptors();
    if (header.truncated()) {
      closeDescriptors();
      return -Errno.EMSGSIZE;
    }
    data.limit(length);
    return length;
  }

  private void takeDescriptors() {
    MemorySegment control = header.control();
    long end = header.controlLength();
    long at = 0;
    while (at + MessageHeader.CMSGHDR_BYTES <= end) {
      long length = control.get(JAVA_LONG, at + MessageHeader.CMSGHDR_LEN);
      if (length < MessageHeader.CMSGHDR_BYTES) {
        return;
      }
      if (control.get(JAVA_INT, at + MessageHeader.CMSGHDR_LEVEL) == UnixSocket.SOL_SOCKET
          && control.get(JAVA_INT, at + MessageHeader.CMSGHDR_TYPE) == MessageHeader.SCM_RIGHTS) {
        takeDescriptors(control, at + MessageHeader.CMSGHDR_BYTES, Math.min(end, at + length));
      }
      at += MessageHeader.align(length);
    }
  }

  /// The control area may have room for one more than was asked for, because of its alignment.
  private void takeDescriptors(MemorySegment control, long from, long to) {
    for (long at = from; at + Integer.BYTES <= to; at += Integer.BYTES) {
      int descriptor = control.get(JAVA_INT, at);
      if (descriptorCount < descriptors.length) {
        descriptors[descriptorCount++] = descriptor;
      } else {
        Descriptors.close(descriptor);
        header.markTruncated();
      }
    }
  }

  /// Frees the memory; descriptors stay open.
  @Override
  public void close() {
    arena.close();
  }
}
