package redoubt.agent.kernel;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Arrays;

/// Finds the signature at the end of a module's file: the signature itself, the 12 bytes of the
/// kernel's `struct module_signature`, and a text that never changes (`linux/module_signature.h`).
final class ModuleFileEnd {
  private static final byte[] MARK =
      "~Module signature appended~\n".getBytes(StandardCharsets.US_ASCII);

  /// `struct module_signature`.
  static final int STRUCT_BYTES = 12;

  private static final int ID_TYPE = 2;
  private static final int SIGNATURE_LENGTH = 8;

  /// As much of the end as has to be read.
  static final int END_BYTES = STRUCT_BYTES + MARK.length;

  private ModuleFileEnd() {}

  /// Looks at the end of a file, at no more than 40 bytes.
  static ModuleSignature read(Path file) {
    String name = file.toString();
    String ending = name.substring(name.lastIndexOf('.') + 1);
    if (!ending.equals("ko")) {
      return new ModuleSignature.Compressed(ending);
    }
    try (RandomAccessFile open = new RandomAccessFile(file.toFile(), "r")) {
      long length = open.length();
      byte[] end = new byte[(int) Math.min(length, END_BYTES)];
      open.seek(length - end.length);
      open.readFully(end);
      return parse(end, length);
    } catch (IOException _) {
      return new ModuleSignature.Unknown();
    }
  }

  /// @param end the last bytes of the file, at most 40
  /// @param fileBytes how long the file is
  static ModuleSignature parse(byte[] end, long fileBytes) {
    int mark = end.length - MARK.length;
    if (mark < 0 || !Arrays.equals(end, mark, end.length, MARK, 0, MARK.length)) {
      return new ModuleSignature.Unsigned();
    }
    int struct = mark - STRUCT_BYTES;
    if (struct < 0) {
      return new ModuleSignature.Broken();
    }
    long length = 0;
    for (int i = 0; i < Integer.BYTES; i++) {
      length = (length << 8) | (end[struct + SIGNATURE_LENGTH + i] & 0xff);
    }
    return length == 0 || length > fileBytes - END_BYTES
        ? new ModuleSignature.Broken()
        : new ModuleSignature.Signed(kindOf(end[struct + ID_TYPE] & 0xff), (int) length);
  }

  /// `enum pkey_id_type`.
  private static String kindOf(int idType) {
    return switch (idType) {
      case 0 -> "PGP";
      case 1 -> "X.509";
      case 2 -> "PKCS#7";
      default -> "type " + idType;
    };
  }
}
