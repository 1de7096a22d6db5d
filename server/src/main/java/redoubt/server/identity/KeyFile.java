package redoubt.server.identity;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Base64;

/// Keys and certificates in files. Stateless.
final class KeyFile {
  private static final long MOST_BYTES = 64 * 1024;

  private KeyFile() {}

  /// Writes a file that its owner alone may read, whole or not at all, and on disk when this
  /// returns.
  ///
  /// @param label such as `PRIVATE KEY`
  static void write(Path file, String label, byte[] der) throws IOException {
    PrivateFiles.write(file, Pem.text(label, der).getBytes(StandardCharsets.US_ASCII));
  }

  /// The bytes in a file with that label.
  ///
  /// @throws IOException if there are none
  static byte[] read(Path file, String label) throws IOException {
    if (Files.size(file) > MOST_BYTES) {
      throw new IOException("too long for a key: file=" + file);
    }
    String text = Files.readString(file, StandardCharsets.US_ASCII);
    int begin = text.indexOf(Pem.begin(label));
    int end = text.indexOf(Pem.end(label));
    if (begin < 0 || end < begin) {
      throw new IOException("holds no " + label + ": file=" + file);
    }
    try {
      return Base64.getMimeDecoder().decode(text.substring(begin + Pem.begin(label).length(), end));
    } catch (IllegalArgumentException e) {
      throw new IOException("damaged: file=" + file, e);
    }
  }
}
