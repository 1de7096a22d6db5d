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
    try (Origin origin = Origin.of(file, descriptor)) {
      if (!origin.isThere()) {
        throw new QuarantineException(
            "another file has that name by now, or it cannot be reached by it: path="
                + file.pathText(),
            "name it again");
      }
      folder.write(file);
      steps.done("recorded");
      try {
        return requireHeld(finishTaking(bring(file, origin, descriptor), origin), file);
      } catch (LinuxException e) {
        undoAfter(e, file, origin);
        throw refused(file, e);
      } catch (IOException e) {
        undoAfter(e, file, origin);
        throw e;
      }
    }
  }

  private static QuarantinedFile requireHeld(@Nullable QuarantinedFile taken, QuarantinedFile file)
      throws QuarantineException {
    if (taken == null) {
      throw new QuarantineException(
          "another file was given that name meanwhile: path=" + file.pathText(), "name it again");
    }
    if (taken.state() == State.STRANDED) {
      throw new QuarantineException(
          "another file was given that name meanwhile, and its folder is no more: path="
              + file.pathText(),
          "that file is in the vault, as it was: redoubt quarantine restore "
              + file.id()
              + " --to PATH");
    }
    return taken;
  }

  private void undoAfter(Exception cause, QuarantinedFile file, Origin origin)
      throws QuarantineException {
    try {
      undoTaking(file, origin);
    } catch (IOException | LinuxException e) {
      e.addSuppressed(cause);
      throw new QuarantineException(
          "the file could neither be taken nor left as it was: id="
              + file.id()
              + " path="
              + file.pathText()
              + " error="
              + e.getMessage(),
          "it is tried again with whatever is done next; redoubt quarantine list",
          e);
    }
  }

  private QuarantineException refused(QuarantinedFile file, LinuxException e) {
    if (e.errno() == Errno.EDQUOT) {
      return folder.full();
    }
    return new QuarantineException(
        "the file cannot be taken from its place: path="
            + file.pathText()
            + " error="
            + Errno.name(e.errno()),
        switch (e.errno()) {
          case Errno.EROFS -> "its file system is read-only";
          case Errno.ETXTBSY ->
              "it was written to meanwhile: end whoever writes it, then try again";
          case Errno.EFBIG -> "it is too long to be copied to the file system of the vault";
          case Errno.E2BIG -> "it has more extended attributes than are kept";
          case Errno.ENOSPC -> "make room on the file system of the vault";
          default -> "see whether its file system can be written";
        },
        e);
  }

  /// Brings the file, or a copy of it, into the vault.
  private QuarantinedFile bring(QuarantinedFile file, Origin origin, int descriptor)
      throws IOException {
    int moved = origin.moveInto(vault, steps);
    if (moved == -Errno.EXDEV) {
      return copy(file, descriptor);
    }
    Names.require(moved, "path=" + file.pathText());
    return file;
  }

  private QuarantinedFile copy(QuarantinedFile file, int descriptor) throws IOException {
    try (FileStatus before = new FileStatus();
        FileStatus after = new FileStatus()) {
      Names.require(before.load(descriptor), "of the file");
      if (before.sizeBytes() > Vault.MOST_COPIED_BYTES) {
        throw new LinuxException("copy", Errno.EFBIG, "bytes=" + before.sizeBytes());
      }
      Sha256 digest = copyContent(file, descriptor);
      Names.require(after.load(descriptor), "of the file");
      if (after.modifyNanos() != before.modifyNanos()
          || after.sizeBytes() != before.sizeBytes()
          || (file.sha256() != null && !digest.equals(file.sha256()))) {
        throw new LinuxException("copy", Errno.ETXTBSY, "path=" + file.pathText());
      }
      long room;
      try (FileStatus made = Names.statusOf(vault, file.copyingName())) {
        room = made.allocatedBytes();
      }
      QuarantinedFile copy =
          file.asCopy(digest, room, file.properties().withAttributesOf(descriptor));
      folder.write(copy);
      steps.done("copied");
      Names.require(vault.move(copy.copyingName(), vault, copy.copiedName()), "in the vault");
      Names.require(vault.sync(), "in the vault");
      steps.done("copy named");
      return copy;
    }
  }

  private Sha256 copyContent(QuarantinedFile file, int descriptor) throws IOException {
    long free = Files.getFileStore(folder.path()).getUsableSpace() - Vault.LEFT_FREE_BYTES;
    // The room of this file counts already.
    long budget = folder.roomBytes() + file.bytes();
    int made = Names.require(vault.createFile(file.copyingName()), "in the vault");
    try {
      steps.done("copying");
      MessageDigest digest = Sha256.digester();
      FileCopy.copy(descriptor, made, Vault.MOST_COPIED_BYTES, Math.min(free, budget), digest);
      FileMetadata.sync(made);
      return Sha256.of(digest.digest());
    } catch (LinuxException e) {
      throw e.errno() == Errno.EDQUOT && free < budget
          ? new LinuxException("copy", Errno.ENOSPC, "bytes=" + file.bytes())
          : e;
    } finally {
      Descriptors.close(made);
    }
  }

  /// Finishes what somebody was interrupted with.
  ///
  /// @throws LinuxException if it cannot be told yet how far that was
  void finishTaking(QuarantinedFile file) throws IOException {
    try (Origin origin = Origin.again(file)) {
      finishTaking(file, origin);
    }
  }

  /// Finishes what has got as far as the vault, and undoes what has not.
  ///
  /// @return the file as it is in the vault, or null if it is where it was
  private @Nullable QuarantinedFile finishTaking(QuarantinedFile file, Origin origin)
      throws IOException {
    boolean taken =
        Names.isAt(vault, file.movedName(), file)
            || (Names.isThere(vault, file.copiedName()) && origin.remove(steps));
    return taken ? hold(file, origin) : undoTaking(file, origin);
  }

  private QuarantinedFile hold(QuarantinedFile file, Origin origin) throws IOException {
    QuarantinedFile sealed = folder.seal(file, steps);
    origin.sync();
    QuarantinedFile held = sealed.with(State.HELD);
    folder.write(held);
    steps.done("held");
    return held;
  }

  /// Leaves a file where it was, as it was, and forgets it. What has no place any more stays in the
  /// vault, and its owner can have it elsewhere.
  ///
  /// @return what stays, or null
  private @Nullable QuarantinedFile undoTaking(QuarantinedFile file, Origin origin)
      throws IOException {
    if (!origin.giveBack(vault)) {
      return settle(file);
    }
    vault.remove(file.copyingName());
    vault.remove(file.copiedName());
    steps.done("undone");
    folder.forget(file);
    return null;
  }

  /// Has a file that cannot be finished be what the vault has of it, whatever there is at its
  /// place.
  ///
  /// @return the file as it is in the vault, null if there is nothing of it
  @Nullable QuarantinedFile settle(QuarantinedFile file) throws IOException {
    if (Names.isThere(vault, file.heldName())) {
      QuarantinedFile settled = inVault(file);
      folder.write(settled);
      return settled;
    }
    vault.remove(file.copyingName());
    folder.forget(file);
    return null;
  }

  private QuarantinedFile inVault(QuarantinedFile file) {
    if (file.copied() || Names.isAt(vault, file.movedName(), file)) {
      return folder.seal(file, steps).with(State.HELD);
    }
    try (FileStatus found = Names.statusOf(vault, file.movedName())) {
      return file.stranded(found);
    }
  }
}
