package redoubt.core.tuf.policy;

import java.util.List;
import redoubt.core.model.Octets;
import redoubt.core.tuf.Digests;
import redoubt.core.tuf.Metadata;
import redoubt.core.tuf.Root;
import redoubt.core.tuf.TufException;

/// A repository that the owner trusts for some vendors.
///
/// @param name of the owner's choice: letters, digits, `-`, at most 64
/// @param root the root that the owner pinned, as a file
/// @param vendors for whom it may speak, at least one
/// @param trialRunners whose trials count
public record TrustedRepository(
    String name, Octets root, List<TrustedVendor> vendors, TrialRunners trialRunners) {
  private static final int DIRECTORY_DIGITS = 16;

  /// Copies, and insists on a name and a vendor.
  ///
  /// @throws IllegalArgumentException if one is missing
  public TrustedRepository {
    vendors = List.copyOf(vendors);
    if (!name.matches("[A-Za-z0-9-]{1,64}")) {
      throw new IllegalArgumentException("not a repository's name: name=" + name);
    }
    if (vendors.isEmpty()) {
      throw new IllegalArgumentException("a repository that may speak for nobody: name=" + name);
    }
  }

  /// Reads the pinned root and insists that it is signed as it says itself: what `trust-root show`
  /// shows before an owner pins it.
  ///
  /// @throws TufException if it is not
  public static Root requireRoot(byte[] file) throws TufException {
    Metadata<Root> root = Metadata.parse(file, Root.class);
    root.signed().keys(Root.TYPE).require(root, "5.2");
    return root.signed();
  }

  /// The directory of its metadata below that of all. Another pinned root means another directory:
  /// versions that one repository has shown do not bind another.
  String directory() {
    return name + "-" + Digests.sha256(root.toArray()).substring(0, DIRECTORY_DIGITS);
  }
}
