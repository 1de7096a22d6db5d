package redoubt.core.tuf.policy;

import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import redoubt.core.tuf.Delegation;
import redoubt.core.tuf.TufException;
import redoubt.core.tuf.VerifyingKey;
import redoubt.core.tuf.client.Lookup.SignedRole;

/// No target counts that one party alone could have published. For every delegation from the
/// vendor's role down to the role that lists the target:
///
/// 1. the vendor's role is the one that the owner named, and the top-level targets role delegates
///    to it itself;
/// 2. the threshold is at least two;
/// 3. the delegation says which keys are the vendor's and which a trial runner's; each of its key
///    ids is in exactly one of the two lists, and neither is empty;
/// 4. no key is in both under different key ids, and none that the owner named as a trial runner's
///    is the vendor's;
/// 5. among the valid signatures is at least one of the vendor's, and at least one of a trial
///    runner that the owner trusts.
///
/// Stateless.
public final class TwoPartyRule {
  private static final int LEAST_THRESHOLD = 2;

  private TwoPartyRule() {}

  /// Insists on the rule.
  ///
  /// @param chain the roles from the top-level targets to the one that lists the target
  /// @throws TufException with the number of what it does not keep
  static void require(List<SignedRole> chain, TrustedVendor vendor, TrialRunners trialRunners)
      throws TufException {
    if (chain.size() < 2 || !chain.get(1).name().equals(vendor.role())) {
      throw broken(1, "not listed by the vendor's role: role=" + chain.getLast().name());
    }
    for (SignedRole role : chain.subList(1, chain.size())) {
      requireTwoParties(role, trialRunners);
    }
  }

  private static void requireTwoParties(SignedRole role, TrialRunners trialRunners)
      throws TufException {
    Delegation delegation = role.delegation().orElseThrow();
    Parties parties = requireForm(delegation);
    if (parties.vendor().stream()
        .map(delegation.keys().keys()::get)
        .filter(Objects::nonNull)
        .anyMatch(key -> trialRunners.names(key.fingerprint()))) {
      throw broken(4, "a trial runner's key as the vendor's: role=" + role.name());
    }
    if (role.signers().stream().noneMatch(parties.vendor()::contains)) {
      throw broken(5, "not signed by the vendor: role=" + role.name());
    }
    if (role.signers().stream()
        .filter(parties.trialRunner()::contains)
        .map(delegation.keys().keys()::get)
        .filter(Objects::nonNull)
        .noneMatch(key -> trialRunners.trusts(key.fingerprint()))) {
      throw broken(5, "not signed by a trusted trial runner: role=" + role.name());
    }
  }

  /// Insists on what can be seen of the delegation alone, without signatures: points 2 to 4.
  ///
  /// @throws TufException with the number of what it does not keep
  public static Parties requireForm(Delegation delegation) throws TufException {
    String role = " role=" + delegation.name();
    if (delegation.keys().threshold() < LEAST_THRESHOLD) {
      throw broken(2, "one signature suffices:" + role);
    }
    Parties parties = parties(delegation);
    Set<String> all = new TreeSet<>(parties.vendor());
    all.addAll(parties.trialRunner());
    if (parties.vendor().isEmpty()
        || parties.trialRunner().isEmpty()
        || all.size() != parties.vendor().size() + parties.trialRunner().size()
        || !all.equals(new TreeSet<>(delegation.keys().keyIds()))) {
      throw broken(3, "not each key belongs to one party:" + role);
    }
    Set<String> both = fingerprints(delegation, parties.vendor());
    both.retainAll(fingerprints(delegation, parties.trialRunner()));
    if (!both.isEmpty()) {
      throw broken(4, "one key for both parties:" + role);
    }
    return parties;
  }

  private static Parties parties(Delegation delegation) throws TufException {
    try {
      return Parties.parse(delegation.form());
    } catch (TufException _) {
      throw broken(3, "it is not said whose the keys are: role=" + delegation.name());
    }
  }

  private static Set<String> fingerprints(Delegation delegation, Set<String> keyIds) {
    return keyIds.stream()
        .map(delegation.keys().keys()::get)
        .filter(Objects::nonNull)
        .map(VerifyingKey::fingerprint)
        .collect(Collectors.toCollection(TreeSet::new));
  }

  private static TufException broken(int point, String problem) {
    return new TufException(TufException.Reason.POLICY, "two-party-" + point, problem);
  }
}
