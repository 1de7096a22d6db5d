package redoubt.server.store;

import java.time.Duration;
import java.util.Optional;
import java.util.regex.Pattern;
import redoubt.core.model.HostId;
import redoubt.fleet.rollout.DeviceClass;

/// What a token is for. Immutable.
///
/// @param site where the host stands: up to 64 letters, digits, `.`, `_` and `-`; may be empty
/// @param deviceClass how it behaves
/// @param host the host that is taken in anew; nothing for a new one
/// @param life how long the token may be used, from a minute to 30 days
public record TokenTerms(
    String site, DeviceClass deviceClass, Optional<HostId> host, Duration life) {
  private static final Pattern SITE = Pattern.compile("[A-Za-z0-9._-]{0,64}");
  private static final Duration SHORTEST = Duration.ofMinutes(1);
  private static final Duration LONGEST = Duration.ofDays(30);

  /// @throws IllegalArgumentException if a part is out of its range
  public TokenTerms {
    if (!SITE.matcher(site).matches()) {
      throw new IllegalArgumentException(
          "a site has up to 64 letters, digits, '.', '_' and '-': site=" + site);
    }
    if (life.compareTo(SHORTEST) < 0 || life.compareTo(LONGEST) > 0) {
      throw new IllegalArgumentException(
          "a token lives from a minute to 30 days: seconds=" + life.toSeconds());
    }
  }
}
