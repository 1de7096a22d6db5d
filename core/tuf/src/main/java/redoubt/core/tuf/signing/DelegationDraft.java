package redoubt.core.tuf.signing;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import redoubt.core.tuf.Json;
import redoubt.core.tuf.PathRule;
import redoubt.core.tuf.VerifyingKey;
import redoubt.core.tuf.policy.Parties;

/// A delegation that is to be made.
///
/// @param name the role; letters, digits, `.`, `_` and `-`, so that its file has the same name on
///   every kind of mirror
/// @param role who is to sign
/// @param terminating whether nobody else is asked afterwards
/// @param paths for which it is to speak
/// @param parties whose the keys are, for a vendor's role
public record DelegationDraft(
    String name, RoleDraft role, boolean terminating, PathRule paths, Optional<Parties> parties) {

  /// A vendor's role that keeps the two-party rule also for clients that do not know it: the
  /// threshold is more than either party has keys.
  ///
  /// @param vendor the vendor's keys
  /// @param trialRunners the trial runners' keys
  /// @param pathPrefix of the vendor's targets, which lie in that directory
  public static DelegationDraft ofVendor(
      String name, List<VerifyingKey> vendor, List<VerifyingKey> trialRunners, String pathPrefix) {
    int threshold = Math.max(vendor.size(), trialRunners.size()) + 1;
    return new DelegationDraft(
        name,
        new RoleDraft(Stream.concat(vendor.stream(), trialRunners.stream()).toList(), threshold),
        true,
        new PathRule.Patterns(List.of(pathPrefix + "*", pathPrefix + "*/*")),
        Optional.of(new Parties(keyIds(vendor), keyIds(trialRunners))));
  }

  Json.Members form() {
    Map<String, Json> form = new LinkedHashMap<>(role.form());
    form.put("name", new Json.Text(name));
    form.put("terminating", new Json.Flag(terminating));
    switch (paths) {
      case PathRule.Patterns(List<String> patterns) -> form.put("paths", texts(patterns));
      case PathRule.DigestPrefixes(List<String> prefixes) ->
          form.put("path_hash_prefixes", texts(prefixes));
      case PathRule.Everything _ ->
          throw new IllegalArgumentException("bins are drafted as bins: name=" + name);
    }
    parties.ifPresent(known -> form.put(Parties.MEMBER, known.form()));
    return new Json.Members(form);
  }

  private static Json texts(List<String> texts) {
    return new Json.Items(texts.stream().<Json>map(Json.Text::new).toList());
  }

  private static Set<String> keyIds(List<VerifyingKey> keys) {
    return new TreeSet<>(keys.stream().map(VerifyingKey::keyId).toList());
  }
}
