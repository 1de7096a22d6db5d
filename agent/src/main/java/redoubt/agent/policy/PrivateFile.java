package redoubt.agent.policy;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.SeekableByteChannel;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Optional;
import java.util.Set;

/// A small file that is believed only if no other user can have written it: a regular file, and the
/// directory that holds it, both owned by root or this process's user and closed to the writes of
/// group and others.
///
/// @param path the file
/// @param maxBytes the most that is read
public record PrivateFile(Path path, int maxBytes) {
  private static final FileAttribute<Set<PosixFilePermission>> OWNER_ONLY =
      PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------"));
  private static final FileAttribute<Set<PosixFilePermission>> OWNER_WRITES =
      PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwxr-xr-x"));

  /// Creates the directory and those above it where they are missing; only the owner may write.
  public static void createDirectory(Path directory) throws IOException {
    if (!Files.isDirectory(directory)) {
      Files.createDirectories(directory, OWNER_WRITES);
    }
  }

  /// Says what went wrong; the platform's own message is often only the file's name.
  public static String reasonOf(IOException e) {
    return switch (e) {
      case AccessDeniedException _ -> "permission denied";
      case NoSuchFileException _ -> "no such file";
      default -> String.valueOf(e.getMessage());
    };
  }

  /// Opens a lock file, creating it for the owner only.
  public static FileChannel openLock(Path lock) throws IOException {
    return open(lock, StandardOpenOption.WRITE);
  }

  /// Opens a file to write behind what it has, creating it for the owner only.
  public static FileChannel openToAppend(Path file) throws IOException {
    return open(file, StandardOpenOption.APPEND);
  }

  private static FileChannel open(Path file, StandardOpenOption how) throws IOException {
    return FileChannel.open(
        file, Set.of(StandardOpenOption.CREATE, how, LinkOption.NOFOLLOW_LINKS), OWNER_ONLY);
  }

  /// Returns the whole content, or nothing if there is no such file.
  ///
  /// @throws PolicyException if it is too long, cannot be read, or another user could have written
  ///   it
  public Optional<byte[]> read() throws PolicyException {
    try {
      FileFacts facts = FileFacts.of(path);
      requireRegular(facts);
      requirePrivate(path, facts);
      Path directory = path.toAbsolutePath().getParent();
      if (directory != null) {
        requirePrivate(directory, FileFacts.of(directory.toRealPath()));
      }
      return Optional.of(readBounded());
    } catch (NoSuchFileException _) {
      return Optional.empty();
    } catch (IOException e) {
      throw new PolicyException(
          "cannot be read: file=" + path + " error=" + reasonOf(e), "run as root", e);
    }
  }

  /// Replaces the file in one step that survives a power cut: readers see the old content or the
  /// new one.
  public void write(byte[] content) throws IOException {
    Path directory = path.toAbsolutePath().getParent();
    Path fresh = Files.createTempFile(directory, "." + path.getFileName(), ".new", OWNER_ONLY);
    try {
      try (FileChannel channel = FileChannel.open(fresh, StandardOpenOption.WRITE)) {
        ByteBuffer rest = ByteBuffer.wrap(content);
        while (rest.hasRemaining()) {
          channel.write(rest);
        }
        channel.force(true);
      }
      Files.move(fresh, path, StandardCopyOption.ATOMIC_MOVE);
    } finally {
      Files.deleteIfExists(fresh);
    }
    try (FileChannel entry = FileChannel.open(directory, StandardOpenOption.READ)) {
      entry.force(true);
    }
  }

  private byte[] readBounded() throws IOException, PolicyException {
    try (SeekableByteChannel channel =
        Files.newByteChannel(path, Set.of(StandardOpenOption.READ, LinkOption.NOFOLLOW_LINKS))) {
      if (channel.size() > maxBytes) {
        throw new PolicyException(
            "too long: file=" + path + " bytes=" + channel.size() + " limit=" + maxBytes,
            "remove what is not needed from the file");
      }
      ByteBuffer content = ByteBuffer.allocate((int) channel.size());
      while (content.hasRemaining() && channel.read(content) >= 0) {
        // a read may return less than was asked for
      }
      byte[] bytes = new byte[content.flip().remaining()];
      content.get(bytes);
      return bytes;
    }
  }

  private void requireRegular(FileFacts facts) throws PolicyException {
    if (!facts.isRegular()) {
      throw new PolicyException(
          "not a regular file: file=" + path, "put a regular file there or remove it");
    }
  }

  private static void requirePrivate(Path part, FileFacts facts)
      throws PolicyException, IOException {
    if (facts.uid() != 0 && facts.uid() != FileFacts.of(Path.of("/proc/self").toRealPath()).uid()) {
      throw new PolicyException(
          "belongs to another user: file=" + part + " uid=" + facts.uid(), "chown root " + part);
    }
    if (facts.isWritableByOthers()) {
      throw new PolicyException(
          "can be written by other users: file=" + part + " mode=" + facts.permissions(),
          "chmod go-w " + part);
    }
  }
}
