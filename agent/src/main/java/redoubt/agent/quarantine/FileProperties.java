package redoubt.agent.quarantine;

import java.util.Map;
import java.util.TreeMap;
import redoubt.core.linux.FileFlags;
import redoubt.core.linux.FileMetadata;
import redoubt.core.linux.FileStatus;
import redoubt.core.linux.LinuxException;
import redoubt.core.model.Octets;

/// What a file was beside its content and its name.
///
/// @param mode its rights, with set-user-id, set-group-id and sticky bit
/// @param uid its owner
/// @param gid its group
/// @param accessNanos the time of its last access, nanoseconds since the epoch
/// @param modifyNanos the time of the last change of its content, likewise
/// @param flags those of `chattr(1)`; [#NO_FLAGS] where the file system keeps none
/// @param attributes its extended attributes where they do not stay with the file, by name
public record FileProperties(
    int mode,
    int uid,
    int gid,
    long accessNanos,
    long modifyNanos,
    long flags,
    Map<String, Octets> attributes) {
  /// The file system keeps no flags.
  static final long NO_FLAGS = -1;

  /// What of a mode are rights.
  static final int PERMISSIONS = 07777;

  /// With either, not even root can give a file another name.
  private static final long FIXING = FileFlags.FS_IMMUTABLE_FL | FileFlags.FS_APPEND_FL;

  public FileProperties {
    attributes = Map.copyOf(attributes);
  }

  /// Those of an open file, without its attributes.
  static FileProperties of(int descriptor, FileStatus status) {
    long flags = FileFlags.read(descriptor);
    return of(status, flags < 0 ? NO_FLAGS : flags);
  }

  /// Those of a file whose flags are known, without its attributes.
  static FileProperties of(FileStatus status, long flags) {
    return new FileProperties(
        status.mode() & PERMISSIONS,
        status.uid(),
        status.gid(),
        status.accessNanos(),
        status.modifyNanos(),
        flags,
        Map.of());
  }

  /// These with the attributes of an open file.
  ///
  /// @throws LinuxException if they are too many or cannot be read
  FileProperties withAttributesOf(int descriptor) {
    Map<String, Octets> read = new TreeMap<>();
    FileMetadata.attributes(descriptor).forEach((name, value) -> read.put(name, Octets.of(value)));
    return new FileProperties(mode, uid, gid, accessNanos, modifyNanos, flags, read);
  }

  /// Gives a file everything but the flags.
  ///
  /// @throws LinuxException if the file system cannot keep it
  void applyTo(int descriptor) {
    FileMetadata.setOwner(descriptor, uid, gid);
    // An owner takes capabilities away, and an access control list is part of the rights.
    Map<String, byte[]> values = new TreeMap<>();
    attributes.forEach((name, value) -> values.put(name, value.toArray()));
    FileMetadata.setAttributes(descriptor, values);
    FileMetadata.setMode(descriptor, mode);
    FileMetadata.setTimes(descriptor, accessNanos, modifyNanos);
  }

  /// Lets a file be given another name and have its rights changed. Where its file system keeps no
  /// flags there is nothing to do.
  ///
  /// @return 0 or a negative [Errno] value
  static int loosen(int descriptor) {
    long flags = FileFlags.read(descriptor);
    return flags > 0 && (flags & FIXING) != 0 ? FileFlags.write(descriptor, flags & ~FIXING) : 0;
  }

  /// Lets nobody change a file, where its file system can; a mode of 0 is what counts.
  static void fix(int descriptor) {
    long flags = FileFlags.read(descriptor);
    if (flags >= 0) {
      FileFlags.write(descriptor, flags | FileFlags.FS_IMMUTABLE_FL);
    }
  }

  /// Gives a file its rights and flags again, if it has lost them. On a file system that has become
  /// read-only it stays as it is.
  void giveRights(int descriptor) {
    try (FileStatus status = new FileStatus()) {
      if (status.load(descriptor) >= 0 && (status.mode() & PERMISSIONS) == 0 && mode != 0) {
        loosen(descriptor);
        FileMetadata.setMode(descriptor, mode);
      }
      refix(descriptor);
    } catch (LinuxException _) {
      // It is where it was.
    }
  }

  /// Gives a file back the flags that hold it in place, which everything else must precede.
  void refix(int descriptor) {
    if (flags > 0 && (flags & FIXING) != 0) {
      FileFlags.write(descriptor, flags);
    }
  }
}
