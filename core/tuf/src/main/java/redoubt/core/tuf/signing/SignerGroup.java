package redoubt.core.tuf.signing;

import java.util.List;
import redoubt.core.tuf.RoleKeys;
import redoubt.core.tuf.Root;

/// Keys of which enough must sign a file. A new root has two such groups.
///
/// @param why for people, such as `root 3`
/// @param keys the keys and their threshold
public record SignerGroup(String why, RoleKeys keys) {
  /// The groups of a repository's first root.
  public static List<SignerGroup> ofFirstRoot(Root next) {
    return List.of(ofRoot(next));
  }

  /// The groups of a root that follows another: those who could sign, and those who can from then
  /// on.
  public static List<SignerGroup> ofNextRoot(Root trusted, Root next) {
    return List.of(ofRoot(trusted), ofRoot(next));
  }

  private static SignerGroup ofRoot(Root root) {
    return new SignerGroup("root " + root.version(), root.keys(Root.TYPE));
  }
}
