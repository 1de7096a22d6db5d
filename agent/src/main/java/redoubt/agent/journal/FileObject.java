package redoubt.agent.journal;

import java.io.IOException;
import org.jspecify.annotations.Nullable;
import redoubt.core.model.FileIdentity;
import redoubt.core.model.Sha256;

/// Writes the OCSF `file` object.
final class FileObject {
  private static final long REGULAR_FILE = 1;
  private static final long UNKNOWN_TYPE = 0;
  private static final long SHA_256 = 3;
  private static final long NANOS_PER_MILLI = 1_000_000;
  private static final int DEVICE_MINOR_BITS = 32;

  private FileObject() {}

  /// Writes a file whose content was judged.
  ///
  /// @param regular whether it is known to be a regular file
  static void write(
      String path,
      FileIdentity identity,
      @Nullable Sha256 digest,
      boolean regular,
      FieldWriter fields)
      throws IOException {
    fields.object("file");
    names(path, fields);
    fields.number("type_id", regular ? REGULAR_FILE : UNKNOWN_TYPE);
    fields.text("type", regular ? "Regular File" : "Unknown");
    fields.text("uid", inode(identity));
    fields.number("size", identity.sizeBytes());
    fields.number("modified_time", millis(identity.modifyNanos()));
    if (identity.birthNanos() != 0) {
      fields.number("created_time", millis(identity.birthNanos()));
    }
    hashes(digest, fields);
    fields.end();
  }

  /// Writes a file of which only the path and perhaps the digest are known.
  static void write(String path, @Nullable Sha256 digest, FieldWriter fields) throws IOException {
    fields.object("file");
    names(path, fields);
    fields.number("type_id", UNKNOWN_TYPE);
    fields.text("type", "Unknown");
    hashes(digest, fields);
    fields.end();
  }

  private static void names(String path, FieldWriter fields) throws IOException {
    fields.text("name", path.substring(path.lastIndexOf('/') + 1));
    fields.textUnlessEmpty("path", path);
  }

  private static void hashes(@Nullable Sha256 digest, FieldWriter fields) throws IOException {
    if (digest == null) {
      return;
    }
    fields.list("hashes");
    fields.item();
    fields.text("algorithm", "SHA-256");
    fields.number("algorithm_id", SHA_256);
    fields.text("value", digest.toString());
    fields.end();
    fields.endList();
  }

  /// `major:minor:inode`, in decimal.
  private static String inode(FileIdentity identity) {
    long device = identity.device();
    return (device >>> DEVICE_MINOR_BITS)
        + ":"
        + Integer.toUnsignedString((int) device)
        + ":"
        + Long.toUnsignedString(identity.inode());
  }

  private static long millis(long nanos) {
    return Math.floorDiv(nanos, NANOS_PER_MILLI);
  }
}
