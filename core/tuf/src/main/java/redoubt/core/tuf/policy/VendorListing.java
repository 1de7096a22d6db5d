package redoubt.core.tuf.policy;

import java.util.Map;
import redoubt.core.tuf.TargetFile;
import redoubt.core.tuf.client.Lookup;
import redoubt.core.tuf.policy.TrustedRepositories.Speaker;

/// Which targets of a vendor there are, in what the owner trusts.
public sealed interface VendorListing {
  /// All that the vendor's role lists itself, vouched for by the vendor and a trial runner.
  ///
  /// @param speaker the repository and the vendor
  /// @param targets by path, all of them the vendor's
  record Trusted(Speaker speaker, Map<String, TargetFile> targets) implements VendorListing {
    /// Copies.
    public Trusted {
      targets = Map.copyOf(targets);
    }
  }

  /// The owner trusts no repository for this vendor; none was asked.
  record NobodySpeaks() implements VendorListing {}

  /// The repository does not vouch for the vendor's list now.
  record NotTrusted(Speaker speaker, Lookup.Failed why) implements VendorListing {}
}
