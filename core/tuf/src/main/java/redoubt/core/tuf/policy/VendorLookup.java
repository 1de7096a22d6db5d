package redoubt.core.tuf.policy;

import redoubt.core.tuf.client.Lookup;
import redoubt.core.tuf.policy.TrustedRepositories.Speaker;

/// What came of the search for a vendor's target among all trusted repositories.
public sealed interface VendorLookup {
  /// Vouched for by the vendor and a trial runner: it may be fetched, and activated.
  ///
  /// @param speaker the repository and the vendor
  /// @param target what was found
  record Trusted(Speaker speaker, Lookup.Found target) implements VendorLookup {}

  /// The owner trusts no repository for this path; none was asked.
  record NobodySpeaks() implements VendorLookup {}

  /// The repository that may speak for it does not vouch for it now: absent, expired or refused. An
  /// [Lookup.Expired] is no sign of forgery.
  ///
  /// @param speaker the repository and the vendor
  record NotTrusted(Speaker speaker, Lookup.Failed why) implements VendorLookup {}
}
