package redoubt.core.tuf;

import java.nio.charset.StandardCharsets;
import java.util.Set;

/// Names of roles, which others choose and which become parts of file names and addresses.
/// Stateless.
public final class RoleName {
  private static final Set<String> TOP_LEVEL =
      Set.of(Root.TYPE, Timestamp.TYPE, Snapshot.TYPE, Targets.TYPE);
  private static final int MOST_FILE_NAME_CHARS = 200;
  private static final String UNRESERVED =
      "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~";

  private RoleName() {}

  /// Insists on a delegated role's name: not empty, none of the top-level roles, and of at most 200
  /// characters when it is encoded.
  ///
  /// @throws TufException if it is no such name
  static String require(String name) throws TufException {
    if (name.isEmpty()
        || TOP_LEVEL.contains(name)
        || encode(name).length() > MOST_FILE_NAME_CHARS) {
      throw TufException.malformed("not a delegated role's name: name=" + name);
    }
    return name;
  }

  /// Encodes all but letters, digits and `-._~` in percent (RFC 3986), so that no name leaves its
  /// directory.
  public static String encode(String name) {
    StringBuilder encoded = new StringBuilder();
    for (byte unit : name.getBytes(StandardCharsets.UTF_8)) {
      if (UNRESERVED.indexOf(unit) >= 0) {
        encoded.append((char) unit);
      } else {
        encoded.append('%').append(String.format("%02X", unit));
      }
    }
    return encoded.toString();
  }
}
