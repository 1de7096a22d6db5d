package redoubt.core.tuf;

import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.TreeMap;
import java.util.function.UnaryOperator;
import redoubt.core.tuf.mirror.RepositoryPath;
import redoubt.core.tuf.signing.BinsDraft;
import redoubt.core.tuf.signing.DelegationDraft;
import redoubt.core.tuf.signing.Drafts;
import redoubt.core.tuf.signing.RoleDraft;
import redoubt.core.tuf.signing.SignedFile;
import redoubt.core.tuf.signing.SigningKey;

/// A repository that does what it is told, also what no honest one would: a test changes roles and
/// keys, publishes roles, and serves what it likes.
///
/// As in an honest one, publishing a role makes its next version, publishing a targets role notes
/// it in the next snapshot, publishing the snapshot in the next timestamp.
final class SimulatedRepository {
  /// When all tests begin.
  static final Instant START = Instant.parse("2030-01-01T00:00:00Z");

  /// When metadata expires that says nothing else.
  static final Instant LATER = START.plus(30, ChronoUnit.DAYS);

  /// A role under construction.
  static final class Role {
    long version;
    Instant expires = LATER;
    final List<SigningKey> signers = new ArrayList<>();
    final Map<String, TargetFile> targets = new LinkedHashMap<>();
    final List<DelegationDraft> delegations = new ArrayList<>();
    Optional<BinsDraft> bins = Optional.empty();

    /// Changes a draft before it is signed.
    UnaryOperator<Json.Members> edit = UnaryOperator.identity();
  }

  /// Keys of a top-level role, as the root states them.
  static final class TopKeys {
    final List<VerifyingKey> keys = new ArrayList<>();
    int threshold = 1;
  }

  final Map<String, Role> roles = new LinkedHashMap<>();
  final Map<String, TopKeys> top = new LinkedHashMap<>();
  boolean consistent = true;
  boolean hashes;
  final Map<String, MetaFile> snapshotMeta = new TreeMap<>();
  MetaFile timestampMeta = MetaFile.of(1);

  /// What mirrors serve, by encoded path below `metadata/`.
  final Map<String, byte[]> metadata = new TreeMap<>();

  /// What mirrors serve, by encoded path below `targets/`.
  final Map<String, byte[]> targets = new TreeMap<>();

  private final Map<String, byte[]> latest = new HashMap<>();
  private int nextKey;

  /// A repository with one key for each role and no targets, published.
  SimulatedRepository() {
    for (String role : List.of("root", "timestamp", "snapshot", "targets")) {
      roles.put(role, new Role());
      top.put(role, new TopKeys());
      addKey(role);
    }
    publish("targets", "snapshot", "timestamp", "root");
  }

  /// A key that was not used yet.
  SigningKey newKey() {
    return TestKeys.ed25519(nextKey++);
  }

  /// Gives a top-level role one key more.
  SigningKey addKey(String role) {
    SigningKey key = newKey();
    addKey(role, key);
    return key;
  }

  /// Gives a top-level role one key more.
  void addKey(String role, SigningKey key) {
    keys(role).keys.add(key.verifying());
    role(role).signers.add(key);
  }

  /// Gives a top-level role other keys.
  void rotate(String role) {
    keys(role).keys.clear();
    role(role).signers.clear();
    for (int i = 0; i < keys(role).threshold; i++) {
      addKey(role);
    }
  }

  /// The role under construction.
  Role role(String name) {
    return Objects.requireNonNull(roles.get(name), name);
  }

  /// The root's keys of a role.
  TopKeys keys(String role) {
    return Objects.requireNonNull(top.get(role), role);
  }

  /// Delegates, with one new key.
  void delegate(String delegator, String name, boolean terminating, String... paths) {
    delegate(delegator, name, terminating, new PathRule.Patterns(List.of(paths)));
  }

  /// Delegates, with one new key.
  void delegate(String delegator, String name, boolean terminating, PathRule paths) {
    SigningKey key = newKey();
    roles.computeIfAbsent(name, _ -> new Role()).signers.add(key);
    role(delegator)
        .delegations
        .add(
            new DelegationDraft(
                name,
                new RoleDraft(List.of(key.verifying()), 1),
                terminating,
                paths,
                Optional.empty()));
  }

  /// Lists a target and has mirrors serve it.
  void addTarget(String role, String path, String content) {
    byte[] bytes = content.getBytes(StandardCharsets.UTF_8);
    role(role).targets.put(path, TargetFile.of(bytes));
    serveTarget(path, TargetFile.of(bytes), bytes);
  }

  /// Has mirrors serve bytes for a target.
  void serveTarget(String path, TargetFile file, byte[] bytes) {
    List<String> segments = new ArrayList<>(List.of(path.split("/", -1)));
    String name = segments.removeLast();
    segments.add(name);
    targets.put(new RepositoryPath(segments).encoded(), bytes);
    for (String digest : file.digests().values().values()) {
      segments.set(segments.size() - 1, digest + "." + name);
      targets.put(new RepositoryPath(segments).encoded(), bytes);
    }
  }

  /// Publishes the next versions of roles, in this order.
  void publish(String... names) {
    for (String name : names) {
      role(name).version++;
      publishAsIs(name);
    }
  }

  /// Publishes a role under the version that it has.
  void publishAsIs(String name) {
    serve(name, role(name).version, sign(name));
  }

  /// Publishes bytes as a role's version, and notes it as an honest repository would.
  void serve(String name, long version, byte[] file) {
    if (name.equals("root") || (consistent && !name.equals("timestamp"))) {
      metadata.put(RepositoryPath.of(version + "." + name + ".json").encoded(), file);
    }
    if (!name.equals("root")) {
      metadata.put(RepositoryPath.of(name + ".json").encoded(), file);
    }
    latest.put(name, file);
    MetaFile note =
        hashes
            ? new MetaFile(
                role(name).version, OptionalLong.of(file.length), Optional.of(Digests.of(file)))
            : MetaFile.of(role(name).version);
    switch (name) {
      case "root", "timestamp" -> {}
      case "snapshot" -> timestampMeta = note;
      default -> snapshotMeta.put(name, note);
    }
  }

  /// The file that was published last.
  byte[] latest(String role) {
    return Objects.requireNonNull(latest.get(role), role);
  }

  /// A role as it is now, signed by its signers.
  byte[] sign(String name) {
    return sign(draft(name), role(name).signers);
  }

  /// A draft, signed.
  static byte[] sign(Json.Members draft, List<SigningKey> signers) {
    byte[] payload = CanonicalJson.write(draft);
    Map<String, byte[]> signatures = new TreeMap<>();
    try {
      for (SigningKey key : signers) {
        signatures.put(
            key.keyId(), key.verifying().scheme().sign(key.key(), payload, TestKeys.random(-1)));
      }
      return SignedFile.assemble(draft, signatures);
    } catch (GeneralSecurityException e) {
      throw new AssertionError(e);
    }
  }

  /// A role as it is now.
  Json.Members draft(String name) {
    Role role = role(name);
    return role.edit.apply(
        switch (name) {
          case "root" -> Drafts.root(role.version, role.expires, consistent, topRoles());
          case "timestamp" -> Drafts.timestamp(role.version, role.expires, timestampMeta);
          case "snapshot" -> Drafts.snapshot(role.version, role.expires, snapshotMeta);
          default ->
              role.bins.isPresent()
                  ? Drafts.targets(role.version, role.expires, role.targets, role.bins.get())
                  : Drafts.targets(role.version, role.expires, role.targets, role.delegations);
        });
  }

  private Map<String, RoleDraft> topRoles() {
    Map<String, RoleDraft> drafts = new LinkedHashMap<>();
    top.forEach((name, keys) -> drafts.put(name, new RoleDraft(keys.keys, keys.threshold)));
    return drafts;
  }
}
