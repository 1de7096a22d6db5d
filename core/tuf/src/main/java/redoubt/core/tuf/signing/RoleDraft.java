package redoubt.core.tuf.signing;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import redoubt.core.tuf.Json;
import redoubt.core.tuf.RoleKeys;
import redoubt.core.tuf.VerifyingKey;

/// Who is to sign for a role.
///
/// @param keys the keys
/// @param threshold how many of them must
public record RoleDraft(List<VerifyingKey> keys, int threshold) {
  /// Insists that the threshold can be reached.
  ///
  /// @throws IllegalArgumentException if not
  public RoleDraft {
    keys = List.copyOf(keys);
    if (threshold < 1
        || threshold > keys.stream().map(VerifyingKey::fingerprint).distinct().count()) {
      throw new IllegalArgumentException(
          "a threshold that nobody can reach: threshold=" + threshold + " keys=" + keys.size());
    }
  }

  /// The same as a client reads it.
  public RoleKeys roleKeys() {
    Map<String, VerifyingKey> known = new LinkedHashMap<>();
    keys.forEach(key -> known.put(key.keyId(), key));
    return new RoleKeys(List.copyOf(known.keySet()), known, threshold);
  }

  /// The members `keyids` and `threshold`.
  Map<String, Json> form() {
    Map<String, Json> form = new LinkedHashMap<>();
    form.put(
        "keyids",
        new Json.Items(keys.stream().<Json>map(key -> new Json.Text(key.keyId())).toList()));
    form.put("threshold", new Json.Whole(threshold));
    return form;
  }

  /// Adds the keys to a `keys` member.
  void addKeys(Map<String, Json> known) {
    keys.forEach(key -> known.put(key.keyId(), key.form()));
  }
}
