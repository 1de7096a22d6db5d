package redoubt.agent.hook;

import java.util.Arrays;
import redoubt.core.linux.FileSystemType;

/// Which devices hold file systems whose change times tell every change of content.
///
/// A store through a shared mapping changes the content without a system call. Disk file systems
/// stamp the file when the mapping first takes a write; tmpfs and its kin do not, so nothing is
/// remembered about their files. Unknown file systems count as such. Thread-safe; a device that was
/// seen before costs no system call.
final class KeptTimes {
  private static final int MOST_DEVICES = 256;

  private record Device(long number, boolean kept) {}

  private volatile Device[] devices = {};

  /// Whether the file system of a device keeps change times.
  ///
  /// @param descriptor a file on the device, asked when the device is new
  boolean on(long device, int descriptor) {
    for (Device known : devices) {
      if (known.number() == device) {
        return known.kept();
      }
    }
    return learn(device, descriptor);
  }

  private synchronized boolean learn(long device, int descriptor) {
    boolean kept = keeps(FileSystemType.magic(descriptor));
    Device[] known = devices;
    // A device number may serve another file system later; a small table forgets soon enough.
    Device[] grown =
        known.length < MOST_DEVICES ? Arrays.copyOf(known, known.length + 1) : new Device[1];
    grown[grown.length - 1] = new Device(device, kept);
    devices = grown;
    return kept;
  }

  private static boolean keeps(long magic) {
    return magic == FileSystemType.EXT4
        || magic == FileSystemType.XFS
        || magic == FileSystemType.BTRFS
        || magic == FileSystemType.F2FS;
  }
}
