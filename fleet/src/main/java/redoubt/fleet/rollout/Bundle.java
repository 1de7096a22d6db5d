package redoubt.fleet.rollout;

/// What is rolled out. Content, engines and the agent itself obey the same rules.
///
/// @param vendor whose it is: what the kill switch names
/// @param digest what identifies it, such as a SHA-256 in hexadecimal digits
/// @param kind what it is
public record Bundle(String vendor, String digest, Kind kind) {
  /// What a bundle is.
  public enum Kind {
    CONTENT,
    ENGINE,
    AGENT
  }

  public Bundle {
    if (vendor.isEmpty() || digest.isEmpty()) {
      throw new IllegalArgumentException("bundle without a name: vendor=" + vendor);
    }
  }
}
