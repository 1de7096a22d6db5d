package redoubt.core.tuf.signing;

import java.util.ArrayList;
import java.util.Collection;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import redoubt.core.tuf.CanonicalJson;
import redoubt.core.tuf.Json;

/// Metadata files out of what was signed and the signatures. Stateless.
public final class SignedFile {
  private SignedFile() {}

  /// Signs a draft with keys that are at hand.
  public static byte[] sign(Json.Members draft, Collection<SigningKey> keys)
      throws SigningException {
    byte[] payload = CanonicalJson.write(draft);
    Map<String, byte[]> signatures = new LinkedHashMap<>();
    for (SigningKey key : keys) {
      signatures.put(key.keyId(), key.sign(payload));
    }
    return assemble(draft, signatures);
  }

  /// Puts a file together.
  ///
  /// @param draft what was signed, in its canonical form
  /// @param signatures by key id
  public static byte[] assemble(Json.Members draft, Map<String, byte[]> signatures) {
    List<Json> forms = new ArrayList<>();
    new TreeMap<>(signatures)
        .forEach((keyId, signature) ->
            forms.add(
                new Json.Members(
                    Map.of(
                        "keyid", new Json.Text(keyId),
                        "sig", new Json.Text(HexFormat.of().formatHex(signature))))));
    return CanonicalJson.writeFile(
        new Json.Members(Map.of("signatures", new Json.Items(forms), "signed", draft)));
  }
}
