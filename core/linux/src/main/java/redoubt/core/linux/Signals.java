package redoubt.core.linux;

import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.lang.foreign.MemorySegment;

/// Signal numbers, and the one disposition that Java cannot set.
public final class Signals {
  public static final int SIGHUP = 1;
  public static final int SIGINT = 2;
  public static final int SIGABRT = 6;
  public static final int SIGKILL = 9;
  public static final int SIGPIPE = 13;
  public static final int SIGTERM = 15;
  public static final int SIGCONT = 18;
  public static final int SIGSTOP = 19;
  public static final int SIGIO = 29;

  /// The kernel's `struct sigaction` (with restorer) and its signal set's size.
  private static final int SIGACTION_BYTES = 32;

  private static final int SIGSET_BYTES = 8;
  private static final long SIG_IGN = 1;

  private Signals() {}

  /// Makes this process ignore a signal. Programs that it starts later ignore it too, unless they
  /// set a handler.
  ///
  /// @throws LinuxException EINVAL for SIGKILL, SIGSTOP and numbers that are no signal
  public static void ignore(int signal) {
    MemorySegment action = CallState.current().scratch().asSlice(0, SIGACTION_BYTES);
    action.fill((byte) 0);
    action.set(JAVA_LONG, 0, SIG_IGN);
    SystemCall.RT_SIGACTION.require(
        SystemCall.RT_SIGACTION.call(signal, action.address(), 0, SIGSET_BYTES),
        "signal=" + signal);
  }
}
