package redoubt.core.linux;

import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import java.util.Locale;

/// The system calls that this room uses, with their numbers, and the one place that leaves Java.
///
/// All of them go through libc's `syscall(2)`: one downcall shape means one linker stub to create
/// at start, and struct layouts are the kernel's own, not libc's. Numbers are from
/// `asm/unistd_64.h` (x86-64) and `asm-generic/unistd.h` (AArch64).
enum SystemCall {
  READ(0, 63),
  WRITE(1, 64),
  CLOSE(3, 57),
  RT_SIGACTION(13, 134),
  IOCTL(16, 29),
  PREAD64(17, 67),
  PWRITE64(18, 68),
  SOCKET(41, 198),
  CONNECT(42, 203),
  SENDTO(44, 206),
  RECVFROM(45, 207),
  SENDMSG(46, 211),
  RECVMSG(47, 212),
  SHUTDOWN(48, 210),
  BIND(49, 200),
  LISTEN(50, 201),
  SOCKETPAIR(53, 199),
  SETSOCKOPT(54, 208),
  GETSOCKOPT(55, 209),
  FCNTL(72, 25),
  FSYNC(74, 82),
  FTRUNCATE(77, 46),
  FCHMOD(91, 52),
  FCHOWN(93, 55),
  FSTATFS(138, 44),
  SETPRIORITY(141, 140),
  SCHED_SETSCHEDULER(144, 119),
  MOUNT(165, 40),
  GETTID(186, 178),
  FSETXATTR(190, 7),
  FGETXATTR(193, 10),
  FLISTXATTR(196, 13),
  TIMER_CREATE(222, 107),
  TIMER_SETTIME(223, 110),
  TIMER_DELETE(226, 111),
  EPOLL_CTL(233, 21),
  OPENAT(257, 56),
  MKDIRAT(258, 34),
  MKNODAT(259, 33),
  UNLINKAT(263, 35),
  LINKAT(265, 37),
  READLINKAT(267, 78),
  FCHMODAT(268, 53),
  PPOLL(271, 73),
  UNSHARE(272, 97),
  UTIMENSAT(280, 88),
  EPOLL_PWAIT(281, 22),
  ACCEPT4(288, 242),
  EVENTFD2(290, 19),
  EPOLL_CREATE1(291, 20),
  DUP3(292, 24),
  FANOTIFY_INIT(300, 262),
  FANOTIFY_MARK(301, 263),
  PRLIMIT64(302, 261),
  OPEN_BY_HANDLE_AT(304, 265),
  KCMP(312, 272),
  SCHED_SETATTR(314, 274),
  RENAMEAT2(316, 276),
  MEMFD_CREATE(319, 279),
  BPF(321, 280),
  EXECVEAT(322, 281),
  STATX(332, 291),
  PIDFD_SEND_SIGNAL(424, 424),
  IO_URING_SETUP(425, 425),
  MOVE_MOUNT(429, 429),
  FSOPEN(430, 430),
  FSCONFIG(431, 431),
  FSMOUNT(432, 432),
  PIDFD_OPEN(434, 434),
  OPENAT2(437, 437),
  PIDFD_GETFD(438, 438),
  LANDLOCK_CREATE_RULESET(444, 444);

  private static final MethodHandle SYSCALL = link();

  /// The AArch64 number, whatever this machine is.
  final int armNumber;

  private final long number;

  SystemCall(int x86Number, int armNumber) {
    this.armNumber = armNumber;
    number =
        switch (Architecture.CURRENT) {
          case X86_64 -> x86Number;
          case AARCH64 -> armNumber;
        };
  }

  /// Makes the call; the kernel ignores arguments that it does not have. Addresses must stay valid
  /// until it returns, which the caller's hold on the segment's arena guarantees.
  ///
  /// @return the kernel's result, or the negated error number
  int call(long a, long b, long c, long d, long e, long f) {
    CallState state = CallState.current();
    long result;
    try {
      result = (long) SYSCALL.invokeExact(state.captured(), number, a, b, c, d, e, f);
    } catch (Throwable t) {
      throw new AssertionError("downcall must not throw: call=" + symbol(), t);
    }
    return result == -1 ? -state.errno() : (int) result;
  }

  int call(long a, long b, long c, long d, long e) {
    return call(a, b, c, d, e, 0);
  }

  int call(long a, long b, long c, long d) {
    return call(a, b, c, d, 0, 0);
  }

  int call(long a, long b, long c) {
    return call(a, b, c, 0, 0, 0);
  }

  int call(long a, long b) {
    return call(a, b, 0, 0, 0, 0);
  }

  int call(long a) {
    return call(a, 0, 0, 0, 0, 0);
  }

  int call() {
    return call(0, 0, 0, 0, 0, 0);
  }

  /// Passes a result on unless it is an error.
  ///
  /// @param details `name=value` words for the message
  /// @throws LinuxException if the result is negative
  int require(int result, String details) {
    if (result < 0) {
      throw new LinuxException(symbol(), -result, details);
    }
    return result;
  }

  /// The kernel's name of the call.
  String symbol() {
    return name().toLowerCase(Locale.ROOT);
  }

  @SuppressWarnings("restricted")
  private static MethodHandle link() {
    Linker linker = Linker.nativeLinker();
    ValueLayout.OfLong word = ValueLayout.JAVA_LONG;
    return linker.downcallHandle(
        linker.defaultLookup().findOrThrow("syscall"),
        FunctionDescriptor.of(word, word, word, word, word, word, word, word),
        Linker.Option.firstVariadicArg(1),
        Linker.Option.captureCallState("errno"));
  }
}
