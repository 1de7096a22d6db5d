package redoubt.core.tuf.signing;

import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.TreeMap;
import redoubt.core.tuf.Delegation;
import redoubt.core.tuf.Digests;
import redoubt.core.tuf.Json;
import redoubt.core.tuf.MetaFile;
import redoubt.core.tuf.Metadata;
import redoubt.core.tuf.RoleKeys;
import redoubt.core.tuf.Root;
import redoubt.core.tuf.Signed;
import redoubt.core.tuf.Snapshot;
import redoubt.core.tuf.TargetFile;
import redoubt.core.tuf.Targets;
import redoubt.core.tuf.Timestamp;
import redoubt.core.tuf.TufException;
import redoubt.core.tuf.policy.Parties;

/// The next file of each role of a repository, drafted on what is published, and who is to sign it.
/// Nothing is written. Thread-safe.
///
/// @param repository the repository
/// @param now when it is drafted; times run from then
/// @param pendingRoot a root that is to be published with what is drafted
/// @param pendingTargets a top-level targets role that is to be published with it
public record NextDrafts(
    PublishedRepository repository,
    Instant now,
    Optional<Root> pendingRoot,
    Optional<Targets> pendingTargets) {
  private static final List<String> TOP_LEVEL =
      List.of(Root.TYPE, Targets.TYPE, Snapshot.TYPE, Timestamp.TYPE);

  /// Drafts on what is published alone.
  public static NextDrafts of(PublishedRepository repository, Instant now) {
    return new NextDrafts(repository, now, Optional.empty(), Optional.empty());
  }

  /// Drafts on a file that is to be published too.
  ///
  /// @param role `root`, `targets` or another one, which changes nothing here
  /// @param draft the file
  public NextDrafts on(String role, Json.Members draft) throws SigningException {
    return switch (role) {
      case Root.TYPE ->
          new NextDrafts(repository, now, Optional.of(parse(draft, Root.class)), pendingTargets);
      case Targets.TYPE ->
          new NextDrafts(repository, now, pendingRoot, Optional.of(parse(draft, Targets.class)));
      default -> this;
    };
  }

  /// The name of a vendor's role.
  public static String roleOf(String vendor) {
    return "vendor-" + vendor;
  }

  /// The next root.
  ///
  /// @param changed who is to sign for which role from then on; the others stay
  /// @param life how long it is to count
  /// @throws SigningException if it is the first and a role is missing
  public Json.Members root(Map<String, RoleDraft> changed, Duration life)
      throws IOException, SigningException {
    Map<String, RoleDraft> roles = new LinkedHashMap<>();
    Optional<Root> before = repository.root();
    for (String role : TOP_LEVEL) {
      RoleDraft draft = changed.get(role);
      if (draft == null && before.isPresent()) {
        draft = draftOf(before.get().keys(role));
      }
      if (draft == null) {
        throw new SigningException("the first root needs keys for each role: missing=" + role);
      }
      roles.put(role, draft);
    }
    return Drafts.root(repository.nextVersion(Root.TYPE), end(life), true, roles);
  }

  /// The next top-level targets role: which vendors there are.
  ///
  /// @param vendors new ones, or ones whose keys change
  /// @param removed roles that end
  public Json.Members vendors(List<DelegationDraft> vendors, Set<String> removed, Duration life)
      throws IOException, SigningException {
    Map<String, DelegationDraft> delegations = new LinkedHashMap<>();
    Optional<Targets> before = repository.targetsRole(Targets.TYPE);
    if (before.isPresent()) {
      for (Delegation known : before.get().delegations().all()) {
        delegations.put(known.name(), draftOf(known));
      }
    }
    vendors.forEach(vendor -> delegations.put(vendor.name(), vendor));
    for (String role : removed) {
      if (delegations.remove(role) == null) {
        throw new SigningException("there is no such role: role=" + role);
      }
    }
    return Drafts.targets(
        repository.nextVersion(Targets.TYPE),
        end(life),
        before.map(Targets::targets).orElse(Map.of()),
        List.copyOf(delegations.values()));
  }

  /// The next file of a vendor's role: which targets it has.
  ///
  /// @param added by path; of one that is there, what its vendor adds may change
  /// @param removed paths of targets that no client shall find any more
  /// @throws SigningException if one that is there would become another, or there is no such role
  public Json.Members targets(
      String role, Map<String, TargetFile> added, Set<String> removed, Duration life)
      throws IOException, SigningException {
    requireDelegation(role);
    Optional<Targets> before = repository.targetsRole(role);
    if (before.isPresent() && !before.get().delegations().all().isEmpty()) {
      throw new SigningException("this role has roles below it: role=" + role);
    }
    Map<String, TargetFile> targets = new TreeMap<>(before.map(Targets::targets).orElse(Map.of()));
    for (String path : removed) {
      if (targets.remove(path) == null) {
        throw new SigningException("there is no such target: target=" + path);
      }
    }
    for (Map.Entry<String, TargetFile> each : added.entrySet()) {
      TargetFile known = targets.put(each.getKey(), each.getValue());
      if (known != null && !known.isSameFile(each.getValue())) {
        throw new SigningException("it is there with another content: target=" + each.getKey());
      }
    }
    return Drafts.targets(repository.nextVersion(role), end(life), targets, List.of());
  }

  /// The next snapshot.
  ///
  /// @param changed new files of targets roles, by role
  public Json.Members snapshot(Map<String, byte[]> changed, Duration life)
      throws IOException, SigningException {
    Map<String, MetaFile> roles = new TreeMap<>();
    Optional<Snapshot> before = repository.snapshot();
    before.ifPresent(known ->
        known
            .files()
            .forEach((file, meta) ->
                roles.put(file.substring(0, file.length() - ".json".length()), meta)));
    for (Map.Entry<String, byte[]> each : changed.entrySet()) {
      roles.put(each.getKey(), meta(each.getValue()));
    }
    return Drafts.snapshot(repository.nextVersion(Snapshot.TYPE), end(life), roles);
  }

  /// The next timestamp.
  ///
  /// @param snapshot the file of the snapshot that it is to name
  public Json.Members timestamp(byte[] snapshot, Duration life)
      throws IOException, SigningException {
    return Drafts.timestamp(nextTimestamp(), end(life), meta(snapshot));
  }

  /// A timestamp that says the same as the published one for longer.
  ///
  /// @throws SigningException if none is published
  public Json.Members timestamp(Duration life) throws IOException, SigningException {
    Timestamp before =
        repository.timestamp().orElseThrow(() -> new SigningException("nothing is published yet"));
    return Drafts.timestamp(nextTimestamp(), end(life), before.snapshot());
  }

  /// Whose signatures a file needs that is drafted now.
  ///
  /// @param role `root`, `targets` or the role of a vendor
  /// @param draft the file
  public List<SignerGroup> signers(String role, Json.Members draft)
      throws IOException, SigningException {
    if (role.equals(Root.TYPE)) {
      Optional<Root> trusted = repository.root();
      Root next = parse(draft, Root.class);
      return trusted.isPresent()
          ? SignerGroup.ofNextRoot(trusted.get(), next)
          : SignerGroup.ofFirstRoot(next);
    }
    if (!role.equals(Targets.TYPE)) {
      return List.of(new SignerGroup(role, requireDelegation(role).keys()));
    }
    Optional<Root> published = repository.root();
    Root root =
        pendingRoot
            .or(() -> published)
            .orElseThrow(() -> new SigningException("there is no root yet"));
    return List.of(new SignerGroup(role, root.keys(role)));
  }

  private Delegation requireDelegation(String role) throws IOException, SigningException {
    Optional<Targets> published = repository.targetsRole(Targets.TYPE);
    return pendingTargets.or(() -> published).stream()
        .flatMap(targets -> targets.delegations().all().stream())
        .filter(each -> each.name().equals(role))
        .findFirst()
        .orElseThrow(() -> new SigningException("nobody delegates to this role: role=" + role));
  }

  private long nextTimestamp() throws IOException, SigningException {
    return 1 + repository.timestamp().map(Timestamp::version).orElse(0L);
  }

  private Instant end(Duration life) {
    return now.plus(life).truncatedTo(ChronoUnit.SECONDS);
  }

  private static MetaFile meta(byte[] file) throws SigningException {
    try {
      return new MetaFile(
          Metadata.parse(file, Signed.class).signed().version(),
          OptionalLong.of(file.length),
          Optional.of(Digests.of(file)));
    } catch (TufException e) {
      throw new SigningException("not metadata: " + e.getMessage(), e);
    }
  }

  private static <T extends Signed> T parse(Json.Members draft, Class<T> kind)
      throws SigningException {
    try {
      Signed signed = Signed.parse(draft);
      if (kind.isInstance(signed)) {
        return kind.cast(signed);
      }
      throw new SigningException("another kind of metadata: type=" + signed.type());
    } catch (TufException e) {
      throw new SigningException("not metadata: " + e.getMessage(), e);
    }
  }

  private static RoleDraft draftOf(RoleKeys keys) {
    return new RoleDraft(List.copyOf(keys.keys().values()), keys.threshold());
  }

  private static DelegationDraft draftOf(Delegation known) throws SigningException {
    Optional<Parties> parties = Optional.empty();
    if (known.form().find(Parties.MEMBER).isPresent()) {
      try {
        parties = Optional.of(Parties.parse(known.form()));
      } catch (TufException e) {
        throw new SigningException("not metadata: " + e.getMessage(), e);
      }
    }
    return new DelegationDraft(
        known.name(), draftOf(known.keys()), known.terminating(), known.paths(), parties);
  }
}
