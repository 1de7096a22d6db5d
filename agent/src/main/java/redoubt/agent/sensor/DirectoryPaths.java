package redoubt.agent.sensor;

import java.util.HashMap;
import java.util.Map;
import redoubt.agent.bounded.BoundedMap;
import redoubt.core.linux.Descriptors;
import redoubt.core.linux.Errno;
import redoubt.core.linux.FileHandle;

/// Which path a directory has that the kernel names by its handle. Not thread-safe.
///
/// Paths are remembered until a directory is renamed. No descriptor is kept, so that no file system
/// is held in use.
final class DirectoryPaths {
  private static final int MOST = 4_096;

  private final Map<Long, String> mountPoints = new HashMap<>();
  private final Map<FileHandle, String> known = BoundedMap.forgettingUnused(MOST);

  /// Notes where a file system is mounted.
  ///
  /// @param fileSystem its `f_fsid`
  void mounted(long fileSystem, String mountPoint) {
    if (!mountPoint.equals(mountPoints.put(fileSystem, mountPoint))) {
      forget();
    }
  }

  /// A directory may have another path now, and so may all below it.
  void forget() {
    known.clear();
  }

  /// The directory's path; empty if it is gone, or its file system is.
  String of(FileHandle directory) {
    String path = known.get(directory);
    if (path == null) {
      path = find(directory);
      if (!path.isEmpty()) {
        known.put(directory, path);
      }
    }
    return path;
  }

  /// Opens the place of a file, whatever its name is by now.
  ///
  /// @return a descriptor (`O_PATH`), or a negative [Errno] value
  int open(FileHandle file) {
    String mountPoint = mountPoints.get(file.fileSystemId());
    if (mountPoint == null) {
      return -Errno.ENODEV;
    }
    int mount = Descriptors.openReadOnly(mountPoint);
    if (mount < 0) {
      return mount;
    }
    int place = file.open(mount);
    Descriptors.close(mount);
    return place;
  }

  private String find(FileHandle directory) {
    int place = open(directory);
    if (place < 0) {
      return "";
    }
    String path = Descriptors.readLink(place);
    Descriptors.close(place);
    return path;
  }
}
