package redoubt.agent.journal;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.OpenOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.GroupPrincipal;
import java.nio.file.attribute.PosixFileAttributeView;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.nio.file.attribute.UserPrincipalNotFoundException;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// The files of the journal as their writer sees them: appends whole batches of lines, sets the
/// current file aside when it is large enough, deletes the oldest.
///
/// After every method the current file ends at a line's end, also after a failed write: what was
/// written of a failed batch is cut off again. Files are readable by the group `redoubt` where it
/// exists. Not thread-safe; every method may block on the disk.
final class JournalFile implements AutoCloseable {
  private static final Set<PosixFilePermission> FILE_MODE =
      PosixFilePermissions.fromString("rw-r-----");
  private static final Set<PosixFilePermission> DIRECTORY_MODE =
      PosixFilePermissions.fromString("rwxr-x---");
  private static final String READERS = "redoubt";
  private static final Set<OpenOption> OPEN =
      Set.of(
          StandardOpenOption.READ,
          StandardOpenOption.WRITE,
          StandardOpenOption.CREATE,
          LinkOption.NOFOLLOW_LINKS);
  private static final int TAIL_BLOCK_BYTES = 4096;

  private final Path directory;
  private final JournalLimits limits;
  private final InstantSource clock;
  private final Opener opener;
  private final @Nullable GroupPrincipal readers;

  private @Nullable FileChannel channel;
  private long lengthBytes;
  private long tornBytes;
  private boolean unsynced;

  /// Opens a file for reading and writing, and creates it if it is not there.
  @FunctionalInterface
  interface Opener {
    FileChannel open(Path path) throws IOException;
  }

  private JournalFile(Path directory, JournalLimits limits, InstantSource clock, Opener opener)
      throws IOException {
    this.directory = directory;
    this.limits = limits;
    this.clock = clock;
    this.opener = opener;
    this.readers = findReaders(directory);
  }

  /// Opens the journal in the directory, which is created if it is not there.
  ///
  /// @throws IOException if the directory or its current file cannot be used
  static JournalFile open(Path directory, JournalLimits limits, InstantSource clock)
      throws IOException {
    return open(directory, limits, clock, JournalFile::openFile);
  }

  static JournalFile open(Path directory, JournalLimits limits, InstantSource clock, Opener opener)
      throws IOException {
    Files.createDirectories(directory, PosixFilePermissions.asFileAttribute(DIRECTORY_MODE));
    JournalFile file = new JournalFile(directory, limits, clock, opener);
    file.grant(directory, DIRECTORY_MODE);
    file.openCurrent();
    return file;
  }

  /// The path of the file that is being written.
  Path path() {
    return directory.resolve(JournalFiles.CURRENT);
  }

  /// How many bytes of unfinished last lines have been cut off.
  long tornBytes() {
    return tornBytes;
  }

  /// Whether something was written that [#sync] has not forced to the disk.
  boolean isUnsynced() {
    return unsynced;
  }

  /// The last whole line, without its line feed, or nothing if the journal has none.
  ///
  /// @throws IOException if it cannot be read
  Optional<byte[]> lastLine() throws IOException {
    if (channel == null) {
      openCurrent();
    }
    return JournalChain.newestLine(directory);
  }

  /// Appends lines, all or none.
  ///
  /// @throws IOException if they could not be written, such as for a full disk; a later call may
  ///   succeed
  void append(ByteBuffer lines) throws IOException {
    FileChannel target = channel == null ? openCurrent() : channel;
    try {
      long position = lengthBytes;
      while (lines.hasRemaining()) {
        position += target.write(lines, position);
      }
      lengthBytes = position;
      unsynced = true;
    } catch (IOException e) {
      abandon(target);
      throw e;
    }
  }

  /// Sets the current file aside if it has reached its size, and deletes the oldest files.
  ///
  /// @throws IOException if a step failed; writing goes on in the same file, and a later call tries
  ///   again
  void rotateIfLarge() throws IOException {
    if (lengthBytes < limits.fileBytes() || channel == null) {
      return;
    }
    sync();
    List<JournalFiles.Aside> aside = JournalFiles.listAside(directory);
    Path target = JournalFiles.nextAside(directory, aside, clock.instant());
    Files.move(path(), target, StandardCopyOption.ATOMIC_MOVE);
    closeChannel();
    openCurrent();
    syncDirectory();
    deleteOldest();
  }

  /// Forces what was written to the disk.
  void sync() throws IOException {
    if (channel != null && unsynced) {
      unsynced = false;
      channel.force(false);
    }
  }

  @Override
  public void close() throws IOException {
    try {
      sync();
    } finally {
      closeChannel();
    }
  }

  private FileChannel openCurrent() throws IOException {
    FileChannel opened = opener.open(path());
    try {
      grant(path(), FILE_MODE);
      lengthBytes = cutTornLine(opened);
    } catch (IOException e) {
      opened.close();
      throw e;
    }
    channel = opened;
    return opened;
  }

  /// Cuts off what follows the last line feed.
  ///
  /// @return the length that is left
  private long cutTornLine(FileChannel file) throws IOException {
    long size = file.size();
    long whole = endOfLastLine(file, size);
    if (whole < size) {
      file.truncate(whole);
      tornBytes += size - whole;
    }
    return whole;
  }

  private static long endOfLastLine(FileChannel file, long size) throws IOException {
    ByteBuffer block = ByteBuffer.allocate(TAIL_BLOCK_BYTES);
    long end = size;
    while (end > 0) {
      long start = Math.max(0, end - TAIL_BLOCK_BYTES);
      block.clear().limit((int) (end - start));
      while (block.hasRemaining() && file.read(block, start + block.position()) >= 0) {}
      for (int i = block.position() - 1; i >= 0; i--) {
        if (block.get(i) == '\n') {
          return start + i + 1;
        }
      }
      end = start;
    }
    return 0;
  }

  /// Cuts the file back to its last whole batch and lets the next append open it anew.
  private void abandon(FileChannel failed) {
    try (failed) {
      failed.truncate(lengthBytes);
    } catch (IOException _) {
      // The next opening cuts off a torn line; what stays besides is whole lines counted as lost.
    }
    channel = null;
  }

  private void closeChannel() throws IOException {
    if (channel != null) {
      FileChannel closing = channel;
      channel = null;
      closing.close();
    }
  }

  private void deleteOldest() throws IOException {
    List<JournalFiles.Aside> aside = JournalFiles.listAside(directory);
    long total = 0;
    for (JournalFiles.Aside file : aside.reversed()) {
      total += Files.size(file.path());
      if (total > limits.totalBytes()) {
        Files.deleteIfExists(file.path());
      }
    }
  }

  private void syncDirectory() throws IOException {
    try (FileChannel handle = FileChannel.open(directory, StandardOpenOption.READ)) {
      handle.force(true);
    }
  }

  private static FileChannel openFile(Path path) throws IOException {
    FileAttribute<?> mode = PosixFilePermissions.asFileAttribute(FILE_MODE);
    return FileChannel.open(path, OPEN, mode);
  }

  private void grant(Path path, Set<PosixFilePermission> mode) throws IOException {
    PosixFileAttributeView view =
        Files.getFileAttributeView(path, PosixFileAttributeView.class, LinkOption.NOFOLLOW_LINKS);
    if (readers != null) {
      view.setGroup(readers);
    }
    view.setPermissions(mode);
  }

  private static @Nullable GroupPrincipal findReaders(Path directory) throws IOException {
    try {
      return directory
          .getFileSystem()
          .getUserPrincipalLookupService()
          .lookupPrincipalByGroupName(READERS);
    } catch (UserPrincipalNotFoundException _) {
      return null;
    }
  }
}
