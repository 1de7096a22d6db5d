package redoubt.cli;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Arrays;

/// The bytes of a file's name. On Linux a name is bytes, and not all are text: whoever hides a file
/// behind a name that is none must not be overlooked. Pure.
final class RawPath {
  private static final int HEX = 16;

  private RawPath() {}

  /// Returns the bytes by which the kernel knows an absolute path.
  static byte[] bytes(Path path) {
    String text = path.toString();
    if (text.chars().allMatch(c -> c < 0x80)) {
      return text.getBytes(StandardCharsets.US_ASCII);
    }
    // Java keeps the bytes but shows them only here, each as a percent sign and two digits.
    return decode(path.toUri().getRawPath(), text.endsWith("/"));
  }

  private static byte[] decode(String escaped, boolean withSlash) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream(escaped.length());
    for (int i = 0; i < escaped.length(); i++) {
      char c = escaped.charAt(i);
      if (c == '%') {
        bytes.write(Integer.parseInt(escaped, i + 1, i + 3, HEX));
        i += 2;
      } else {
        bytes.write(c);
      }
    }
    byte[] all = bytes.toByteArray();
    boolean slashAdded = !withSlash && all.length > 1 && all[all.length - 1] == '/';
    return slashAdded ? Arrays.copyOf(all, all.length - 1) : all;
  }
}
