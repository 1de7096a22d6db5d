package redoubt.core.linux;

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
/// whether there is one, as `Files.readString` does, gets one character. Any thread may call.
public final class KernelFile {
  /// More than any file of the kernel's that is read here; a setting is at most a page.
  private static final int MOST_BYTES = 16 << 20;

  private KernelFile() {}

  /// The whole text of a file; what is no UTF-8 comes as replacement characters.
  ///
  /// @throws IOException if the kernel does not offer it, its process is gone, or it is larger than
  ///   16 MiB
  public static String read(String path) throws IOException {
    try (InputStream file = new FileInputStream(path)) {
      byte[] content = file.readNBytes(MOST_BYTES + 1);
      if (content.length > MOST_BYTES) {
        throw new IOException("kernel file too large: path=" + path + " mostBytes=" + MOST_BYTES);
      }
      return new String(content, StandardCharsets.UTF_8);
    }
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
