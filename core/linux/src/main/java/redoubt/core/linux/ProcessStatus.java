package redoubt.core.linux;

import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;

/// What `PIDFD_GET_INFO` (Linux 6.13) knows about a process, in memory that is used again for each
/// process. No file of `/proc` is opened but by [#load(Pidfd, int)].
///
/// One per thread; not thread-safe, though it may be made by another thread. Allocates nothing
/// after construction. After a failed [#load(int)] every value is the "unknown" of its accessor.
public final class ProcessStatus implements AutoCloseable {
  /// The first version of `struct pidfd_info`; later ones only append.
  static final int PIDFD_INFO_BYTES = 64;

  static final int MASK = 0;
  static final int CGROUPID = 8;
  static final int PID = 16;
  static final int TGID = 20;
  static final int PPID = 24;
  static final int RUID = 28;
  static final int RGID = 32;
  static final int EUID = 36;
  static final int EGID = 40;

  static final int PIDFD_INFO_PID = 0x1;
  static final int PIDFD_INFO_CREDS = 0x2;
  static final int PIDFD_INFO_CGROUPID = 0x4;

  /// `_IOWR(PIDFS_IOCTL_MAGIC, 11, struct pidfd_info)`.
  static final long PIDFD_GET_INFO = 0xC040FF0BL;

  private final Arena arena = Arena.ofShared();
  private final MemorySegment info = arena.allocate(PIDFD_INFO_BYTES, Long.BYTES);

  /// Memory for the status of a process, not loaded yet.
  public ProcessStatus() {}

  /// Reads the status of the process.
  ///
  /// @return 0, or a negative [Errno] value: ESRCH if the process is gone, ENOTTY or EINVAL on
  ///   kernels without this call
  public int load(int pidfd) {
    info.set(JAVA_LONG, MASK, PIDFD_INFO_PID | PIDFD_INFO_CREDS | PIDFD_INFO_CGROUPID);
    int result = SystemCall.IOCTL.call(pidfd, PIDFD_GET_INFO, info.address());
    if (result < 0) {
      info.set(JAVA_LONG, MASK, 0);
    }
    return result;
  }

  /// As [#load(int)]; where the kernel has no such call, from `/proc/PID/status`, which knows of no
  /// cgroup. Not for whoever must open no file.
  ///
  /// @param pid its number
  /// @return 0 or a negative [Errno] value: ESRCH if it is gone
  public int load(Pidfd process, int pid) {
    int result = load(process.descriptor());
    return result == 0 || result == -Errno.ESRCH ? result : read(process, pid);
  }

  /// Of a process that lives after it was read it was read, and of no later one with its number.
  int read(Pidfd process, int pid) {
    info.fill((byte) 0);
    try {
      for (String line : KernelFile.read("/proc/" + pid + "/status").split("\n")) {
        String[] words = line.split("\\s+");
        switch (words[0]) {
          case "Tgid:" -> set(TGID, words[1]);
          case "PPid:" -> set(PPID, words[1]);
          case "Uid:" -> {
            set(RUID, words[1]);
            set(EUID, words[2]);
          }
          case "Gid:" -> {
            set(RGID, words[1]);
            set(EGID, words[2]);
          }
          default -> {}
        }
      }
    } catch (IOException _) {
      return -Errno.ESRCH;
    }
    if (process.awaitExit(0)) {
      return -Errno.ESRCH;
    }
    info.set(JAVA_LONG, MASK, PIDFD_INFO_PID | PIDFD_INFO_CREDS);
    return 0;
  }

  private void set(int offset, String number) {
    info.set(JAVA_INT, offset, Integer.parseUnsignedInt(number));
  }

  /// The process id (thread group id) in our pid namespace, -1 if unknown.
  public int pid() {
    return get(PIDFD_INFO_PID, TGID);
  }

  /// The parent's process id, 0 if it has none in our pid namespace, -1 if unknown.
  public int parentPid() {
    return get(PIDFD_INFO_PID, PPID);
  }

  /// The real user id, -1 if unknown.
  public int uid() {
    return get(PIDFD_INFO_CREDS, RUID);
  }

  /// The real group id, -1 if unknown.
  public int gid() {
    return get(PIDFD_INFO_CREDS, RGID);
  }

  /// The effective user id, -1 if unknown.
  public int effectiveUid() {
    return get(PIDFD_INFO_CREDS, EUID);
  }

  /// The effective group id, -1 if unknown.
  public int effectiveGid() {
    return get(PIDFD_INFO_CREDS, EGID);
  }

  /// The cgroup's id in the unified hierarchy, 0 if unknown.
  public long cgroupId() {
    return has(PIDFD_INFO_CGROUPID) ? info.get(JAVA_LONG, CGROUPID) : 0;
  }

  private int get(int needed, int offset) {
    return has(needed) ? info.get(JAVA_INT, offset) : -1;
  }

  private boolean has(int needed) {
    return (info.get(JAVA_LONG, MASK) & needed) != 0;
  }

  /// A number that no other process has had or will have in this boot: the pidfd's inode. 0 on
  /// kernels without a file system for pidfds (before Linux 6.9), where it would not be unique. Any
  /// thread; allocates nothing.
  public static long uniqueId(int pidfd) {
    return FileSystemType.magic(pidfd) == FileSystemType.PIDFS ? FileStatus.inode(pidfd) : 0;
  }

  @Override
  public void close() {
    arena.close();
  }
}
