package redoubt.core.linux;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.List;

/// The arguments of processes, as `/proc/PID/cmdline` shows them, read into memory that is used
/// again for each process.
///
/// One per thread; not thread-safe, though it may be made by another thread. Reading waits for the
/// process's own memory map, which a process that hangs on a dead file system may hold for ever: no
/// thread that others wait for may call [#load(int)].
public final class ProcessArguments implements AutoCloseable {
  private final Arena arena = Arena.ofShared();
  private final MemorySegment buffer;
  private final int most;
  private List<String> arguments = List.of();
  private boolean cut;

  /// Memory for the arguments of a process, not loaded yet.
  ///
  /// @param mostBytes how many bytes of them are read, at least 1
  /// @param most how many arguments are taken, at least 1
  public ProcessArguments(int mostBytes, int most) {
    this.buffer = arena.allocate(mostBytes + 1L);
    this.most = most;
  }

  /// Reads the arguments of a process.
  ///
  /// @return 0, or a negative [Errno] value: ENOENT or ESRCH if the process is gone. Of one that
  ///   has ended and was not waited for there are none
  public int load(int pid) {
    arguments = List.of();
    cut = false;
    int file = Descriptors.openReadOnly("/proc/" + pid + "/cmdline");
    if (file < 0) {
      return file;
    }
    int length = 0;
    int count;
    // The kernel gives at most a page at a time.
    do {
      count = Descriptors.pread(file, buffer.asSlice(length), length);
      length += Math.max(0, count);
    } while (count > 0 && length < buffer.byteSize());
    Descriptors.close(file);
    if (count < 0) {
      return count;
    }
    split(length);
    return 0;
  }

  private void split(int length) {
    int limit = (int) buffer.byteSize() - 1;
    cut = length > limit;
    int end = Math.min(length, limit);
    List<String> found = new ArrayList<>();
    int begin = 0;
    while (begin < end) {
      if (found.size() == most) {
        cut = true;
        break;
      }
      int stop = begin;
      while (stop < end && buffer.get(JAVA_BYTE, stop) != 0) {
        stop++;
      }
      found.add(CString.decode(buffer, begin, stop - begin));
      begin = stop + 1;
    }
    arguments = List.copyOf(found);
  }

  /// The arguments that were read last, the program's own name first; what is no UTF-8 comes as
  /// replacement characters.
  public List<String> arguments() {
    return arguments;
  }

  /// Whether there were more or longer ones.
  public boolean isCut() {
    return cut;
  }

  @Override
  public void close() {
    arena.close();
  }
}
