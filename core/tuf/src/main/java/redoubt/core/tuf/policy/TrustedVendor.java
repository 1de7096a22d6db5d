package redoubt.core.tuf.policy;

/// A vendor that a repository may speak for.
///
/// @param name for people
/// @param role the delegated role of the vendor, to which the repository's top-level targets role
///   delegates
/// @param pathPrefix with which the paths of all its targets begin, ending in `/`
public record TrustedVendor(String name, String role, String pathPrefix) {
  /// Insists on a prefix that is a whole directory.
  ///
  /// @throws IllegalArgumentException if something is empty or the prefix is no directory
  public TrustedVendor {
    if (name.isEmpty() || role.isEmpty()) {
      throw new IllegalArgumentException("a vendor needs a name and a role: name=" + name);
    }
    if (!pathPrefix.matches("([A-Za-z0-9._-]+/)+") || pathPrefix.matches("(.*/)?\\.\\.?/.*")) {
      throw new IllegalArgumentException("not a directory of targets: prefix=" + pathPrefix);
    }
  }

  /// Whether a target is this vendor's.
  boolean owns(String path) {
    return path.startsWith(pathPrefix);
  }
}
