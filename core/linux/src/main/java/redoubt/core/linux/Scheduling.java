package redoubt.core.linux;

import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.lang.foreign.MemorySegment;

/// How urgently the kernel runs a thread: the calling platform thread, or one by its number.
public final class Scheduling {
  private static final int SCHED_OTHER = 0;
  private static final int SCHED_RR = 2;
  private static final int SCHED_BATCH = 3;
  private static final int SCHED_RESET_ON_FORK = 0x40000000;

  private static final int PRIO_PROCESS = 0;

  // struct sched_attr
  static final int ATTR_BYTES = 56;
  static final int ATTR_SIZE = 0;
  static final int ATTR_POLICY = 4;
  static final int ATTR_NICE = 16;
  static final int ATTR_RUNTIME = 24;

  /// The longest that the kernel takes.
  private static final long LONGEST_SLICE_NANOS = 100_000_000;

  private Scheduling() {}

  /// Runs the calling thread before all ordinary ones. Threads and processes that it starts are
  /// ordinary again.
  ///
  /// @param priority 1 to 99; above what the host's own urgent work uses nothing else may run
  /// @return false if the kernel refused, for want of privilege or real-time bandwidth in the
  ///   cgroup
  public static boolean realtime(int priority) {
    return realtime(0, priority);
  }

  /// Runs a thread before all ordinary ones; see [#realtime(int)].
  ///
  /// @param thread the kernel's number of it, as in `/proc/self/task`
  /// @return false if the kernel refused
  public static boolean realtime(int thread, int priority) {
    return schedule(thread, SCHED_RR | SCHED_RESET_ON_FORK, priority);
  }

  /// Makes the calling thread ordinary again.
  ///
  /// @return whether the kernel agreed
  public static boolean normal() {
    return schedule(0, SCHED_OTHER, 0);
  }

  /// Makes a thread ordinary again; see [#normal()].
  ///
  /// @param thread the kernel's number of it, as in `/proc/self/task`
  /// @return whether the kernel agreed
  public static boolean normal(int thread) {
    return schedule(thread, SCHED_OTHER, 0);
  }

  private static boolean schedule(int thread, int policy, int priority) {
    MemorySegment parameter = CallState.current().scratch();
    parameter.set(JAVA_INT, 0, priority);
    return SystemCall.SCHED_SETSCHEDULER.call(thread, policy, parameter.address()) == 0;
  }

  /// Makes the calling thread one that nobody waits for; see [#background(int, int)].
  ///
  /// @return whether the kernel agreed
  public static boolean background(int nice) {
    return background(0, nice);
  }

  /// Makes a thread one that nobody waits for: when it wakes up it lets the others finish, and it
  /// gives way at once to an ordinary thread that wakes up. It keeps its share of the processor, in
  /// fewer and longer turns.
  ///
  /// The kernel's scheduler runs first whoever is due first, and with a longer slice a thread is
  /// due later. Before Linux 6.12 the length of the slice is not ours to choose: there such a
  /// thread only disturbs nobody when it wakes up (`sched(7)`, SCHED_BATCH).
  ///
  /// @param thread the kernel's number of it, as in `/proc/self/task`
  /// @param nice its share among ordinary threads, -20 (most) to 19 (least)
  /// @return whether the kernel agreed
  public static boolean background(int thread, int nice) {
    return change(thread, SCHED_BATCH, nice, LONGEST_SLICE_NANOS);
  }

  /// Takes back [#background(int, int)]: the thread is an ordinary one that has the usual slice and
  /// the usual share, nice 0.
  ///
  /// @param thread the kernel's number of it, also of another process
  /// @return whether the kernel agreed; not if the thread has ended
  public static boolean foreground(int thread) {
    return foreground(thread, 0);
  }

  /// Makes a thread an ordinary one that has the usual slice.
  ///
  /// @param thread the kernel's number of it, also of another process
  /// @param nice its share among ordinary threads, -20 (most) to 19 (least)
  /// @return whether the kernel agreed; not if the thread has ended
  public static boolean foreground(int thread, int nice) {
    return change(thread, SCHED_OTHER, nice, 0);
  }

  private static boolean change(int thread, int policy, int nice, long sliceNanos) {
    MemorySegment attributes = CallState.current().scratch().asSlice(0, ATTR_BYTES).fill((byte) 0);
    attributes.set(JAVA_INT, ATTR_SIZE, ATTR_BYTES);
    attributes.set(JAVA_INT, ATTR_POLICY, policy);
    attributes.set(JAVA_INT, ATTR_NICE, nice);
    attributes.set(JAVA_LONG, ATTR_RUNTIME, sliceNanos);
    return SystemCall.SCHED_SETATTR.call(thread, attributes.address(), 0) == 0;
  }

  /// Gives the calling thread a smaller share of the processor. Needs no right, also where an
  /// engine is confined; there is no way back without one.
  ///
  /// @param nice 1 (almost as before) to 19 (least)
  /// @return whether the kernel agreed
  public static boolean yielding(int nice) {
    return SystemCall.SETPRIORITY.call(PRIO_PROCESS, currentThread(), nice) == 0;
  }

  /// The kernel's number of the calling thread, as in `/proc/self/task`.
  public static int currentThread() {
    return SystemCall.GETTID.call();
  }
}
