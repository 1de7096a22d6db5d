package redoubt.core.linux;

import static redoubt.core.linux.Descriptors.AT_FDCWD;

import java.lang.foreign.Arena;

/// A fanotify group: the kernel reports events on what it marked, and for permission events the
/// opener waits until somebody answers.
///
/// Closing the group, or the death of the process that holds its last descriptor, lets everybody
/// who waits go on (allowed). The descriptor is close-on-exec, but a child that forks without exec
/// keeps a copy and with it everybody waiting: start no process from this one that way.
///
/// May be shared by threads; each reads through a [FanotifyReader] and answers through a
/// [FanotifyResponder] of its own. Kernel facts: `fanotify(7)`, `linux/fanotify.h`.
public final class FanotifyGroup implements AutoCloseable {
  public static final long FAN_ACCESS = 0x1;
  public static final long FAN_MODIFY = 0x2;
  public static final long FAN_ATTRIB = 0x4;
  public static final long FAN_CLOSE_WRITE = 0x8;
  public static final long FAN_CLOSE_NOWRITE = 0x10;
  public static final long FAN_OPEN = 0x20;
  public static final long FAN_MOVED_FROM = 0x40;
  public static final long FAN_MOVED_TO = 0x80;
  public static final long FAN_CREATE = 0x100;
  public static final long FAN_DELETE = 0x200;
  public static final long FAN_DELETE_SELF = 0x400;
  public static final long FAN_MOVE_SELF = 0x800;
  public static final long FAN_OPEN_EXEC = 0x1000;

  /// The queue was full and events were lost; such an event has no file.
  public static final long FAN_Q_OVERFLOW = 0x4000;

  public static final long FAN_OPEN_PERM = 0x10000;
  public static final long FAN_ACCESS_PERM = 0x20000;
  public static final long FAN_OPEN_EXEC_PERM = 0x40000;
  public static final long FAN_MNT_ATTACH = 0x1000000;
  public static final long FAN_MNT_DETACH = 0x2000000;
  public static final long FAN_EVENT_ON_CHILD = 0x8000000;
  public static final long FAN_RENAME = 0x10000000;
  public static final long FAN_ONDIR = 0x40000000;

  private static final int FAN_CLOEXEC = 0x1;
  private static final int FAN_NONBLOCK = 0x2;
  private static final int FAN_CLASS_NOTIF = 0x0;
  private static final int FAN_CLASS_CONTENT = 0x4;
  private static final int FAN_UNLIMITED_QUEUE = 0x10;
  private static final int FAN_UNLIMITED_MARKS = 0x20;
  private static final int FAN_REPORT_PIDFD = 0x80;
  private static final int FAN_REPORT_FID = 0x200;
  private static final int FAN_REPORT_DIR_FID = 0x400;
  private static final int FAN_REPORT_NAME = 0x800;
  private static final int FAN_REPORT_TARGET_FID = 0x1000;
  private static final int FAN_REPORT_DFID_NAME_TARGET =
      FAN_REPORT_FID | FAN_REPORT_DIR_FID | FAN_REPORT_NAME | FAN_REPORT_TARGET_FID;
  private static final int FAN_REPORT_FD_ERROR = 0x2000;
  private static final int FAN_REPORT_MNT = 0x4000;

  private static final int FAN_MARK_ADD = 0x1;
  private static final int FAN_MARK_REMOVE = 0x2;
  private static final int FAN_MARK_EVICTABLE = 0x200;
  private static final int FAN_MARK_IGNORE = 0x400;

  private static final int O_NOATIME = 0x40000;
  private static final int O_NONBLOCK = 0x800;
  private static final int COMMON = FAN_CLOEXEC | FAN_NONBLOCK | FAN_UNLIMITED_MARKS;

  private final OwnedDescriptor descriptor;
  private final int flags;

  private FanotifyGroup(int descriptor, int flags) {
    this.descriptor = new OwnedDescriptor(descriptor);
    this.flags = flags;
  }

  /// A group whose permission events (`FAN_OPEN_PERM`, `FAN_OPEN_EXEC_PERM`) hold the opener, with
  /// an unlimited queue: a bounded one lets openers through unasked when it is full.
  ///
  /// On kernels that lack them, [#reportsPidfd()] or [#reportsDescriptorErrors()] is false.
  ///
  /// @throws LinuxException EPERM without `CAP_SYS_ADMIN`; EMFILE if the user has too many groups
  public static FanotifyGroup openPermission() {
    int base = FAN_CLASS_CONTENT | FAN_UNLIMITED_QUEUE | COMMON;
    return openFirst(base | FAN_REPORT_PIDFD | FAN_REPORT_FD_ERROR, base | FAN_REPORT_PIDFD, base);
  }

  /// A group that only tells, with a descriptor of the file in each event. Its queue is bounded:
  /// [#FAN_Q_OVERFLOW] reports a loss.
  ///
  /// @throws LinuxException as [#openPermission()]
  public static FanotifyGroup openNotification() {
    int base = FAN_CLASS_NOTIF | COMMON;
    return openFirst(base | FAN_REPORT_PIDFD | FAN_REPORT_FD_ERROR, base | FAN_REPORT_PIDFD, base);
  }

  /// A group that only tells, with a descriptor of the file in each event, which is opened without
  /// waiting for anybody: neither for the writer of a named pipe nor for the holder of a lease. Its
  /// queue is bounded: [#FAN_Q_OVERFLOW] reports a loss.
  ///
  /// @throws LinuxException as [#openPermission()]
  public static FanotifyGroup openWritten() {
    int base = FAN_CLASS_NOTIF | COMMON;
    return openFirst(O_NONBLOCK, new int[] {base | FAN_REPORT_FD_ERROR, base});
  }

  /// A group that only tells, by directory handle and name, and can report creation, deletion and
  /// renames; read it with a [FanotifyNameReader]. Its queue is bounded.
  ///
  /// @param withPidfds whether each event is to carry a pidfd of the process that caused it, which
  ///   costs a descriptor each
  /// @throws LinuxException EINVAL before Linux 5.17; otherwise as [#openPermission()]
  public static FanotifyGroup openNames(boolean withPidfds) {
    int base = FAN_CLASS_NOTIF | FAN_REPORT_DFID_NAME_TARGET | COMMON;
    return withPidfds ? openFirst(base | FAN_REPORT_PIDFD, base) : openFirst(base);
  }

  /// A group that tells about mounts attached and detached in the mount namespaces it marked; read
  /// it with a [FanotifyMountReader].
  ///
  /// @throws LinuxException EINVAL before Linux 6.15
  public static FanotifyGroup openMounts() {
    return openFirst(FAN_CLASS_NOTIF | FAN_REPORT_MNT | COMMON);
  }

  private static FanotifyGroup openFirst(int... rungs) {
    return openFirst(0, rungs);
  }

  /// Older kernels refuse a flag they do not know with EINVAL, so the rungs go from most to least.
  ///
  /// @param opening further flags that files are opened with
  private static FanotifyGroup openFirst(int opening, int[] rungs) {
    int eventFlags =
        Architecture.CURRENT.openLargeFile | Descriptors.O_CLOEXEC | O_NOATIME | opening;
    int result = -Errno.EINVAL;
    for (int flags : rungs) {
      result = SystemCall.FANOTIFY_INIT.call(flags, eventFlags);
      if (result >= 0) {
        return new FanotifyGroup(result, flags);
      }
      if (result != -Errno.EINVAL) {
        break;
      }
    }
    throw new LinuxException("fanotify_init", -result, "flags=0x" + Integer.toHexString(rungs[0]));
  }

  /// Whether each event carries a pidfd of the process that caused it.
  public boolean reportsPidfd() {
    return (flags & FAN_REPORT_PIDFD) != 0;
  }

  /// Whether an event whose file could not be opened for us says why, instead of failing the read.
  public boolean reportsDescriptorErrors() {
    return (flags & FAN_REPORT_FD_ERROR) != 0;
  }

  /// The group's descriptor, for a [Poller]; readable when events wait.
  public int descriptor() {
    return descriptor.number();
  }

  /// Adds events to what is reported of the object at `path`.
  ///
  /// May block for as long as the file system takes to look up the path; a dead network mount may
  /// take for ever.
  ///
  /// @param mask `FAN_` event bits
  /// @throws LinuxException EINVAL if the file system or the group's class refuses such events;
  ///   EXDEV or EOPNOTSUPP for file systems without usable handles in a group of names
  public void mark(MarkScope scope, long mask, String path) {
    mark(scope, mask, AT_FDCWD, path);
  }

  /// As [#mark(MarkScope, long, String)], relative to an open directory.
  ///
  /// @param directory an open directory, or any open file if `path` is empty
  public void mark(MarkScope scope, long mask, int directory, String path) {
    change(FAN_MARK_ADD, scope, mask, directory, path);
  }

  /// Removes events from what is reported of the object at `path`.
  ///
  /// @throws LinuxException ENOENT if there is no such mark
  public void unmark(MarkScope scope, long mask, String path) {
    unmark(scope, mask, AT_FDCWD, path);
  }

  /// As [#unmark(MarkScope, long, String)], relative to an open directory.
  public void unmark(MarkScope scope, long mask, int directory, String path) {
    change(FAN_MARK_REMOVE, scope, mask, directory, path);
  }

  private void change(int operation, MarkScope scope, long mask, int directory, String path) {
    try (Arena arena = Arena.ofConfined()) {
      // the kernel takes no path as "the object that the descriptor stands for"
      long address = path.isEmpty() ? 0 : CString.allocate(arena, path).address();
      SystemCall.FANOTIFY_MARK.require(
          SystemCall.FANOTIFY_MARK.call(
              descriptor.number(), operation | scope.flag, mask, directory, address),
          "scope=" + scope + " mask=0x" + Long.toHexString(mask) + " path=" + path);
    }
  }

  /// Asks the kernel to report nothing of `mask` for one file until it is modified.
  ///
  /// A hint only: the kernel drops it under memory pressure, keeps it silently without effect while
  /// somebody has the file open for writing, and does *not* drop it on stores through a shared
  /// mapping. Allocates nothing; any thread may call it.
  ///
  /// @param file an open descriptor of the file
  /// @return 0 or a negative [Errno] value (EINVAL before Linux 6.0, EEXIST if the file has a mark
  ///   of another kind)
  public int ignoreEvictable(int file, long mask) {
    return SystemCall.FANOTIFY_MARK.call(
        descriptor.number(), FAN_MARK_ADD | FAN_MARK_IGNORE | FAN_MARK_EVICTABLE, mask, file, 0);
  }

  /// Takes back [#ignoreEvictable(int, long)].
  ///
  /// @return 0 or a negative [Errno] value (ENOENT if the kernel had dropped it already)
  public int unignore(int file, long mask) {
    return SystemCall.FANOTIFY_MARK.call(
        descriptor.number(), FAN_MARK_REMOVE | FAN_MARK_IGNORE, mask, file, 0);
  }

  /// Ends the group as [#close()] does, while other threads may still be using it: its number stays
  /// taken by a descriptor on which nothing ever happens, so that a late read or answer of theirs
  /// reaches nothing else. [#close()] is still to be called.
  ///
  /// @throws LinuxException if there was no descriptor left; the group then goes on
  public void letGo() {
    int nothing = SystemCall.EVENTFD2.call(0, O_NONBLOCK | Descriptors.O_CLOEXEC);
    SystemCall.EVENTFD2.require(nothing, "group=" + descriptor.number());
    int result = SystemCall.DUP3.call(nothing, descriptor.number(), Descriptors.O_CLOEXEC);
    Descriptors.close(nothing);
    SystemCall.DUP3.require(result, "group=" + descriptor.number());
  }

  /// Ends the group: the kernel drops its marks and allows everybody who waits. No thread may use
  /// the group afterwards, because the number may already stand for something else.
  @Override
  public void close() {
    descriptor.close();
  }
}
