package redoubt.core.tuf.policy;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import redoubt.core.tuf.Json;
import redoubt.core.tuf.TufException;

/// Which of a delegation's keys are the vendor's, and which a trial runner's.
///
/// It stands in the delegation as a member that other TUF clients read past, as the specification
/// tells them to (its section 4.1):
///
/// ```
/// "x-redoubt-parties": {"trial-runner": [KEYID, ...], "vendor": [KEYID, ...]}
/// ```
///
/// @param vendor key ids of the vendor
/// @param trialRunner key ids of trial runners
public record Parties(Set<String> vendor, Set<String> trialRunner) {
  /// The member's name.
  public static final String MEMBER = "x-redoubt-parties";

  private static final String VENDOR = "vendor";
  private static final String TRIAL_RUNNER = "trial-runner";

  /// Copies.
  public Parties {
    vendor = Set.copyOf(vendor);
    trialRunner = Set.copyOf(trialRunner);
  }

  /// Reads them out of a delegation.
  ///
  /// @throws TufException if it does not say
  public static Parties parse(Json.Members delegation) throws TufException {
    Json.Members form = delegation.members(MEMBER);
    return new Parties(new TreeSet<>(form.texts(VENDOR)), new TreeSet<>(form.texts(TRIAL_RUNNER)));
  }

  /// The member's form.
  public Json.Members form() {
    Map<String, Json> form = new LinkedHashMap<>();
    form.put(TRIAL_RUNNER, texts(trialRunner));
    form.put(VENDOR, texts(vendor));
    return new Json.Members(form);
  }

  private static Json texts(Set<String> keyIds) {
    List<Json> sorted = new TreeSet<>(keyIds).stream().<Json>map(Json.Text::new).toList();
    return new Json.Items(sorted);
  }
}
