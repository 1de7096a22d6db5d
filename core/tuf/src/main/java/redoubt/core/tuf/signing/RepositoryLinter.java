package redoubt.core.tuf.signing;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import redoubt.core.tuf.Delegation;
import redoubt.core.tuf.Delegations;
import redoubt.core.tuf.RoleKeys;
import redoubt.core.tuf.Root;
import redoubt.core.tuf.Snapshot;
import redoubt.core.tuf.Targets;
import redoubt.core.tuf.Timestamp;
import redoubt.core.tuf.TufException;
import redoubt.core.tuf.VerifyingKey;
import redoubt.core.tuf.policy.Parties;
import redoubt.core.tuf.policy.TwoPartyRule;

/// Finds what TUF allows and has hurt others, before it is published:
///
/// - a role to which two roles delegate (a diamond): which keys count then depends on the way a
///   client took, and clients have got that wrong;
/// - names of roles and targets that are spelled otherwise in addresses or leave their directory;
/// - vendors' delegations that do not keep the two-party rule, or keep it only for clients that
///   know it, or let others be asked afterwards; roles below them that do not keep it;
/// - a targets file that no client finds, since its role does not speak for its path;
/// - repositories without consistent snapshots; keys that sign both as root and online.
///
/// @param root the newest root
/// @param roles every targets role by name, the top-level one among them
public record RepositoryLinter(Root root, Map<String, Targets> roles) {

  /// Every problem, none if it may be published.
  public List<String> problems() {
    return Stream.of(rootProblems(), diamonds(), names(), vendors(), unreachable())
        .flatMap(List::stream)
        .toList();
  }

  private List<String> rootProblems() {
    List<String> problems = new ArrayList<>();
    if (!root.consistentSnapshot()) {
      problems.add("snapshots are not consistent: a client may see half a change");
    }
    Set<String> offline = fingerprints(root.keys(Root.TYPE));
    for (String online : List.of(Timestamp.TYPE, Snapshot.TYPE)) {
      if (fingerprints(root.keys(online)).stream().anyMatch(offline::contains)) {
        problems.add("a key of the root is online: role=" + online);
      }
    }
    return problems;
  }

  private List<String> diamonds() {
    Map<String, String> delegators = new HashMap<>();
    List<String> problems = new ArrayList<>();
    new TreeMap<>(roles)
        .forEach((delegator, role) ->
            role.delegations()
                .all()
                .forEach(each -> {
                  String other = delegators.put(each.name(), delegator);
                  if (other != null) {
                    problems.add(
                        "two roles delegate to one: role="
                            + each.name()
                            + " delegators="
                            + other
                            + ","
                            + delegator);
                  }
                }));
    return problems;
  }

  private List<String> names() {
    List<String> problems = new ArrayList<>();
    delegations()
        .filter(each -> !each.name().matches("[A-Za-z0-9][A-Za-z0-9._-]*"))
        .forEach(each -> problems.add("a role's name is not plain: role=" + each.name()));
    roles.values().stream()
        .flatMap(role -> role.targets().keySet().stream())
        .filter(path ->
            !path.matches("[A-Za-z0-9._+~-]+(/[A-Za-z0-9._+~-]+)*")
                || path.matches("(.*/)?\\.\\.?(/.*)?"))
        .forEach(path -> problems.add("a target's path is not plain: target=" + path));
    return problems;
  }

  private List<String> vendors() {
    List<String> problems = new ArrayList<>();
    for (Delegation vendor : delegations().filter(RepositoryLinter::isVendor).toList()) {
      if (!vendor.terminating() && vendor.form().find("name").isPresent()) {
        problems.add("others are asked after a vendor: role=" + vendor.name());
      }
      requireTwoParties(vendor, problems);
      Targets role = roles.get(vendor.name());
      if (role != null) {
        role.delegations().all().stream()
            .filter(below -> !isVendor(below))
            .forEach(
                below -> problems.add("below a vendor, and of one party: role=" + below.name()));
      }
    }
    return problems;
  }

  private static void requireTwoParties(Delegation vendor, List<String> problems) {
    try {
      Parties parties = TwoPartyRule.requireForm(vendor);
      int most = Math.max(parties.vendor().size(), parties.trialRunner().size());
      if (vendor.keys().threshold() <= most) {
        problems.add(
            "other clients would take one party's word: role="
                + vendor.name()
                + " threshold="
                + vendor.keys().threshold()
                + " keysOfOneParty="
                + most);
      }
    } catch (TufException e) {
      problems.add(e.getMessage());
    }
  }

  private List<String> unreachable() {
    List<String> problems = new ArrayList<>();
    roles.forEach((delegator, role) -> {
      if (role.delegations() instanceof Delegations.Named(List<Delegation> all)) {
        for (Delegation each : all) {
          Targets delegate = roles.get(each.name());
          if (delegate != null) {
            delegate.targets().keySet().stream()
                .filter(path -> !each.paths().match(path))
                .forEach(path ->
                    problems.add("nobody finds it there: role=" + each.name() + " target=" + path));
          }
        }
      }
    });
    return problems;
  }

  private Stream<Delegation> delegations() {
    return roles.values().stream().flatMap(role -> role.delegations().all().stream());
  }

  private static boolean isVendor(Delegation delegation) {
    return delegation.form().find(Parties.MEMBER).isPresent();
  }

  private static Set<String> fingerprints(RoleKeys keys) {
    return keys.keys().values().stream().map(VerifyingKey::fingerprint).collect(Collectors.toSet());
  }
}
