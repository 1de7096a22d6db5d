package redoubt.core.linux;

import static redoubt.core.linux.Descriptors.AT_FDCWD;

import java.lang.foreign.Arena;
import java.nio.file.Path;

/// Makes pipes with a name in the file system (`fifo(7)`).
public final class NamedPipe {
  private static final int S_IFIFO = 0010000;

  private NamedPipe() {}

  /// Makes a pipe that only its owner may open. Any thread.
  ///
  /// @throws LinuxException EEXIST if the name is taken
  public static void create(Path path) {
    try (Arena arena = Arena.ofConfined()) {
      long address = CString.allocate(arena, path.toString()).address();
      SystemCall.MKNODAT.require(
          SystemCall.MKNODAT.call(AT_FDCWD, address, S_IFIFO | 0600, 0), "path=" + path);
    }
  }
}
