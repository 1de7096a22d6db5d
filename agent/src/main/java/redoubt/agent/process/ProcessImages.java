package redoubt.agent.process;

import java.util.Map;
import java.util.function.IntFunction;
import redoubt.agent.bounded.BoundedMap;

/// Remembers which program each process runs, so that a record can name the program that asked for
/// an exec: by the time the record is written, the process runs the new one.
///
/// A process that never called exec since it was forked runs what its parent runs. Bounded: the
/// longest unused is forgotten. Not thread-safe: the recording thread owns it.
public final class ProcessImages {
  /// How many processes are remembered.
  public static final int CAPACITY = 8_192;

  private record Known(long uniqueId, String path) {}

  private final IntFunction<String> readImage;
  private final Map<Integer, Known> known = BoundedMap.forgettingUnused(CAPACITY);

  /// @param readImage asks the kernel which program a process runs now, empty if it cannot say
  public ProcessImages(IntFunction<String> readImage) {
    this.readImage = readImage;
  }

  /// The program that the process ran before the exec that is being recorded.
  ///
  /// @param parentImage what [#of] says of its parent
  /// @return its path, empty if unknown
  public String before(int pid, long uniqueId, String parentImage) {
    Known own = known.get(pid);
    if (own != null && (own.uniqueId() == uniqueId || own.uniqueId() == 0)) {
      return own.path();
    }
    return parentImage;
  }

  /// The program that a process runs: as the kernel says now, or as remembered if it has ended.
  public String of(int pid) {
    if (pid <= 0) {
      return "";
    }
    String now = readImage.apply(pid);
    Known remembered = known.get(pid);
    return !now.isEmpty() || remembered == null ? now : remembered.path();
  }

  /// Notes that the process now runs `path`.
  public void executed(int pid, long uniqueId, String path) {
    if (pid > 0 && !path.isEmpty()) {
      known.put(pid, new Known(uniqueId, path));
    }
  }
}
