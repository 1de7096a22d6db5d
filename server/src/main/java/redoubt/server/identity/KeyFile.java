package redoubt.server.identity;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Base64;
import java.util.Objects;
import java.util.Set;
import redoubt.core.disk.DiskSteps;

/// Keys and certificates in files, as PEM (RFC 7468). Stateless.
final class KeyFile {
  private static final int LINE_CHARS = 64;
  private static final long MOST_BYTES = 64 * 1024;

  private KeyFile() {}

  /// Writes a file that its owner alone may read, whole or not at all, and on disk when this
  /// returns.
  ///
  /// @param label such as `PRIVATE KEY`
  static void write(Path file, String label, byte[] der) throws IOException {
    Path fresh = file.resolveSibling(file.getFileName() + ".new");
    Files.deleteIfExists(fresh);
    try (FileChannel channel =
        FileChannel.open(
            fresh,
            Set.of(StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE),
            PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")))) {
      ByteBuffer text = ByteBuffer.wrap(text(label, der).getBytes(StandardCharsets.US_ASCII));
      while (text.hasRemaining()) {
        channel.write(text);
      }
      channel.force(true);
    }
    DiskSteps disk = new DiskSteps.Real();
    disk.rename(fresh, file);
    disk.syncDirectory(Objects.requireNonNull(file.toAbsolutePath().getParent()));
  }

  /// The bytes in a file with that label.
  ///
  /// @throws IOException if there are none
  static byte[] read(Path file, String label) throws IOException {
    if (Files.size(file) > MOST_BYTES) {
      throw new IOException("too long for a key: file=" + file);
    }
    String text = Files.readString(file, StandardCharsets.US_ASCII);
    int begin = text.indexOf(begin(label));
    int end = text.indexOf(end(label));
    if (begin < 0 || end < begin) {
      throw new IOException("holds no " + label + ": file=" + file);
    }
    try {
      return Base64.getMimeDecoder().decode(text.substring(begin + begin(label).length(), end));
    } catch (IllegalArgumentException e) {
      throw new IOException("damaged: file=" + file, e);
    }
  }

  private static String text(String label, byte[] der) {
    return begin(label)
        + '\n'
        + Base64.getMimeEncoder(LINE_CHARS, new byte[] {'\n'}).encodeToString(der)
        + '\n'
        + end(label)
        + '\n';
  }

  private static String begin(String label) {
    return "-----BEGIN " + label + "-----";
  }

  private static String end(String label) {
    return "-----END " + label + "-----";
  }
}
