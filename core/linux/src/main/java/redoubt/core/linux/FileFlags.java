package redoubt.core.linux;

import static java.lang.foreign.ValueLayout.JAVA_INT;

import java.lang.foreign.MemorySegment;

/// The flags that a file system keeps with a file (`chattr(1)`, `ioctl_iflags(2)`), by descriptor.
///
/// Any thread may call. Needs `CAP_LINUX_IMMUTABLE` to change the two named here.
public final class FileFlags {
  /// Nobody, not even root, can change, rename, link or remove it.
  public static final int FS_IMMUTABLE_FL = 0x10;

  /// It can be made longer, and nothing else.
  public static final int FS_APPEND_FL = 0x20;

  // linux/fs.h. The numbers say "long", but the kernel passes an int.
  static final long FS_IOC_GETFLAGS = 0x80086601L;
  static final int FS_IOC_SETFLAGS = 0x40086602;

  private FileFlags() {}

  /// The flags of an open file.
  ///
  /// @return none of the error numbers: the flags as an unsigned number; negative for an [Errno]
  ///   value, ENOTTY or EOPNOTSUPP where the file system keeps none
  public static long read(int descriptor) {
    MemorySegment flags = CallState.current().scratch();
    int result = SystemCall.IOCTL.call(descriptor, FS_IOC_GETFLAGS, flags.address());
    return result < 0 ? result : Integer.toUnsignedLong(flags.get(JAVA_INT, 0));
  }

  /// Sets the flags of an open file.
  ///
  /// @return 0 or a negative [Errno] value
  public static int write(int descriptor, long flags) {
    MemorySegment value = CallState.current().scratch();
    value.set(JAVA_INT, 0, (int) flags);
    return SystemCall.IOCTL.call(descriptor, FS_IOC_SETFLAGS, value.address());
  }

  /// Whether an answer of [#read] says that the file system keeps no flags.
  public static boolean areUnknown(long answer) {
    return answer == -Errno.ENOTTY || answer == -Errno.EOPNOTSUPP;
  }
}
