package redoubt.core.linux;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Set;

/// The open descriptors of a thread, as another thread of this process sees them.
///
/// The threads of a process share one table of descriptors, and the kernel closes what is in it
/// when the last of them has ended. A thread that never ends, because it waits for a disk that
/// never answers, keeps all of it open, also when the process was killed. What must not outlive its
/// users is therefore kept in a table that no such thread shares: see [#separate].
///
/// May be shared by threads; none may use it after [#close()]. Kernel facts: `unshare(2)`,
/// `pidfd_getfd(2)`, `kcmp(2)`.
public final class DescriptorTable implements AutoCloseable {
  private static final int CLONE_FILES = 0x400;

  /// `PIDFD_THREAD`, the number of `O_EXCL`: one thread instead of its process.
  private static final int PIDFD_THREAD = 0x80;

  /// `KCMP_FILES` of `linux/kcmp.h`.
  private static final int KCMP_FILES = 2;

  private static final String OWN = "/proc/thread-self/fd";
  private static final Set<String> RANDOM = Set.of("/dev/random", "/dev/urandom");
  private static final int STANDARD_ERROR = 2;

  private final OwnedDescriptor thread;

  private DescriptorTable(int thread) {
    this.thread = new OwnedDescriptor(thread);
  }

  /// Gives the calling thread a table of its own, in which only that is open from which the virtual
  /// machine reads classes and random numbers, and the standard streams. Threads that it starts
  /// afterwards share this table, and no others do.
  ///
  /// Code that the thread runs can use no descriptor that was opened elsewhere from then on, and
  /// what it opens can be used by nobody else, except through [#take]. Whatever archive of classes
  /// it still needs has to be open by now.
  ///
  /// @throws LinuxException ENOMEM; then nothing has changed
  /// @throws UncheckedIOException if the table cannot be listed; then it is the thread's own, and
  ///   everything is still open
  public static void separate() {
    SystemCall.UNSHARE.require(SystemCall.UNSHARE.call(CLONE_FILES), "table=files");
    try {
      for (int number : KernelFile.numbers(OWN)) {
        if (number > STANDARD_ERROR && !isRuntimes(Descriptors.readLink(OWN + "/" + number))) {
          Descriptors.close(number);
        }
      }
    } catch (IOException e) {
      throw new UncheckedIOException("cannot list " + OWN, e);
    }
  }

  private static boolean isRuntimes(String path) {
    return path.endsWith(".jar") || path.endsWith("/lib/modules") || RANDOM.contains(path);
  }

  /// The number by which [#ofThread] knows the calling thread.
  public static int thisThread() {
    return SystemCall.GETTID.call();
  }

  /// The table of a thread of this process. For the table's other side: the descriptor that this
  /// costs is the calling thread's.
  ///
  /// @param thread what [#thisThread] said there
  /// @throws LinuxException EINVAL before Linux 6.9; EMFILE and other lack of resources
  public static DescriptorTable ofThread(int thread) {
    return new DescriptorTable(
        SystemCall.PIDFD_OPEN.require(
            SystemCall.PIDFD_OPEN.call(thread, PIDFD_THREAD), "thread=" + thread));
  }

  /// The table that the first thread of this process has, and with it every thread that has none of
  /// its own.
  ///
  /// @throws LinuxException EMFILE and other lack of resources
  public static DescriptorTable ofThisProcess() {
    int pid = Math.toIntExact(ProcessHandle.current().pid());
    return new DescriptorTable(
        SystemCall.PIDFD_OPEN.require(SystemCall.PIDFD_OPEN.call(pid, 0), "pid=" + pid));
  }

  /// Whether two threads, of whichever processes, have one table. Also said where this process may
  /// not know, or the kernel cannot tell.
  static boolean isSame(int thread, int other) {
    return SystemCall.KCMP.call(thread, other, KCMP_FILES, 0, 0) <= 0;
  }

  /// Opens in the calling thread's table what this table has open: the same open file, with the
  /// same position, flags and lease. Allocates nothing.
  ///
  /// @param number a descriptor of this table
  /// @return a descriptor of the calling thread, or a negative [Errno] value: EBADF if this table
  ///   has none of that number, ESRCH if its thread has ended
  public int take(int number) {
    return SystemCall.PIDFD_GETFD.call(thread.number(), number, 0);
  }

  @Override
  public void close() {
    thread.close();
  }
}
