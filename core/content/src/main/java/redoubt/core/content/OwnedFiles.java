package redoubt.core.content;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.WritableByteChannel;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Optional;
import java.util.Set;
import redoubt.core.disk.Ownership;

/// Files that only their owner can have written: reading insists on it, writing brings it about and
/// survives a power cut. Stateless.
final class OwnedFiles {
  static final FileAttribute<Set<PosixFilePermission>> SECRET = permissions("rw-------");
  static final FileAttribute<Set<PosixFilePermission>> READABLE = permissions("rw-r--r--");
  static final FileAttribute<Set<PosixFilePermission>> DIRECTORY = permissions("rwxr-xr-x");

  private OwnedFiles() {}

  /// Reads a small file that others can read but not write.
  static byte[] read(Path file, int maxBytes) throws IOException, ContentException {
    require(file, Ownership.WRITE_BY_OTHERS);
    return readBounded(file, maxBytes);
  }

  /// Reads a small file that others can neither read nor write.
  static byte[] readSecret(Path file, int maxBytes) throws IOException, ContentException {
    require(file, Ownership.ANYTHING_BY_OTHERS);
    return readBounded(file, maxBytes);
  }

  /// Insists that `file` is a regular file, no link, of root's or of this process's user, which
  /// others cannot write.
  static void require(Path file) throws IOException, ContentException {
    require(file, Ownership.WRITE_BY_OTHERS);
  }

  /// Puts a new file in place in one step, on disk when this returns.
  static void write(Path file, byte[] content, FileAttribute<?> permissions) throws IOException {
    Path fresh = file.resolveSibling("." + file.getFileName() + ".new");
    Files.deleteIfExists(fresh);
    try (FileChannel channel = create(fresh, permissions)) {
      writeFully(channel, ByteBuffer.wrap(content));
      channel.force(true);
    }
    Files.move(fresh, file, StandardCopyOption.ATOMIC_MOVE);
    syncDirectory(file.resolveSibling("."));
  }

  static FileChannel create(Path file, FileAttribute<?> permissions) throws IOException {
    return FileChannel.open(
        file, Set.of(StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE), permissions);
  }

  static FileChannel openRead(Path file) throws IOException {
    return FileChannel.open(file, Set.of(StandardOpenOption.READ, LinkOption.NOFOLLOW_LINKS));
  }

  static void writeFully(WritableByteChannel channel, ByteBuffer bytes) throws IOException {
    while (bytes.hasRemaining()) {
      channel.write(bytes);
    }
  }

  /// Makes creations and renames in a directory survive a power cut.
  static void syncDirectory(Path directory) throws IOException {
    try (FileChannel channel = FileChannel.open(directory, StandardOpenOption.READ)) {
      channel.force(true);
    }
  }

  private static void require(Path file, int forbidden) throws IOException, ContentException {
    Optional<String> weakness = Ownership.weaknessOfFile(file, forbidden);
    if (weakness.isPresent()) {
      throw new ContentException(weakness.get());
    }
  }

  private static byte[] readBounded(Path file, int maxBytes) throws IOException, ContentException {
    try (FileChannel channel = openRead(file)) {
      ByteBuffer content = ByteBuffer.allocate(maxBytes + 1);
      while (content.hasRemaining() && channel.read(content) >= 0) {
        // a read may return less than was asked for
      }
      if (!content.hasRemaining()) {
        throw new ContentException("too long: file=" + file + " limit=" + maxBytes);
      }
      byte[] bytes = new byte[content.flip().remaining()];
      content.get(bytes);
      return bytes;
    }
  }

  private static FileAttribute<Set<PosixFilePermission>> permissions(String text) {
    return PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString(text));
  }
}
