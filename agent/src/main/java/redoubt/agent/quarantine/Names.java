package redoubt.agent.quarantine;

import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import redoubt.core.linux.Descriptors;
import redoubt.core.linux.DirectoryHandle;
import redoubt.core.linux.Errno;
import redoubt.core.linux.FileStatus;
import redoubt.core.linux.LinuxException;
import redoubt.core.linux.MountEntry;
import redoubt.core.linux.Mounts;
import redoubt.core.model.Octets;

/// What is at a name, and how it is reached. Stateless.
final class Names {
  private Names() {}

  static DirectoryHandle openFolder(Octets path) throws QuarantineException {
    requireNotServed(path);
    try {
      return DirectoryHandle.open(QuarantinedFile.folderOf(path));
    } catch (LinuxException e) {
      throw new QuarantineException(
          "its folder cannot be opened: path="
              + QuarantinedFile.text(path)
              + " error="
              + Errno.name(e.errno()),
          e.errno() == Errno.ELOOP
              ? "a part of the path is a symbolic link now: name another with --to"
              : "make the folder, or name another with --to",
          e);
    }
  }

  /// No part of the path may be a link, so the mount table tells it without a look at the disk.
  private static void requireNotServed(Octets path) throws QuarantineException {
    String text = QuarantinedFile.text(path);
    if (Mounts.at("/proc/self/mountinfo", Path.of(text)).filter(MountEntry::isServed).isPresent()) {
      throw new QuarantineException(
          "a program serves the file system there, and may never answer: path=" + text,
          "name another with --to");
    }
  }

  /// @return null if there is no such folder any more
  /// @throws LinuxException if that cannot be told
  static @Nullable DirectoryHandle openFolderIfThere(Octets path) {
    try {
      return DirectoryHandle.open(QuarantinedFile.folderOf(path));
    } catch (LinuxException e) {
      if (e.errno() == Errno.ENOENT) {
        return null;
      }
      throw e;
    }
  }

  /// @throws LinuxException if that cannot be told: only ENOENT says that there is nothing
  static boolean isThere(DirectoryHandle directory, byte[] name) {
    int place = placeOf(directory, name);
    if (place >= 0) {
      Descriptors.close(place);
    }
    return place >= 0;
  }

  /// @throws LinuxException if that cannot be told
  static boolean isAt(DirectoryHandle directory, byte[] name, QuarantinedFile file) {
    int place = placeOf(directory, name);
    if (place < 0) {
      return false;
    }
    try (FileStatus status = new FileStatus()) {
      require(status.load(place), "at its place");
      return status.isRegular() && file.isSame(status);
    } finally {
      Descriptors.close(place);
    }
  }

  /// Whether an open file is on the same device as what has a name here: another one may have the
  /// same number and birth time, and be shown under the same path elsewhere.
  ///
  /// @throws LinuxException if that cannot be told
  static boolean isSameDevice(DirectoryHandle directory, byte[] name, int descriptor) {
    int place = placeOf(directory, name);
    if (place < 0) {
      return false;
    }
    try (FileStatus there = new FileStatus();
        FileStatus given = new FileStatus()) {
      require(there.load(place), "at its place");
      require(given.load(descriptor), "of the file");
      return there.device() == given.device() && there.inode() == given.inode();
    } finally {
      Descriptors.close(place);
    }
  }

  /// What is at a name; the caller closes it.
  ///
  /// @throws LinuxException if that cannot be told, or there is nothing
  static FileStatus statusOf(DirectoryHandle directory, byte[] name) {
    int place = require(directory.openPlace(name), "in the vault");
    FileStatus status = new FileStatus();
    try {
      require(status.load(place), "in the vault");
      return status;
    } catch (LinuxException e) {
      status.close();
      throw e;
    } finally {
      Descriptors.close(place);
    }
  }

  private static int placeOf(DirectoryHandle directory, byte[] name) {
    int place = directory.openPlace(name);
    return place == -Errno.ENOENT ? place : require(place, "at its place");
  }

  /// Opens the file that was at a path, if it is at this name. What another one is, is only known
  /// once it is open: whoever can write in the folder exchanges them at any moment.
  ///
  /// @return a descriptor, or a negative [Errno] value
  static int openSame(DirectoryHandle directory, byte[] name, QuarantinedFile file) {
    int descriptor = isAt(directory, name, file) ? directory.openFile(name) : -Errno.ENOENT;
    if (descriptor < 0) {
      return descriptor;
    }
    try (FileStatus status = new FileStatus()) {
      if (status.load(descriptor) >= 0 && file.isSame(status)) {
        return descriptor;
      }
    }
    Descriptors.close(descriptor);
    return -Errno.ENOENT;
  }

  static int require(int result, String details) {
    if (result < 0) {
      throw new LinuxException("quarantine", -result, details);
    }
    return result;
  }

  /// Gives the file of a record its rights and flags again, if it has this name.
  static void giveRights(DirectoryHandle from, byte[] name, QuarantinedFile file) {
    int descriptor = openSame(from, name, file);
    if (descriptor >= 0) {
      try {
        file.properties().giveRights(descriptor);
      } finally {
        Descriptors.close(descriptor);
      }
    }
  }
}
