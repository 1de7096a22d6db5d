package redoubt.server.identity;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Objects;
import java.util.Set;
import redoubt.core.disk.DiskSteps;

/// Files that nobody but the server's user may read. Stateless.
public final class PrivateFiles {
  private PrivateFiles() {}

  /// Writes one, whole or not at all, and on disk when this returns.
  public static void write(Path file, byte[] content) throws IOException {
    Path fresh = file.resolveSibling(file.getFileName() + ".new");
    Files.deleteIfExists(fresh);
    try (FileChannel channel =
        FileChannel.open(
            fresh,
            Set.of(StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE),
            PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")))) {
      ByteBuffer rest = ByteBuffer.wrap(content);
      while (rest.hasRemaining()) {
        channel.write(rest);
      }
      channel.force(true);
    }
    DiskSteps disk = new DiskSteps.Real();
    disk.rename(fresh, file);
    disk.syncDirectory(Objects.requireNonNull(file.toAbsolutePath().getParent()));
  }
}
