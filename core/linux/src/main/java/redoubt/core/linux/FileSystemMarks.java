package redoubt.core.linux;

import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.BiConsumer;

/// The file systems that a group hears of, each marked once. Thread-safe.
public final class FileSystemMarks {
  private final FanotifyGroup group;
  private final long mask;
  private final Set<String> seen = new HashSet<>();

  /// @param mask the `FAN_` bits of what is to be heard of
  public FileSystemMarks(FanotifyGroup group, long mask) {
    this.group = group;
    this.mask = mask;
  }

  /// Has these file systems heard of from now on, beside those before. May block on a dead mount.
  ///
  /// @param mountPoints where they are mounted
  /// @param refused is told of each that cannot be heard of, once, and why
  /// @return those that are heard of since this call
  public synchronized List<String> cover(
      Collection<String> mountPoints, BiConsumer<String, String> refused) {
    List<String> marked = new ArrayList<>();
    for (String mountPoint : mountPoints) {
      if (seen.add(mountPoint)) {
        try {
          group.mark(MarkScope.FILESYSTEM, mask, mountPoint);
          marked.add(mountPoint);
        } catch (LinuxException e) {
          if (e.errno() != Errno.ENOENT) { // else it is mounted where only others see it
            refused.accept(mountPoint, String.valueOf(e.getMessage()));
          }
        }
      }
    }
    return marked;
  }
}
