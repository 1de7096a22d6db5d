package redoubt.core.disk;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.Optional;

/// Whether nobody but root and the user of this process can have changed what lies at a path.
/// Stateless.
public final class Ownership {
  /// The permissions with which others could have written it.
  public static final int WRITE_BY_OTHERS = 0022;

  /// Those with which others could have read it, too.
  public static final int ANYTHING_BY_OTHERS = 0077;

  private static final int TYPE_MASK = 0170000;
  private static final int LINK = 0120000;
  private static final int REGULAR = 0100000;
  private static final int PERMISSIONS = 07777;

  private Ownership() {}

  /// What speaks against a file or folder, in words of the form `problem: name=value`; nothing if
  /// nothing does. Looks at the path's last part alone.
  ///
  /// @param forbidden the permissions of others that it must not have
  /// @throws IOException if it is not there or cannot be looked at
  public static Optional<String> weakness(Path path, int forbidden) throws IOException {
    int mode = number(path, "unix:mode");
    int uid = number(path, "unix:uid");
    if ((mode & TYPE_MASK) == LINK) {
      return Optional.of("is a link: file=" + path);
    }
    if (uid != 0 && uid != number(Path.of("/proc/self").toRealPath(), "unix:uid")) {
      return Optional.of("belongs to another user: file=" + path + " uid=" + uid);
    }
    if ((mode & forbidden) != 0) {
      return Optional.of(
          "is open to other users: file="
              + path
              + " mode=0"
              + Integer.toOctalString(mode & PERMISSIONS));
    }
    return Optional.empty();
  }

  /// As [#weakness], for what must be a regular file.
  ///
  /// @throws IOException if it is not there or cannot be looked at
  public static Optional<String> weaknessOfFile(Path path, int forbidden) throws IOException {
    return (number(path, "unix:mode") & TYPE_MASK) == REGULAR
        ? weakness(path, forbidden)
        : Optional.of("not a regular file: file=" + path);
  }

  private static int number(Path path, String attribute) throws IOException {
    Object value = Files.getAttribute(path, attribute, LinkOption.NOFOLLOW_LINKS);
    return value instanceof Number number ? number.intValue() : -1;
  }
}
