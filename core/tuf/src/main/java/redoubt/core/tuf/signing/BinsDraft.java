package redoubt.core.tuf.signing;

import java.util.ArrayList;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import redoubt.core.tuf.Json;
import redoubt.core.tuf.policy.Parties;

/// Succinct bins that are to be delegated to: `2^bitLength` roles with the same keys.
///
/// @param prefix with which their names begin
/// @param bitLength from 1 to 32
/// @param role who is to sign for each
/// @param parties whose the keys are, below a vendor's role
public record BinsDraft(String prefix, int bitLength, RoleDraft role, Optional<Parties> parties) {

  /// The names of all bins, in order.
  public List<String> names() {
    List<String> names = new ArrayList<>();
    for (long bin = 0; bin < 1L << bitLength; bin++) {
      names.add(prefix + "-" + HexFormat.of().toHexDigits(bin, (bitLength + 3) / 4));
    }
    return names;
  }

  Json.Members form() {
    Map<String, Json> form = new LinkedHashMap<>(role.form());
    form.put("bit_length", new Json.Whole(bitLength));
    form.put("name_prefix", new Json.Text(prefix));
    parties.ifPresent(known -> form.put(Parties.MEMBER, known.form()));
    return new Json.Members(form);
  }
}
