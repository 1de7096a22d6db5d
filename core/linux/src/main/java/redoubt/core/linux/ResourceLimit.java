package redoubt.core.linux;

import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.lang.foreign.MemorySegment;

/// This process's `RLIMIT_NOFILE`, through `prlimit64`.
final class ResourceLimit {
  /// `struct rlimit64`.
  static final int RLIMIT_BYTES = 16;

  static final int RLIM_CUR = 0;
  static final int RLIM_MAX = 8;

  private static final int RLIMIT_NOFILE = 7;

  private ResourceLimit() {}

  /// The soft limit on open descriptors.
  static int descriptors() {
    return clamp(read().get(JAVA_LONG, RLIM_CUR));
  }

  /// Sets the soft limit to the hard one, which needs no privilege.
  static int raiseDescriptors() {
    MemorySegment limits = read();
    long hard = limits.get(JAVA_LONG, RLIM_MAX);
    limits.set(JAVA_LONG, RLIM_CUR, hard);
    SystemCall.PRLIMIT64.require(
        SystemCall.PRLIMIT64.call(0, RLIMIT_NOFILE, limits.address(), 0), "limit=nofile");
    return clamp(hard);
  }

  private static MemorySegment read() {
    MemorySegment limits = CallState.current().scratch();
    SystemCall.PRLIMIT64.require(
        SystemCall.PRLIMIT64.call(0, RLIMIT_NOFILE, 0, limits.address()), "limit=nofile");
    return limits;
  }

  /// Unlimited is the largest unsigned word.
  private static int clamp(long limit) {
    return limit < 0 || limit > Integer.MAX_VALUE ? Integer.MAX_VALUE : (int) limit;
  }
}
