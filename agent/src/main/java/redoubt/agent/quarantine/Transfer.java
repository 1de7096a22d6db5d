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
import redoubt.core.model.Octets;
import redoubt.core.model.Sha256;

/// The ways into the vault and out of it, step by step. Each begins with a record that is on disk;
/// what follows a step rests on the record and on what is found, never on what was remembered, so
/// that going on and finishing after a power cut are the same.
///
/// A name is taken first and looked at then: whoever can write in the folder may have put another
/// file there meanwhile, and gets it back.
///
/// For one thread.
final class Transfer {
  private final VaultFolder folder;
  private final DirectoryHandle vault;
  private final Vault.Steps steps;

  Transfer(VaultFolder folder, Vault.Steps steps) {
    this.folder = folder;
    this.vault = folder.names();
    this.steps = steps;
  }

  /// The digest of an open file.
  ///
  /// @throws LinuxException if it cannot be read, or is longer than what is copied
  static Sha256 digestOf(int descriptor) {
    MessageDigest digest = Sha256.digester();
    FileCopy.read(descriptor, Vault.MOST_COPIED_BYTES, digest);
    return Sha256.of(digest.digest());
  }

  // ---- on the way in

  QuarantinedFile take(QuarantinedFile file, int descriptor)
      throws IOException, QuarantineException {
    try (DirectoryHandle from = openFolder(file.path())) {
      if (!isAt(from, QuarantinedFile.nameOf(file.path()), file)) {
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
          if (!isAt(from, QuarantinedFile.nameOf(file.path()), file)) {
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
      require(vault.move(copy.copyingName(), vault, copy.copiedName()), "in the vault");
      require(vault.sync(), "in the vault");
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
  private @Nullable QuarantinedFile finishTaking(QuarantinedFile file) throws IOException {
    if (isThere(vault, file.movedName())) {
      if (!isAt(vault, file.movedName(), file)) {
        undoTaking(file);
        return null;
      }
    } else if (isThere(vault, file.copiedName())) {
      removeOriginal(file);
    } else {
      undoTaking(file);
      return null;
    }
    seal(file);
    QuarantinedFile held = file.with(State.HELD);
    folder.write(held);
    steps.done("held");
    return held;
  }

  /// Nobody can execute, read or change it from here on.
  private void seal(QuarantinedFile file) {
    int descriptor = require(vault.openFile(file.heldName()), "in the vault");
    try {
      // It may have been sealed before, and the record of that was lost.
      require(FileProperties.loosen(descriptor), "in the vault");
      FileMetadata.setMode(descriptor, 0);
      steps.done("no rights");
      FileProperties.fix(descriptor);
      FileMetadata.sync(descriptor);
    } finally {
      Descriptors.close(descriptor);
    }
    require(vault.sync(), "in the vault");
    syncFolder(file.path());
    steps.done("sealed");
  }

  /// Takes away what was copied. Its other names, if it has any, keep a file without rights.
  private void removeOriginal(QuarantinedFile file) {
    byte[] name = QuarantinedFile.nameOf(file.path());
    byte[] aside = file.asideName();
    try (DirectoryHandle from = openFolder(file.path())) {
      if (isAt(from, name, file)) {
        int descriptor = require(from.openFile(name), "path=" + file.pathText());
        try {
          require(FileProperties.loosen(descriptor), "path=" + file.pathText());
          FileMetadata.setMode(descriptor, 0);
        } finally {
          Descriptors.close(descriptor);
        }
        steps.done("original disarmed");
        require(from.move(name, from, aside), "path=" + file.pathText());
        steps.done("original aside");
      }
      if (isAt(from, aside, file)) {
        require(from.remove(aside), "path=" + file.pathText());
        steps.done("original removed");
      } else if (isThere(from, aside)) {
        from.move(aside, from, name);
      }
      from.sync();
    } catch (QuarantineException e) {
      // Its folder is no more, and so is the file.
    }
  }

  /// Leaves a file where it was, as it was, and forgets it.
  private void undoTaking(QuarantinedFile file) throws IOException {
    byte[] name = QuarantinedFile.nameOf(file.path());
    try (DirectoryHandle from = openFolder(file.path())) {
      putBack(vault, file.movedName(), from, file);
      if (isAt(from, file.asideName(), file)) {
        require(from.move(file.asideName(), from, name), "path=" + file.pathText());
      }
      if (isAt(from, name, file)) {
        giveBack(from, name, file);
      }
      from.sync();
    } catch (QuarantineException e) {
      if (isAt(vault, file.movedName(), file)) {
        // There is no place for it any more: it is kept, and its owner can have it elsewhere.
        seal(file);
        folder.write(file.with(State.HELD));
        return;
      }
      if (isThere(vault, file.movedName())) {
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
    if (isThere(vault, moved)) {
      int back = vault.move(moved, from, QuarantinedFile.nameOf(file.path()));
      if (back == -Errno.EEXIST) {
        back = vault.move(moved, from, file.asideName());
      }
      require(back, "path=" + file.pathText());
    }
  }

  /// Rights and flags as they were, if they are other ones.
  private static void giveBack(DirectoryHandle from, byte[] name, QuarantinedFile file) {
    int descriptor = from.openFile(name);
    if (descriptor < 0) {
      return;
    }
    try (FileStatus status = new FileStatus()) {
      if (status.load(descriptor) >= 0
          && (status.mode() & FileProperties.PERMISSIONS) == 0
          && file.properties().mode() != 0) {
        FileProperties.loosen(descriptor);
        FileMetadata.setMode(descriptor, file.properties().mode());
      }
      file.properties().refix(descriptor);
    } catch (LinuxException _) {
      // A file system that has become read-only: it is where it was.
    } finally {
      Descriptors.close(descriptor);
    }
  }

  // ---- on the way out

  void restore(QuarantinedFile file, Octets target) throws IOException, QuarantineException {
    byte[] name = QuarantinedFile.nameOf(target);
    try (DirectoryHandle to = openFolder(target)) {
      if (isThere(to, name)) {
        throw taken(target);
      }
      QuarantinedFile leaving = file.with(State.RESTORING, target);
      folder.write(leaving);
      steps.done("restoring");
      try {
        int moved = bringBack(leaving, to, name);
        if (moved < 0) {
          throw new LinuxException("renameat2", -moved, "path=" + QuarantinedFile.text(target));
        }
      } catch (LinuxException e) {
        finishRestoring(leaving);
        if (e.errno() == Errno.EEXIST) {
          throw taken(target);
        }
        throw new QuarantineException(
            "the file cannot be given back: path="
                + QuarantinedFile.text(target)
                + " error="
                + Errno.name(e.errno()),
            "give it back elsewhere: redoubt quarantine restore --to",
            e);
      }
      require(to.sync(), "path=" + QuarantinedFile.text(target));
      require(vault.sync(), "in the vault");
      steps.done("restored");
      folder.forget(leaving);
    }
  }

  private static QuarantineException taken(Octets target) {
    return new QuarantineException(
        "another file is there by now: path=" + QuarantinedFile.text(target),
        "move it, or give this one back elsewhere: redoubt quarantine restore --to");
  }

  private int bringBack(QuarantinedFile file, DirectoryHandle to, byte[] name) {
    int descriptor = require(vault.openFile(file.heldName()), "in the vault");
    try {
      require(FileProperties.loosen(descriptor), "in the vault");
      steps.done("loosened");
      boolean ready = giveProperties(file, descriptor);
      steps.done("rights given");
      int moved = ready ? vault.move(file.heldName(), to, name) : -Errno.EXDEV;
      if (moved == -Errno.EXDEV) {
        return copyBack(file, descriptor, to, name);
      }
      steps.done("moved back");
      if (moved == 0) {
        file.properties().refix(descriptor);
      }
      return moved;
    } finally {
      Descriptors.close(descriptor);
    }
  }

  /// The file itself has everything but its rights: an owner, given anew, would take its
  /// capabilities away.
  ///
  /// @return whether the file in the vault has all that belongs to it
  private static boolean giveProperties(QuarantinedFile file, int descriptor) {
    if (!file.copied()) {
      FileMetadata.setMode(descriptor, file.properties().mode());
      return true;
    }
    try {
      file.properties().applyTo(descriptor);
      FileMetadata.sync(descriptor);
      return true;
    } catch (LinuxException _) {
      // The file system of the vault cannot keep an attribute that the file's own can.
      return false;
    }
  }

  private int copyBack(QuarantinedFile file, int held, DirectoryHandle to, byte[] name) {
    int made = require(to.createFile(file.asideName()), "path=" + file.pathText());
    try {
      steps.done("copying back");
      FileCopy.copy(held, made, Vault.MOST_COPIED_BYTES, Sha256.digester());
      FileProperties all =
          file.copied() ? file.properties() : file.properties().withAttributesOf(held);
      all.applyTo(made);
      FileMetadata.sync(made);
      steps.done("copied back");
      int named = to.move(file.asideName(), to, name);
      if (named < 0) {
        return named;
      }
      steps.done("copy in place");
      require(to.sync(), "path=" + file.pathText());
      file.properties().refix(made);
      return vault.remove(file.heldName());
    } finally {
      Descriptors.close(made);
    }
  }

  /// Forgets a file that has left; one that has not is held as before.
  private void finishRestoring(QuarantinedFile file) throws IOException {
    if (!isThere(vault, file.heldName())) {
      refixAtTarget(file);
      syncFolder(file.target());
      folder.forget(file);
      return;
    }
    try (DirectoryHandle to = openFolder(file.target())) {
      to.remove(file.asideName());
    } catch (QuarantineException _) {
      // Then there is nothing of it either.
    }
    seal(file);
    folder.write(file.with(State.HELD));
    steps.done("held again");
  }

  private static void refixAtTarget(QuarantinedFile file) {
    byte[] name = QuarantinedFile.nameOf(file.target());
    try (DirectoryHandle to = openFolder(file.target())) {
      if (isAt(to, name, file)) {
        giveBack(to, name, file);
      }
    } catch (QuarantineException _) {
      // It left, and its folder too.
    }
  }

  void delete(QuarantinedFile file) throws IOException {
    QuarantinedFile ending = file.with(State.DELETING);
    folder.write(ending);
    steps.done("deleting");
    finishDeleting(ending);
  }

  private void finishDeleting(QuarantinedFile file) throws IOException {
    int descriptor = vault.openFile(file.heldName());
    if (descriptor >= 0) {
      try {
        require(FileProperties.loosen(descriptor), "in the vault");
        steps.done("loosened");
        require(vault.remove(file.heldName()), "in the vault");
        steps.done("deleted");
      } finally {
        Descriptors.close(descriptor);
      }
    }
    folder.forget(file);
  }

  // ---- after an interruption

  /// Finishes or undoes whatever is on its way.
  ///
  /// @return how many files that were; one that cannot be finished yet stays as it is
  int recover() {
    int done = 0;
    for (QuarantinedFile file : folder.files()) {
      try {
        switch (file.state()) {
          case TAKING -> finishTaking(file);
          case RESTORING -> finishRestoring(file);
          case DELETING -> finishDeleting(file);
          case HELD -> {
            continue;
          }
        }
        done++;
      } catch (IOException | LinuxException _) {
        // Its record says so, and it is tried again.
      }
    }
    return done;
  }

  // ---- names

  private static DirectoryHandle openFolder(Octets path) throws QuarantineException {
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

  private static void syncFolder(Octets path) {
    try (DirectoryHandle of = openFolder(path)) {
      of.sync();
    } catch (QuarantineException _) {
      // What is no more need not be kept.
    }
  }

  private static boolean isThere(DirectoryHandle directory, byte[] name) {
    int place = directory.openPlace(name);
    if (place >= 0) {
      Descriptors.close(place);
    }
    return place >= 0;
  }

  private static boolean isAt(DirectoryHandle directory, byte[] name, QuarantinedFile file) {
    int place = directory.openPlace(name);
    if (place < 0) {
      return false;
    }
    try (FileStatus status = new FileStatus()) {
      return status.load(place) >= 0 && status.isRegular() && file.isSame(status);
    } finally {
      Descriptors.close(place);
    }
  }

  private static int require(int result, String details) {
    if (result < 0) {
      throw new LinuxException("quarantine", -result, details);
    }
    return result;
  }
}
