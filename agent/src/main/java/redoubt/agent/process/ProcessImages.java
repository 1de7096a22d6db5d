package redoubt.agent.process;

import java.util.function.IntFunction;
import org.jspecify.annotations.Nullable;

/// Remembers which program each process runs, so that a record can name the program that asked for
/// an exec: by the time the record is written, the process runs the new one.
///
/// A process that never called exec since it was forked runs what its parent runs. In fixed memory,
/// and what is remembered of a process makes no garbage: of four processes whose numbers have the
/// same end, the longest unused makes room for a fifth. Not thread-safe: the recording thread owns
/// it.
public final class ProcessImages {
  /// How many processes are remembered.
  public static final int CAPACITY = 8_192;

  private static final int WAYS = 4;
  private static final int SETS = CAPACITY / WAYS;

  /// How many paths are kept once for all processes that run them.
  private static final int SHARED_PATHS = 1_024;

  private final IntFunction<String> readImage;
  private final int[] pids = new int[CAPACITY];
  private final long[] uniqueIds = new long[CAPACITY];
  private final @Nullable String[] paths = new String[CAPACITY];
  private final @Nullable String[] shared = new String[SHARED_PATHS];

  /// @param readImage asks the kernel which program a process runs now, empty if it cannot say
  public ProcessImages(IntFunction<String> readImage) {
    this.readImage = readImage;
  }

  /// The program that the process ran before the exec that is being recorded.
  ///
  /// @param parentImage what [#of] says of its parent
  /// @return its path, empty if unknown
  public String before(int pid, long uniqueId, String parentImage) {
    String own = find(pid);
    long remembered = uniqueIds[firstOf(pid)];
    return own != null && (remembered == uniqueId || remembered == 0) ? own : parentImage;
  }

  /// The program that a process runs: as the kernel says now, or as remembered if it has ended.
  public String of(int pid) {
    if (pid <= 0) {
      return "";
    }
    String now = readImage.apply(pid);
    String remembered = find(pid);
    return !now.isEmpty() || remembered == null ? now : remembered;
  }

  /// Notes that the process now runs `path`.
  public void executed(int pid, long uniqueId, String path) {
    if (pid <= 0 || path.isEmpty()) {
      return;
    }
    int first = firstOf(pid);
    if (find(pid) == null) {
      bringForward(first, first + WAYS - 1);
    }
    pids[first] = pid;
    uniqueIds[first] = uniqueId;
    paths[first] = share(path);
  }

  private static int firstOf(int pid) {
    return (pid & (SETS - 1)) * WAYS;
  }

  /// What is remembered of a process, which is first in its set then; else null.
  private @Nullable String find(int pid) {
    int first = firstOf(pid);
    for (int at = first; at < first + WAYS; at++) {
      if (pids[at] == pid) {
        bringForward(first, at);
        return paths[first];
      }
    }
    return null;
  }

  /// Makes the entry at `from` the first of its set; those before it move down.
  private void bringForward(int first, int from) {
    int pid = pids[from];
    long uniqueId = uniqueIds[from];
    String path = paths[from];
    for (int at = from; at > first; at--) {
      pids[at] = pids[at - 1];
      uniqueIds[at] = uniqueIds[at - 1];
      paths[at] = paths[at - 1];
    }
    pids[first] = pid;
    uniqueIds[first] = uniqueId;
    paths[first] = path;
  }

  /// The same path as it was noted before, so that a program that runs often is named once.
  private String share(String path) {
    int place = path.hashCode() & (SHARED_PATHS - 1);
    String known = shared[place];
    if (known != null && known.equals(path)) {
      return known;
    }
    shared[place] = path;
    return path;
  }
}
