package redoubt.core.tuf.client;

import java.util.List;
import java.util.Map;
import redoubt.core.tuf.TargetFile;

/// What came of asking which targets there are.
public sealed interface Listing {
  /// What a role lists itself. Whom it delegates to is not asked.
  ///
  /// @param targets by path
  /// @param chain the roles from the top-level targets to the one that lists them
  record Listed(Map<String, TargetFile> targets, List<Lookup.SignedRole> chain) implements Listing {
    /// Copies.
    public Listed {
      targets = Map.copyOf(targets);
      chain = List.copyOf(chain);
    }
  }

  /// It cannot be told now.
  record NotListed(Lookup.Failed why) implements Listing {}
}
