package redoubt.core.tuf;

import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import redoubt.core.model.Octets;

/// Who may sign for a role, and how many must.
///
/// @param keyIds every key id of the role, also of keys that we do not know
/// @param keys those keys of the role that we know, by key id
/// @param threshold how many different keys must have signed, from 1
public record RoleKeys(List<String> keyIds, Map<String, VerifyingKey> keys, int threshold) {
  private static final int MOST_KEYS = 1024;

  /// Copies.
  public RoleKeys {
    keyIds = List.copyOf(keyIds);
    keys = Map.copyOf(keys);
  }

  /// Reads a role's `keyids` and `threshold`. A key id without a key counts as a key unknown.
  ///
  /// @param role the role's form
  /// @param known the keys that we know of the file in which it stands
  /// @throws TufException if it has no such form, or names a key twice (TUF 4.3)
  static RoleKeys parse(Json.Members role, Map<String, VerifyingKey> known) throws TufException {
    List<String> keyIds = role.texts("keyids");
    long threshold = role.whole("threshold", 1);
    if (keyIds.size() > MOST_KEYS || threshold > MOST_KEYS) {
      throw TufException.malformed("too many keys for one role: limit=" + MOST_KEYS);
    }
    Map<String, VerifyingKey> keys = new LinkedHashMap<>();
    for (String keyId : keyIds) {
      VerifyingKey key = known.get(keyId);
      if (key != null) {
        keys.put(keyId, key);
      }
    }
    return new RoleKeys(keyIds, keys, (int) threshold);
  }

  /// Insists on signatures of at least `threshold` different keys. Key ids that stand for the same
  /// key count once.
  ///
  /// @param step of the specification, for the error
  /// @return the key ids whose signatures are right, one for each key
  /// @throws TufException if there are too few
  public Set<String> require(Metadata<?> metadata, String step) throws TufException {
    return require(metadata.signedBytes(), metadata.signatures(), step);
  }

  /// The same over bytes that nobody has parsed yet.
  Set<String> require(Octets signedBytes, Map<String, Octets> signatures, String step)
      throws TufException {
    Set<String> signers = signers(signedBytes, signatures);
    if (signers.size() < threshold) {
      throw new TufException(
          TufException.Reason.UNSIGNED,
          step,
          "too few valid signatures: valid=" + signers.size() + " threshold=" + threshold);
    }
    return signers;
  }

  /// Returns the key ids whose signatures are right, one for each key.
  public Set<String> signers(Metadata<?> metadata) {
    return signers(metadata.signedBytes(), metadata.signatures());
  }

  private Set<String> signers(Octets signedBytes, Map<String, Octets> signatures) {
    Set<String> signers = new LinkedHashSet<>();
    Set<String> fingerprints = new HashSet<>();
    byte[] message = signedBytes.toArray();
    for (String keyId : keyIds) {
      VerifyingKey key = keys.get(keyId);
      Octets signature = signatures.get(keyId);
      if (key != null
          && signature != null
          && !fingerprints.contains(key.fingerprint())
          && key.verifies(message, signature.toArray())) {
        fingerprints.add(key.fingerprint());
        signers.add(keyId);
      }
    }
    return signers;
  }
}
