package redoubt.agent.quarantine;

import java.io.IOException;
import redoubt.agent.quarantine.QuarantinedFile.State;
import redoubt.core.linux.Descriptors;
import redoubt.core.linux.DirectoryHandle;
import redoubt.core.linux.Errno;
import redoubt.core.linux.FileCopy;
import redoubt.core.linux.FileMetadata;
import redoubt.core.linux.LinuxException;
import redoubt.core.model.Octets;
import redoubt.core.model.Sha256;

/// The ways out of the vault, back or to an end, step by step, as [Intake] is the way in.
///
/// For one thread.
final class Release {
  private final VaultFolder folder;
  private final DirectoryHandle vault;
  private final Vault.Steps steps;

  Release(VaultFolder folder, Vault.Steps steps) {
    this.folder = folder;
    this.vault = folder.names();
    this.steps = steps;
  }

  void restore(QuarantinedFile file, Octets target) throws IOException, QuarantineException {
    byte[] name = QuarantinedFile.nameOf(target);
    try (DirectoryHandle to = Names.openFolder(target)) {
      if (Names.isThere(to, name)) {
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
      Names.require(to.sync(), "path=" + QuarantinedFile.text(target));
      Names.require(vault.sync(), "in the vault");
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
    int descriptor = Names.require(vault.openFile(file.heldName()), "in the vault");
    try {
      Names.require(FileProperties.loosen(descriptor), "in the vault");
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
    int made = Names.require(to.createFile(file.asideName()), "path=" + file.pathText());
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
      Names.require(to.sync(), "path=" + file.pathText());
      file.properties().refix(made);
      return vault.remove(file.heldName());
    } finally {
      Descriptors.close(made);
    }
  }

  /// Forgets a file that has left; one that has not is held as before.
  void finishRestoring(QuarantinedFile file) throws IOException {
    if (!Names.isThere(vault, file.heldName())) {
      refixAtTarget(file);
      Names.syncFolder(file.target());
      folder.forget(file);
      return;
    }
    try (DirectoryHandle to = Names.openFolder(file.target())) {
      to.remove(file.asideName());
    } catch (QuarantineException _) {
      // Then there is nothing of it either.
    }
    folder.seal(file, steps);
    folder.write(file.with(State.HELD));
    steps.done("held again");
  }

  private static void refixAtTarget(QuarantinedFile file) {
    byte[] name = QuarantinedFile.nameOf(file.target());
    try (DirectoryHandle to = Names.openFolder(file.target())) {
      Names.giveBack(to, name, file);
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

  void finishDeleting(QuarantinedFile file) throws IOException {
    int descriptor = vault.openFile(file.heldName());
    if (descriptor >= 0) {
      try {
        Names.require(FileProperties.loosen(descriptor), "in the vault");
        steps.done("loosened");
        Names.require(vault.remove(file.heldName()), "in the vault");
        steps.done("deleted");
      } finally {
        Descriptors.close(descriptor);
      }
    } else if (descriptor != -Errno.ENOENT) {
      throw new LinuxException("openat", -descriptor, "in the vault");
    }
    folder.forget(file);
  }
}
