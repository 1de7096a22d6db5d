package redoubt.core.linux;

import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;

/// The eBPF programs and links that the kernel holds, through the reading half of `bpf(2)`: nothing
/// is loaded, attached or changed.
///
/// Any thread may call. Each object is open for the moment in which it is read. Needs
/// `CAP_SYS_ADMIN` (`CAP_BPF` is not enough); without it the answer is EPERM.
public final class BpfObjects {
  // enum bpf_cmd
  static final int BPF_OBJ_GET = 7;
  static final int BPF_PROG_GET_NEXT_ID = 11;
  static final int BPF_PROG_GET_FD_BY_ID = 13;
  static final int BPF_OBJ_GET_INFO_BY_FD = 15;
  static final int BPF_LINK_GET_FD_BY_ID = 30;
  static final int BPF_LINK_GET_NEXT_ID = 31;

  /// As much of `union bpf_attr` as these commands have.
  static final int ATTR_BYTES = 16;

  static final int ATTR_OBJECT_ID = 0;
  static final int ATTR_NEXT_ID = 4;
  static final int ATTR_INFO_FD = 0;
  static final int ATTR_INFO_LEN = 4;
  static final int ATTR_INFO = 8;
  static final int ATTR_PATHNAME = 0;

  private BpfObjects() {}

  /// Lists the loaded programs, in the order of their numbers. What is loaded meanwhile may be
  /// missing, what is unloaded meanwhile is.
  ///
  /// @param most how many at most
  public static BpfListing<BpfProgram> programs(int most) {
    return list(
        new Kind<>(
            BPF_PROG_GET_NEXT_ID,
            BPF_PROG_GET_FD_BY_ID,
            BpfProgram.PROG_INFO_BYTES,
            BpfProgram::read),
        most);
  }

  /// Lists the links (Linux 5.8), in the order of their numbers, as [#programs].
  ///
  /// @param most how many at most
  public static BpfListing<BpfLink> links(int most) {
    return list(
        new Kind<>(
            BPF_LINK_GET_NEXT_ID, BPF_LINK_GET_FD_BY_ID, BpfLink.LINK_INFO_BYTES, BpfLink::read),
        most);
  }

  /// How one kind of object is found and read.
  private record Kind<T>(
      int nextCommand, int openCommand, int infoBytes, Function<MemorySegment, T> reading) {}

  private static <T> BpfListing<T> list(Kind<T> kind, int most) {
    List<T> found = new ArrayList<>();
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment attributes = arena.allocate(ATTR_BYTES, Long.BYTES);
      MemorySegment info = arena.allocate(kind.infoBytes, Long.BYTES);
      int id = 0;
      while (true) {
        int result = callWithId(kind.nextCommand, attributes, id);
        if (result == -Errno.ENOENT) {
          return new BpfListing<>(found, 0, false);
        }
        if (result == 0 && found.size() >= most) {
          return new BpfListing<>(found, 0, true);
        }
        if (result == 0) {
          id = attributes.get(JAVA_INT, ATTR_NEXT_ID);
          result = describe(kind, id, attributes, info);
        }
        if (result == 0) {
          found.add(kind.reading.apply(info));
        } else if (result != -Errno.ENOENT) {
          return new BpfListing<>(found, -result, false);
        }
      }
    }
  }

  private static int callWithId(int command, MemorySegment attributes, int id) {
    attributes.fill((byte) 0);
    attributes.set(JAVA_INT, ATTR_OBJECT_ID, id);
    return SystemCall.BPF.call(command, attributes.address(), ATTR_BYTES);
  }

  /// @return 0 with the object's description in `info`, ENOENT negated if it is gone, or another
  ///   negative error number
  private static int describe(Kind<?> kind, int id, MemorySegment attributes, MemorySegment info) {
    int descriptor = callWithId(kind.openCommand, attributes, id);
    if (descriptor < 0) {
      return descriptor;
    }
    try {
      info.fill((byte) 0);
      attributes.fill((byte) 0);
      attributes.set(JAVA_INT, ATTR_INFO_FD, descriptor);
      attributes.set(JAVA_INT, ATTR_INFO_LEN, kind.infoBytes);
      attributes.set(JAVA_LONG, ATTR_INFO, info.address());
      return SystemCall.BPF.call(BPF_OBJ_GET_INFO_BY_FD, attributes.address(), ATTR_BYTES);
    } finally {
      Descriptors.close(descriptor);
    }
  }

  /// Opens what a name in a BPF file system stands for.
  ///
  /// @return a descriptor or a negative [Errno] value
  static int openPinned(String path) {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment attributes = arena.allocate(ATTR_BYTES, Long.BYTES);
      attributes.set(JAVA_LONG, ATTR_PATHNAME, CString.allocate(arena, path).address());
      return SystemCall.BPF.call(BPF_OBJ_GET, attributes.address(), ATTR_BYTES);
    }
  }
}
