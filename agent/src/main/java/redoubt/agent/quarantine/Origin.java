package redoubt.agent.quarantine;

import org.jspecify.annotations.Nullable;
import redoubt.core.linux.Descriptors;
import redoubt.core.linux.DirectoryHandle;
import redoubt.core.linux.Errno;
import redoubt.core.linux.FileMetadata;
import redoubt.core.linux.FileStatus;
import redoubt.core.linux.LinuxException;

/// Where a file is taken from: its folder and the file itself, both held open, so that neither the
/// way to the folder nor the name of the file decides what is done to which file.
///
/// Whoever finishes what was interrupted finds them by their names, as far as they are there still.
///
/// For one thread.
final class Origin implements AutoCloseable {
  private static final int NO_FILE = -1;

  private final QuarantinedFile file;
  private final byte[] name;
  private final @Nullable DirectoryHandle folder;
  private final int descriptor;
  private final boolean ours;

  private Origin(
      QuarantinedFile file, @Nullable DirectoryHandle folder, int descriptor, boolean ours) {
    this.file = file;
    this.name = QuarantinedFile.nameOf(file.path());
    this.folder = folder;
    this.descriptor = descriptor;
    this.ours = ours;
  }

  /// The place of a file that somebody has open.
  ///
  /// @param descriptor the file; stays the caller's
  /// @throws QuarantineException if its folder cannot be opened
  static Origin of(QuarantinedFile file, int descriptor) throws QuarantineException {
    return new Origin(file, Names.openFolder(file.path()), descriptor, false);
  }

  /// The place of a file that somebody was interrupted with.
  ///
  /// @throws LinuxException if what is there cannot be told now: only ENOENT says that there is
  ///   nothing
  static Origin again(QuarantinedFile file) {
    DirectoryHandle folder = Names.openFolderIfThere(file.path());
    if (folder == null) {
      return new Origin(file, null, NO_FILE, true);
    }
    try {
      int descriptor = Names.openSame(folder, QuarantinedFile.nameOf(file.path()), file);
      if (descriptor == -Errno.ENOENT) {
        descriptor = Names.openSame(folder, file.asideName(), file);
      }
      if (descriptor < 0 && descriptor != -Errno.ENOENT) {
        throw new LinuxException("openat", -descriptor, "at its place");
      }
      return new Origin(file, folder, Math.max(NO_FILE, descriptor), true);
    } catch (LinuxException e) {
      folder.close();
      throw e;
    }
  }

  /// Whether the file that is open has its name here, and is the one of the record.
  boolean isThere() {
    return folder != null
        && Names.isAt(folder, name, file)
        && Names.isSameDevice(folder, name, descriptor);
  }

  /// Moves whatever has the name now into the vault.
  ///
  /// @return 0 or a negative [Errno] value, EXDEV if that is another file system
  int moveInto(DirectoryHandle vault, Vault.Steps steps) {
    if (folder == null) {
      return -Errno.ENOENT;
    }
    int loosened = FileProperties.loosen(descriptor);
    if (loosened < 0) {
      return loosened;
    }
    steps.done("loosened");
    int moved = folder.take(name, vault, file.movedName());
    steps.done("moved");
    return moved;
  }

  /// Takes away a file of which there is a copy. Its other names, if it has any, keep a file
  /// without rights.
  ///
  /// @return false if it has left this place meanwhile, and is somewhere else
  boolean remove(Vault.Steps steps) {
    if (folder == null || descriptor < 0) {
      // Whoever was interrupted had removed it.
      return true;
    }
    try (FileStatus before = new FileStatus();
        FileStatus after = new FileStatus()) {
      Names.require(before.load(descriptor), details());
      Names.require(FileProperties.loosen(descriptor), details());
      FileMetadata.setMode(descriptor, 0);
      steps.done("original disarmed");
      if (Names.isAt(folder, name, file)) {
        Names.require(folder.take(name, folder, file.asideName()), details());
        steps.done("original aside");
      }
      if (!Names.isAt(folder, file.asideName(), file)) {
        return false;
      }
      Names.require(folder.remove(file.asideName()), details());
      steps.done("original removed");
      Names.require(after.load(descriptor), details());
      sync();
      // Its owner can rename it up to the last moment, and leave another file to be removed.
      return after.linkCount() < before.linkCount();
    }
  }

  /// Leaves the file here, as it was, with what was taken in its place.
  ///
  /// Whoever has put something else at its name meanwhile has both. What is not the file that was
  /// meant is touched in no other way: it may be another name of a file that the host lives on.
  ///
  /// @return false if the vault has a file that cannot come back, since there is no place for it
  /// @throws LinuxException if it cannot be told whether there is, or this file system cannot be
  ///   written
  boolean giveBack(DirectoryHandle vault) {
    if (Names.isThere(vault, file.movedName()) && !bringBack(vault)) {
      return false;
    }
    if (folder == null) {
      return true;
    }
    if (Names.isThere(folder, file.asideName())) {
      // Something else may have its name: then it stays aside.
      folder.move(file.asideName(), folder, name);
    }
    if (descriptor >= 0) {
      file.properties().giveRights(descriptor);
    } else {
      Names.giveRights(folder, name, file);
    }
    sync();
    return true;
  }

  private boolean bringBack(DirectoryHandle vault) {
    if (folder == null) {
      return false;
    }
    int held = Names.openSame(vault, file.movedName(), file);
    if (held >= 0) {
      FileProperties.loosen(held);
      Descriptors.close(held);
    }
    int back = vault.move(file.movedName(), folder, name);
    if (back == -Errno.EEXIST) {
      back = vault.move(file.movedName(), folder, file.asideName());
    }
    if (back == -Errno.ENOENT) {
      // The folder that is open was removed.
      return false;
    }
    Names.require(back, details());
    return true;
  }

  /// Has what was done to the names here survive a power cut.
  void sync() {
    if (folder != null) {
      folder.sync();
    }
  }

  private String details() {
    return "path=" + file.pathText();
  }

  @Override
  public void close() {
    if (folder != null) {
      folder.close();
    }
    if (ours && descriptor >= 0) {
      Descriptors.close(descriptor);
    }
  }
}
