package redoubt.core.tuf.client;

import java.io.IOException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import redoubt.core.tuf.Delegation;
import redoubt.core.tuf.Snapshot;
import redoubt.core.tuf.TargetFile;
import redoubt.core.tuf.Targets;
import redoubt.core.tuf.TufException;
import redoubt.core.tuf.client.Lookup.SignedRole;
import redoubt.core.tuf.mirror.MirrorException;
import redoubt.core.tuf.mirror.RepositoryPath;

/// Step 5.6.7: asks the top-level targets role, then those to which it delegates, depth first, each
/// before those to which it delegates itself.
record DelegationSearch(TopLevel topLevel, Snapshot snapshot, Verified<Targets> top) {

  /// A role that is yet to be asked, and the roles above it.
  private record Pending(Delegation delegation, List<SignedRole> above) {}

  /// Searches. A role on the way that cannot be verified ends the search: those after it must not
  /// answer for it.
  Lookup find(String path) throws TufException, IOException, MirrorException {
    List<SignedRole> chain = List.of(signedRole(Targets.TYPE, top, Optional.empty()));
    Optional<TargetFile> listed = top.signed().find(path);
    if (listed.isPresent()) {
      return found(path, listed.get(), chain);
    }
    Deque<Pending> pending = new ArrayDeque<>();
    push(pending, top.signed(), path, chain);
    Set<String> visited = new HashSet<>();
    while (!pending.isEmpty()) {
      Pending next = pending.pop();
      Delegation delegation = next.delegation();
      if (visited.contains(delegation.name())) {
        continue; // TUF 5.6.7.1: cycles
      }
      if (visited.size() == topLevel.repository().limits().visitedRoles()) {
        return new Lookup.Absent(true); // TUF 5.6.7.1: the most roles
      }
      visited.add(delegation.name());
      Verified<Targets> role = topLevel.targets(delegation.name(), delegation.keys(), snapshot);
      chain = append(next.above(), signedRole(delegation.name(), role, Optional.of(delegation)));
      listed = role.signed().find(path);
      if (listed.isPresent()) {
        return found(path, listed.get(), chain);
      }
      if (delegation.terminating()) {
        pending.clear(); // TUF 5.6.7.2.1
      }
      push(pending, role.signed(), path, chain);
    }
    return new Lookup.Absent(false);
  }

  /// What a role lists to which the top-level role delegates by its name.
  Listing list(String name) throws TufException, IOException, MirrorException {
    List<SignedRole> chain = List.of(signedRole(Targets.TYPE, top, Optional.empty()));
    Delegation delegation =
        top.signed().delegations().all().stream()
            .filter(each -> each.name().equals(name))
            .findFirst()
            .orElse(null);
    if (delegation == null) {
      return new Listing.NotListed(new Lookup.Absent(false));
    }
    Verified<Targets> role = topLevel.targets(name, delegation.keys(), snapshot);
    return new Listing.Listed(
        role.signed().targets(), append(chain, signedRole(name, role, Optional.of(delegation))));
  }

  private Lookup found(String path, TargetFile file, List<SignedRole> chain) throws TufException {
    String digest =
        file.digests()
            .findPreferred()
            .orElseThrow(() ->
                new TufException(
                    TufException.Reason.MISMATCH,
                    "5.7.1",
                    "no digest that can be checked: target=" + path));
    return new Lookup.Found(path, file, location(path, digest), chain);
  }

  // TUF 5.7.3: HASH.FILENAME.EXT in the directory of the path.
  private RepositoryPath location(String path, String digest) {
    List<String> segments = new ArrayList<>(List.of(path.split("/", -1)));
    if (topLevel.root().consistentSnapshot()) {
      segments.addLast(digest + "." + segments.removeLast());
    }
    return new RepositoryPath(segments);
  }

  private static void push(
      Deque<Pending> pending, Targets role, String path, List<SignedRole> chain) {
    role.delegations()
        .matching(path)
        .reversed()
        .forEach(delegation -> pending.push(new Pending(delegation, chain)));
  }

  private static SignedRole signedRole(
      String name, Verified<Targets> role, Optional<Delegation> delegation) {
    return new SignedRole(name, role.signed().version(), delegation, role.signers());
  }

  private static List<SignedRole> append(List<SignedRole> chain, SignedRole role) {
    List<SignedRole> longer = new ArrayList<>(chain);
    longer.add(role);
    return List.copyOf(longer);
  }
}
