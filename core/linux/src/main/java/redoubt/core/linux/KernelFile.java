package redoubt.core.linux;

import java.io.ByteArrayOutputStream;
import java.io.FileInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/// Reads files that the kernel makes up when they are read: those of `/proc` and `/sys`.
///
/// They have no size, and a setting below `/proc/sys` gives its whole value to the first `read(2)`
/// and nothing to the second. What asks such a file for its size and then reads a byte to see
/// whether there is one, as `Files.readString` does, gets one character. Some, those of securityfs
/// among them, have no position either: what asks for it, as `FileInputStream.readNBytes` does,
/// gets nothing. Any thread may call.
public final class KernelFile {
  /// More than any file of the kernel's that is read here.
  private static final int MOST_BYTES = 16 << 20;

  /// What the first call may bring: a setting is at most a page, and most files are shorter.
  private static final int PAGE_BYTES = 4 << 10;

  /// What each further call may bring.
  private static final int READ_BYTES = 64 << 10;

  private KernelFile() {}

  /// The whole text of a file; what is no UTF-8 comes as replacement characters.
  ///
  /// @throws IOException if the kernel does not offer it, its process is gone, or it is larger than
  ///   16 MiB
  public static String read(String path) throws IOException {
    ByteArrayOutputStream content = new ByteArrayOutputStream(0);
    byte[] part = new byte[PAGE_BYTES];
    try (InputStream file = new FileInputStream(path)) {
      for (int count = file.read(part); count >= 0; count = file.read(part)) {
        if (content.size() + count > MOST_BYTES) {
          throw new IOException("kernel file too large: path=" + path + " mostBytes=" + MOST_BYTES);
        }
        content.write(part, 0, count);
        if (count == PAGE_BYTES && part.length == PAGE_BYTES) {
          part = new byte[READ_BYTES];
        }
      }
    }
    return content.toString(StandardCharsets.UTF_8);
  }

  /// The numbers that name entries of a folder: the processes of `/proc`, the threads of
  /// `/proc/PID/task`.
  ///
  /// @throws IOException if the folder cannot be read to its end: its process may be gone
  public static List<Integer> numbers(String folder) throws IOException {
    List<Integer> numbers = new ArrayList<>();
    try (DirectoryStream<Path> entries = Files.newDirectoryStream(Path.of(folder), "[0-9]*")) {
      for (Path entry : entries) {
        numbers.add(Integer.parseInt(entry.getFileName().toString()));
      }
    } catch (DirectoryIteratorException e) {
      throw e.getCause();
    }
    return List.copyOf(numbers);
  }
}
