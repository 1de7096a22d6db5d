package redoubt.agent.quarantine;

import java.io.IOException;
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
      if (file.state() == State.STRANDED) {
        releaseStranded(file, to, target);
        return;
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
        finishRestoring(folder.current(leaving));
        throw notGivenBack(target, e);
      }
      Names.require(to.sync(), "path=" + QuarantinedFile.text(target));
      Names.require(vault.sync(), "in the vault");
      steps.done("restored");
      folder.forget(leaving);
    }
  }

  /// The host may live on it: its rights are its own, and no copy will do.
  private void releaseStranded(QuarantinedFile file, DirectoryHandle to, Octets target)
      throws IOException, QuarantineException {
    int moved = vault.move(file.heldName(), to, QuarantinedFile.nameOf(target));
    if (moved == -Errno.EXDEV) {
      throw new QuarantineException(
          "it is another file than was meant, and is given back as it is or not at all: path="
              + QuarantinedFile.text(target),
          "give it back on the file system of the vault: redoubt quarantine restore --to");
    }
    if (moved < 0) {
      throw notGivenBack(target, new LinuxException("renameat2", -moved, "stranded"));
    }
    Names.require(to.sync(), "path=" + QuarantinedFile.text(target));
    folder.forget(file);
  }

  /// Forgets a file that may have left as [#releaseStranded] does it, or been deleted.
  void finishStranded(QuarantinedFile file) throws IOException {
    if (!Names.isThere(vault, file.heldName())) {
      folder.forget(file);
    }
  }

  private static QuarantineException notGivenBack(Octets target, LinuxException e) {
    return e.errno() == Errno.EEXIST
        ? taken(target)
        : new QuarantineException(
            "the file cannot be given back: path="
                + QuarantinedFile.text(target)
                + " error="
                + Errno.name(e.errno()),
            "give it back elsewhere: redoubt quarantine restore --to",
            e);
  }

  private static QuarantineException taken(Octets target) {
    return new QuarantineException(
        "another file is there by now: path=" + QuarantinedFile.text(target),
        "move it, or give this one back elsewhere: redoubt quarantine restore --to");
  }

  private int bringBack(QuarantinedFile file, DirectoryHandle to, byte[] name) throws IOException {
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

  private int copyBack(QuarantinedFile file, int held, DirectoryHandle to, byte[] name)
      throws IOException {
    int made = Names.require(to.createFile(file.asideName()), "path=" + file.pathText());
    try (FileStatus status = new FileStatus()) {
      steps.done("copying back");
      FileCopy.copy(
          held, made, Vault.MOST_COPIED_BYTES, Vault.MOST_COPIED_BYTES, Sha256.digester());
      FileProperties all =
          file.copied() ? file.properties() : file.properties().withAttributesOf(held);
      all.applyTo(made);
      FileMetadata.sync(made);
      Names.require(to.sync(), "path=" + file.pathText());
      Names.require(status.load(made), "path=" + file.pathText());
      folder.write(file.arrivingAs(status));
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
  ///
  /// @throws LinuxException if it cannot be told yet whether it has
  void finishRestoring(QuarantinedFile file) throws IOException {
    try (Target target = new Target(file)) {
      if (!Names.isThere(vault, file.heldName())) {
        target.refix();
        folder.forget(file);
      } else if (target.hasArrived()) {
        target.refix();
        finishDeleting(file);
      } else {
        target.clear();
        hold(file);
      }
    }
  }

  /// Holds a file again that was on its way back, whatever there is at its target.
  ///
  /// @return the file; null if it is not in the vault any more
  @Nullable QuarantinedFile settle(QuarantinedFile file) throws IOException {
    if (Names.isThere(vault, file.heldName())) {
      return hold(file);
    }
    folder.forget(file);
    return null;
  }

  private QuarantinedFile hold(QuarantinedFile file) throws IOException {
    QuarantinedFile held = folder.seal(file, steps).with(State.HELD);
    folder.write(held);
    steps.done("held again");
    return held;
  }

  /// Where a file was on its way back to when somebody was interrupted.
  private static final class Target implements AutoCloseable {
    private final QuarantinedFile file;
    private final byte[] name;
    private final @Nullable DirectoryHandle folder;

    /// @throws LinuxException if it cannot be reached now
    Target(QuarantinedFile file) {
      this.file = file;
      this.name = QuarantinedFile.nameOf(file.target());
      this.folder = Names.openFolderIfThere(file.target());
    }

    /// Whether the whole copy has its name already.
    boolean hasArrived() {
      if (folder == null || !Names.isThere(folder, name)) {
        return false;
      }
      try (FileStatus status = Names.statusOf(folder, name)) {
        return status.isRegular() && file.isArrival(status);
      }
    }

    /// Takes away what was copied, if it has not arrived.
    void clear() {
      if (folder != null) {
        folder.remove(file.asideName());
      }
    }

    void refix() {
      if (folder == null) {
        return;
      }
      if (hasArrived()) {
        int descriptor = folder.openFile(name);
        if (descriptor >= 0) {
          file.properties().refix(descriptor);
          Descriptors.close(descriptor);
        }
      } else {
        Names.giveRights(folder, name, file);
      }
      folder.sync();
    }

    @Override
    public void close() {
      if (folder != null) {
        folder.close();
      }
    }
  }

  void delete(QuarantinedFile file) throws IOException {
    if (file.state() == State.STRANDED) {
      Names.require(vault.remove(file.heldName()), "in the vault");
      folder.forget(file);
      return;
    }
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
