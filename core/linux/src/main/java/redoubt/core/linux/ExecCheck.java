package redoubt.core.linux;

import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;

/// Asks the kernel whether a file may be executed, without executing it (`AT_EXECVE_CHECK` of
/// `execveat(2)`, Linux 6.14): listeners get the same permission event as for an exec.
///
/// Kernels that do not know the flag refuse it before they look at the file.
public final class ExecCheck {
  private static final int AT_EXECVE_CHECK = 0x10000;

  private ExecCheck() {}

  /// Asks about one file, following links. May be called by any thread; waits for whoever is asked
  /// for permission.
  ///
  /// @return 0 if the file may be executed, or a negative [Errno] value: EPERM where a listener
  ///   denied it, EACCES where its mode does not let anybody execute it, EINVAL on older kernels
  public static int of(String path) {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment name = CString.allocate(arena, path);
      MemorySegment arguments = arena.allocate(JAVA_LONG, 2);
      arguments.setAtIndex(JAVA_LONG, 0, name.address());
      MemorySegment environment = arena.allocate(JAVA_LONG, 1);
      return SystemCall.EXECVEAT.call(
          Descriptors.AT_FDCWD,
          name.address(),
          arguments.address(),
          environment.address(),
          AT_EXECVE_CHECK);
    }
  }
}
