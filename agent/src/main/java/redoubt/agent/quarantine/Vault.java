package redoubt.agent.quarantine;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import redoubt.agent.hook.LocalFileSystems;
import redoubt.agent.policy.PolicyException;
import redoubt.core.linux.Descriptors;
import redoubt.core.linux.DirectoryHandle;
import redoubt.core.linux.Errno;
import redoubt.core.linux.FileMetadata;
import redoubt.core.linux.FileStatus;
import redoubt.core.linux.FileSystemType;
import redoubt.core.linux.LinuxException;
import redoubt.core.model.Octets;
import redoubt.core.model.Sha256;

/// Where files are put away: `quarantine/` below the state directory, for root alone.
///
/// A file goes in by its name, so it stays the same file, with everything that belongs to it; where
/// that is on another file system, as a copy, and the file is removed once the copy is on disk.
/// Nobody can execute what is in there: it has no rights, and no one can give it any (where the
/// file system has flags). Before anything is done, a record says what will be; whoever is
/// interrupted is finished or undone by the next who comes, from the record and what is found, so
/// that a power cut at any moment leaves the file at its place, in the vault, or both, and never a
/// part of it.
///
/// Used by the agent, and by the command line while no agent runs. Thread-safe; one at a time works
/// in the vault, of all processes. Blocks on the disk and on the file systems of the files.
public final class Vault {
  /// How many files it holds.
  public static final int MOST_FILES = 1_024;

  /// How many bytes it holds.
  public static final long MOST_BYTES = 1L << 30;

  /// The most bytes of a file whose digest is taken only to know it.
  static final long MOST_HASHED_BYTES = 256L << 20;

  /// The most bytes of a file that is copied, holes included.
  static final long MOST_COPIED_BYTES = 8L << 30;

  /// What a copy leaves free on the file system of the vault.
  static final long LEFT_FREE_BYTES = 64L << 20;

  private static final String FOLDER = "quarantine";
  private static final int ASIDE_BYTES = 12;

  /// Hears of each step when it is done; a test cuts the power then.
  interface Steps {
    /// A step is done.
    void done(String step);
  }

  private final Path path;
  private final long mostBytes;
  private final Steps steps;
  private final SecureRandom random = new SecureRandom();
  private final AtomicInteger recovered = new AtomicInteger();
  private volatile int held;

  Vault(Path path, long mostBytes, Steps steps) {
    this.path = path;
    this.mostBytes = mostBytes;
    this.steps = steps;
  }

  /// The vault below a state directory. Touches nothing yet.
  public static Vault in(Path stateDirectory) {
    return new Vault(pathIn(stateDirectory), MOST_BYTES, _ -> {});
  }

  /// Where the vault below a state directory is.
  public static Path pathIn(Path stateDirectory) {
    return stateDirectory.resolve(FOLDER);
  }

  /// What is in it now, by number; also what is on its way. Takes no lock.
  ///
  /// @param unreadable hears of each record that cannot be read; its file stays where it is
  /// @throws QuarantineException if the vault cannot be read
  public List<QuarantinedFile> list(Consumer<String> unreadable) throws QuarantineException {
    try {
      return VaultFolder.look(path, unreadable);
    } catch (IOException e) {
      throw unusable(e);
    }
  }

  /// Whether an open file has its name in here. Not by its path alone: in a mount namespace of his
  /// own, anybody has a file of any path.
  public boolean holds(int descriptor) {
    try {
      byte[] vault = path.toRealPath().toString().getBytes(StandardCharsets.UTF_8);
      byte[] shown = Descriptors.readLinkBytes(descriptor);
      if (shown.length <= vault.length + 1
          || Arrays.mismatch(vault, shown) != vault.length
          || shown[vault.length] != '/') {
        return false;
      }
      try (DirectoryHandle folder = DirectoryHandle.open(vault)) {
        return Names.isSameDevice(
            folder, Arrays.copyOfRange(shown, vault.length + 1, shown.length), descriptor);
      }
    } catch (IOException | LinuxException _) {
      return false;
    }
  }

  /// How many files were finished or undone, of those that somebody was interrupted with, since
  /// this was last asked.
  public int drainRecovered() {
    return recovered.getAndSet(0);
  }

  /// How many files were in it when this last worked in it.
  public int held() {
    return held;
  }

  /// Puts a file away.
  ///
  /// @param descriptor the file, open for reading, whose name now is the one that is taken; stays
  ///   the caller's
  /// @param sha256 its digest if it is known; taken if not, unless the file is long
  /// @throws QuarantineException if it cannot be; then it is where it was
  public synchronized QuarantinedFile putAway(
      int descriptor, @Nullable Sha256 sha256, QuarantineCause cause) throws QuarantineException {
    try (VaultFolder folder = open();
        FileStatus status = new FileStatus()) {
      QuarantinedFile file = describe(folder, descriptor, sha256, status, cause);
      if (!folder.hasRoomFor(file.bytes())) {
        throw folder.full();
      }
      QuarantinedFile taken = new Intake(folder, steps).take(file, descriptor);
      held = folder.files().size();
      return taken;
    } catch (IOException | PolicyException | LinuxException e) {
      throw unusable(e);
    }
  }

  private QuarantinedFile describe(
      VaultFolder folder,
      int descriptor,
      @Nullable Sha256 sha256,
      FileStatus status,
      QuarantineCause cause)
      throws QuarantineException, IOException, PolicyException {
    settle(descriptor);
    int loaded = status.load(descriptor);
    if (loaded < 0 || !status.isRegular()) {
      throw new QuarantineException(
          "not a regular file, or it does not say what it is", "name a file");
    }
    byte[] name = Descriptors.readLinkBytes(descriptor);
    if (status.linkCount() == 0 || name.length < 2 || name[0] != '/') {
      throw new QuarantineException(
          "the file has no name any more: it ends with the last process that uses it",
          "see who has it open: lsof +L1");
    }
    if (holds(descriptor)) {
      throw new QuarantineException(
          "the file is in quarantine: path=" + new String(name, StandardCharsets.UTF_8),
          "redoubt quarantine list");
    }
    return new QuarantinedFile(
        folder.nextId(),
        QuarantinedFile.State.TAKING,
        false,
        Octets.of(name),
        sha256,
        status.allocatedBytes(),
        status.inode(),
        status.birthNanos(),
        status.linkCount() - 1,
        FileProperties.of(descriptor, status),
        newAside(),
        QuarantinedFile.NOWHERE,
        QuarantinedFile.Arrival.NONE,
        cause);
  }

  /// A file of an overlay's lower layer gets another birth time, and may get another number, with
  /// the first change. Here that is one that changes nothing.
  private static void settle(int descriptor) {
    try (FileStatus status = new FileStatus()) {
      if (FileSystemType.magic(descriptor) == FileSystemType.OVERLAYFS
          && status.load(descriptor) >= 0
          && status.isRegular()) {
        FileMetadata.setMode(descriptor, status.mode() & FileProperties.PERMISSIONS);
      }
    } catch (LinuxException _) {
      // A layer that cannot be written: what follows says so.
    }
  }

  private String newAside() {
    byte[] bits = new byte[ASIDE_BYTES];
    random.nextBytes(bits);
    return ".redoubt-" + HexFormat.of().formatHex(bits);
  }

  /// Gives a file back, as it was.
  ///
  /// @param target where to, absolute; null for where it was
  /// @throws QuarantineException if there is none with that number, its folder is no more, or
  ///   something else has its name; then it stays in the vault
  public synchronized QuarantinedFile restore(long id, @Nullable Octets target)
      throws QuarantineException {
    try (VaultFolder folder = open()) {
      QuarantinedFile file = settle(folder, find(folder, id));
      if (file == null) {
        throw new QuarantineException(
            "the file is not in the vault: id=" + id,
            "it is at its place; redoubt quarantine list");
      }
      new Release(folder, steps).restore(file, target == null ? file.path() : target);
      held = folder.files().size();
      return file;
    } catch (IOException | LinuxException e) {
      throw unusable(e);
    }
  }

  /// Ends a file for good.
  ///
  /// @throws QuarantineException if there is none with that number
  public synchronized QuarantinedFile delete(long id) throws QuarantineException {
    try (VaultFolder folder = open()) {
      QuarantinedFile found = find(folder, id);
      QuarantinedFile file = settle(folder, found);
      if (file != null) {
        new Release(folder, steps).delete(file);
      }
      held = folder.files().size();
      return found;
    } catch (IOException | LinuxException e) {
      throw unusable(e);
    }
  }

  /// Finishes or undoes what was interrupted, if there is a vault.
  ///
  /// @throws QuarantineException if the vault cannot be used
  public synchronized void recover() throws QuarantineException {
    if (!Files.isDirectory(path)) {
      return;
    }
    try (VaultFolder folder = open()) {
      held = folder.files().size();
    } catch (IOException | LinuxException e) {
      throw unusable(e);
    }
  }

  /// Opens the vault, with nothing in it on its way that can be finished now.
  private VaultFolder open() throws IOException {
    VaultFolder folder = VaultFolder.open(path, mostBytes);
    try {
      folder.files().forEach(file -> recover(folder, file));
      return folder;
    } catch (RuntimeException e) {
      folder.close();
      throw e;
    }
  }

  private void recover(VaultFolder folder, QuarantinedFile file) {
    if (mayAnswerNever(file)) {
      return;
    }
    try {
      switch (file.state()) {
        case TAKING -> new Intake(folder, steps).finishTaking(file);
        case RESTORING -> new Release(folder, steps).finishRestoring(file);
        case DELETING -> new Release(folder, steps).finishDeleting(file);
        case STRANDED -> {
          new Release(folder, steps).finishStranded(file);
          return;
        }
        case HELD -> {
          return;
        }
      }
      recovered.incrementAndGet();
    } catch (IOException | LinuxException _) {
      // Its record says so, it is tried again, and its owner can decide.
    }
  }

  /// Whether what is left to do for a file waits for a file system that is not this host's own: the
  /// next who comes with another file must not wait with it.
  private static boolean mayAnswerNever(QuarantinedFile file) {
    return switch (file.state()) {
      case TAKING -> !LocalFileSystems.hold(file.pathText());
      case RESTORING -> !LocalFileSystems.hold(QuarantinedFile.text(file.target()));
      case HELD, STRANDED, DELETING -> false;
    };
  }

  private static QuarantinedFile find(VaultFolder folder, long id) throws QuarantineException {
    return folder.files().stream()
        .filter(each -> each.id() == id)
        .findFirst()
        .orElseThrow(() ->
            new QuarantineException(
                "no such file in quarantine: id=" + id, "redoubt quarantine list"));
  }

  /// What the owner has decided on goes on from what the vault has, though what was begun with it
  /// cannot be finished: its old place may never be reached again.
  ///
  /// @return null if the vault has nothing of it
  private @Nullable QuarantinedFile settle(VaultFolder folder, QuarantinedFile file)
      throws IOException {
    return switch (file.state()) {
      case TAKING -> new Intake(folder, steps).settle(file);
      case RESTORING, DELETING -> new Release(folder, steps).settle(file);
      case HELD, STRANDED -> file;
    };
  }

  private QuarantineException unusable(Exception e) {
    String fix =
        e instanceof LinuxException linux && linux.errno() == Errno.ENOSPC
            ? "make room on the file system of " + path
            : "run as root, and see whether the folder can be written";
    return new QuarantineException(
        "the quarantine cannot be used: folder=" + path + " error=" + e.getMessage(), fix, e);
  }
}
