package redoubt.core.tuf.policy;

import java.util.Set;

/// Whose trials an owner believes.
public sealed interface TrialRunners {
  /// Whether a key counts as a trial runner's.
  ///
  /// @param fingerprint SHA-256 of the key's encoding, hexadecimal
  boolean trusts(String fingerprint);

  /// Whether the owner named this key as a trial runner's, so that it can be no vendor's.
  boolean names(String fingerprint);

  /// Those that the repository's own delegations name: its root decides who runs trials.
  record AsTheRepositorySays() implements TrialRunners {
    @Override
    public boolean trusts(String fingerprint) {
      return true;
    }

    @Override
    public boolean names(String fingerprint) {
      return false;
    }
  }

  /// These keys alone, whatever the repository says: the owner's own trial runner, or others.
  ///
  /// @param fingerprints at least one
  record Named(Set<String> fingerprints) implements TrialRunners {
    /// Insists on a key.
    public Named {
      fingerprints = Set.copyOf(fingerprints);
      if (fingerprints.isEmpty()
          || !fingerprints.stream().allMatch(each -> each.matches("[0-9a-f]{64}"))) {
        throw new IllegalArgumentException("not fingerprints of keys: keys=" + fingerprints);
      }
    }

    @Override
    public boolean trusts(String fingerprint) {
      return fingerprints.contains(fingerprint);
    }

    @Override
    public boolean names(String fingerprint) {
      return fingerprints.contains(fingerprint);
    }
  }
}
