package redoubt.agent.quarantine;

import java.io.IOException;
import java.nio.file.Files;
import java.security.MessageDigest;
import org.jspecify.annotations.Nullable;
import redoubt.agent.quarantine.QuarantinedFile.State;
import redoubt.core.linux.Descriptors;
import redoubt.core.linux.DirectoryHandle;
import redoubt.core.linux.Errno;
import redoubt.core.linux.FileCopy;
import redoubt.core.linux.FileMetadata;
import redoubt.core.linux.FileStatus;
import redoubt.core.linux.LinuxException;
import redoubt.core.model.Sha256;

/// The way into the vault, step by step. It begins with a record that is on disk; what follows a
/// step rests on the record and on what is found, never on what was remembered, so that going on
/// and finishing after a power cut are the same.
///
/// A name is taken first and looked at then: whoever can write in the folder may have put another
/// file there meanwhile, and gets it back.
///
/// For one thread.
final class Intake {
  private final VaultFolder folder;
  private final DirectoryHandle vault;
  private final Vault.Steps steps;

  Intake(VaultFolder folder, Vault.Steps steps) {
    this.folder = folder;
    this.vault = folder.names();
    this.steps = steps;
  }

  QuarantinedFile take(QuarantinedFile file, int descriptor)
      throws IOException, QuarantineException {
    try (DirectoryHandle from = Names.openFolder(file.path())) {
      byte[] name = QuarantinedFile.nameOf(file.path());
      if (!Names.isAt(from, name, file) || !Names.isSameDevice(from, name, descriptor)) {
        throw new QuarantineException(
            "another file has that name by now, or it cannot be reached by it: path="
                + file.pathText(),
            "name it again");
      }
      folder.write(file);
      steps.done("recorded");
      try {
        int moved = move(file, from, descriptor);
        QuarantinedFile going = file;
        if (moved == -Errno.EXDEV) {
          going = copy(file, descriptor);
          if (!Names.isAt(from, QuarantinedFile.nameOf(file.path()), file)) {
            undoTaking(file);
            throw exchanged(file);
          }
        } else if (moved < 0) {
          throw new LinuxException("renameat2", -moved, "path=" + file.pathText());
        }
        QuarantinedFile held = finishTaking(going);
        if (held == null) {
          throw exchanged(file);
        }
        return held;
      } catch (LinuxException e) {
        undoTaking(file);
        throw new QuarantineException(
            "the file cannot be taken from its place: path="
                + file.pathText()
                + " error="
                + Errno.name(e.errno()),
            e.errno() == Errno.EROFS
                ? "its file system is read-only"
                : "see whether its file system can be written",
            e);
      } catch (IOException e) {
        undoTaking(file);
        throw e;
      }
    }
  }

  private static QuarantineException exchanged(QuarantinedFile file) {
    return new QuarantineException(
        "another file was given that name meanwhile: path=" + file.pathText(), "name it again");
  }

  private int move(QuarantinedFile file, DirectoryHandle from, int descriptor) {
    int loosened = FileProperties.loosen(descriptor);
    if (loosened < 0) {
      return loosened;
    }
    steps.done("loosened");
    int moved = from.move(QuarantinedFile.nameOf(file.path()), vault, file.movedName());
    steps.done("moved");
    return moved;
  }

  private QuarantinedFile copy(QuarantinedFile file, int descriptor)
      throws IOException, QuarantineException {
    try (FileStatus before = new FileStatus();
        FileStatus after = new FileStatus()) {
      before.load(descriptor);
      requireSpace(before.sizeBytes());
      int made = vault.createFile(file.copyingName());
      if (made < 0) {
        throw new LinuxException("openat", -made, "in the vault");
      }
      MessageDigest digest = Sha256.digester();
      try {
        steps.done("copying");
        FileCopy.copy(descriptor, made, Vault.MOST_COPIED_BYTES, digest);
        FileMetadata.sync(made);
      } finally {
        Descriptors.close(made);
      }
      Sha256 copied = Sha256.of(digest.digest());
      after.load(descriptor);
      if (after.modifyNanos() != before.modifyNanos()
          || after.sizeBytes() != before.sizeBytes()
          || !copied.equals(file.sha256())) {
        undoTaking(file);
        throw new QuarantineException(
            "the file was written to while it was copied: path=" + file.pathText(),
            "end whoever writes it, then try again");
      }
      QuarantinedFile copy = file.asCopy(copied, file.properties().withAttributesOf(descriptor));
      folder.write(copy);
      steps.done("copied");
      Names.require(vault.move(copy.copyingName(), vault, copy.copiedName()), "in the vault");
      Names.require(vault.sync(), "in the vault");
      steps.done("copy named");
      return copy;
    }
  }

  private void requireSpace(long bytes) throws IOException {
    if (Files.getFileStore(folder.path()).getUsableSpace() < bytes + Vault.LEFT_FREE_BYTES) {
      throw new LinuxException("write", Errno.ENOSPC, "bytes=" + bytes);
    }
  }

  /// Finishes what has got as far as the vault, and undoes what has not.
  ///
  /// @return the file as it is held, or null if it is where it was
  @Nullable QuarantinedFile finishTaking(QuarantinedFile file) throws IOException {
    if (Names.isThere(vault, file.movedName())) {
      if (!Names.isAt(vault, file.movedName(), file)) {
        undoTaking(file);
        return null;
      }
    } else if (Names.isThere(vault, file.copiedName())) {
      if (!removeOriginal(file)) {
        undoTaking(file);
        return null;
      }
    } else {
      undoTaking(file);
      return null;
    }
    folder.seal(file, steps);
    QuarantinedFile held = file.with(State.HELD);
    folder.write(held);
    steps.done("held");
    return held;
  }

  /// Takes away what was copied. Its other names, if it has any, keep a file without rights.
  ///
  /// @return false if another file was given its name at the last moment, which has it again
  private boolean removeOriginal(QuarantinedFile file) {
    byte[] name = QuarantinedFile.nameOf(file.path());
    byte[] aside = file.asideName();
    try (DirectoryHandle from = Names.openFolder(file.path())) {
      int descriptor = Names.openSame(from, name, file);
      if (descriptor >= 0) {
        try {
          Names.require(FileProperties.loosen(descriptor), "path=" + file.pathText());
          FileMetadata.setMode(descriptor, 0);
        } finally {
          Descriptors.close(descriptor);
        }
        steps.done("original disarmed");
        Names.require(from.move(name, from, aside), "path=" + file.pathText());
        steps.done("original aside");
      }
      if (Names.isAt(from, aside, file)) {
        Names.require(from.remove(aside), "path=" + file.pathText());
        steps.done("original removed");
      } else if (Names.isThere(from, aside)) {
        from.move(aside, from, name);
        return false;
      }
      from.sync();
      return true;
    } catch (QuarantineException _) {
      // Its folder is no more, and so is the file.
      return true;
    }
  }

  /// Leaves a file where it was, as it was, and forgets it.
  private void undoTaking(QuarantinedFile file) throws IOException {
    byte[] name = QuarantinedFile.nameOf(file.path());
    try (DirectoryHandle from = Names.openFolder(file.path())) {
      putBack(vault, file.movedName(), from, file);
      if (Names.isAt(from, file.asideName(), file)) {
        Names.require(from.move(file.asideName(), from, name), "path=" + file.pathText());
      }
      Names.giveBack(from, name, file);
      from.sync();
    } catch (QuarantineException e) {
      if (Names.isAt(vault, file.movedName(), file)) {
        // There is no place for it any more: it is kept, and its owner can have it elsewhere.
        folder.seal(file, steps);
        folder.write(file.with(State.HELD));
        return;
      }
      if (Names.isThere(vault, file.movedName())) {
        throw new LinuxException("quarantine", Errno.ENOENT, "path=" + file.pathText());
      }
    }
    vault.remove(file.copyingName());
    vault.remove(file.copiedName());
    steps.done("undone");
    folder.forget(file);
  }

  /// Whoever has put something else at its name meanwhile has both. What is not the file that was
  /// meant is touched in no other way: it may be another name of a file that the host lives on.
  private static void putBack(
      DirectoryHandle vault, byte[] moved, DirectoryHandle from, QuarantinedFile file) {
    if (Names.isThere(vault, moved)) {
      int back = vault.move(moved, from, QuarantinedFile.nameOf(file.path()));
      if (back == -Errno.EEXIST) {
        back = vault.move(moved, from, file.asideName());
      }
      Names.require(back, "path=" + file.pathText());
    }
  }
}
