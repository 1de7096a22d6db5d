package redoubt.core.tuf;

import java.time.Instant;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/// The root of a repository: who signs for its top-level roles.
///
/// @param version its version
/// @param expires its end
/// @param consistentSnapshot whether names of metadata begin with versions, those of targets with
///   digests
/// @param roles the keys of `root`, `timestamp`, `snapshot` and `targets`
public record Root(
    long version, Instant expires, boolean consistentSnapshot, Map<String, RoleKeys> roles)
    implements Signed {
  /// What metadata calls this kind, and the role.
  public static final String TYPE = "root";

  private static final List<String> TOP_LEVEL =
      List.of(TYPE, Timestamp.TYPE, Snapshot.TYPE, Targets.TYPE);

  /// Insists on the four roles.
  public Root {
    roles = Map.copyOf(roles);
    if (!roles.keySet().containsAll(TOP_LEVEL)) {
      throw new IllegalArgumentException("roles missing: found=" + roles.keySet());
    }
  }

  @Override
  public String type() {
    return TYPE;
  }

  /// The keys of a top-level role.
  public RoleKeys keys(String role) {
    return Objects.requireNonNull(roles.get(role), role);
  }

  static Root parse(Json.Members signed) throws TufException {
    Map<String, VerifyingKey> known = knownKeys(signed.members("keys"));
    Json.Members forms = signed.members("roles");
    Map<String, RoleKeys> roles = new LinkedHashMap<>();
    for (String role : TOP_LEVEL) {
      roles.put(role, RoleKeys.parse(forms.members(role), known));
    }
    return new Root(
        Signed.version(signed),
        Signed.expires(signed),
        signed.find("consistent_snapshot").isPresent() && signed.flag("consistent_snapshot"),
        roles);
  }

  /// Reads the keys that we know out of a `keys` member.
  static Map<String, VerifyingKey> knownKeys(Json.Members keys) throws TufException {
    Map<String, VerifyingKey> known = new HashMap<>();
    for (String keyId : keys.values().keySet()) {
      VerifyingKey.parse(keys.members(keyId)).ifPresent(key -> known.put(keyId, key));
    }
    return known;
  }
}
