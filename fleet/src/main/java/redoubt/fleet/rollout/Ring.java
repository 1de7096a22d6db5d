package redoubt.fleet.rollout;

import java.time.Duration;
import java.util.Set;

/// A group of hosts that gets a bundle together; the next ring opens when this one has done well.
///
/// @param name for people
/// @param members who is in it, unless an earlier ring has them
/// @param minimumSoak how long it is open at least before the next
/// @param minimumConfirmed how many of it have to run the bundle well before the next opens; of a
///   small ring nine tenths of those that are there. By the rule of three, `n` that are well say
///   that less than `3/n` are not (95 %)
public record Ring(String name, Members members, Duration minimumSoak, int minimumConfirmed) {
  /// Who is in a ring.
  public sealed interface Members {
    /// Those hosts.
    ///
    /// @param hosts their numbers
    record Hosts(Set<Integer> hosts) implements Members {
      public Hosts {
        hosts = Set.copyOf(hosts);
      }
    }

    /// Those with one of these labels.
    ///
    /// @param labels one bit each
    record Labelled(long labels) implements Members {}

    /// A share of all, drawn by a salted hash, so that nobody can choose to be in it and every kind
    /// and site has its part; where it is the first ring, at least one of each kind.
    ///
    /// @param share 0 to 1
    record Share(double share) implements Members {
      public Share {
        if (!(share >= 0 && share <= 1)) {
          throw new IllegalArgumentException("no share: share=" + share);
        }
      }
    }

    /// All.
    record Everyone() implements Members {}
  }
}
