package redoubt.core.tuf;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeMap;
import redoubt.core.model.Octets;
import redoubt.core.tuf.policy.TrialRunners;
import redoubt.core.tuf.policy.TrustedRepository;
import redoubt.core.tuf.policy.TrustedVendor;
import redoubt.core.tuf.signing.DelegationDraft;
import redoubt.core.tuf.signing.Drafts;
import redoubt.core.tuf.signing.Publication;
import redoubt.core.tuf.signing.PublishedRepository;
import redoubt.core.tuf.signing.RoleDraft;
import redoubt.core.tuf.signing.SignedFile;
import redoubt.core.tuf.signing.SigningException;
import redoubt.core.tuf.signing.SigningKey;

/// A repository that is made with the signing side alone, as an owner would: roots by two of three
/// keys, vendors with a key of theirs and a trial runner's.
final class HonestRepository {
  /// One vendor's keys and targets.
  static final class Vendor {
    SigningKey key;
    SigningKey trialRunner;
    final Map<String, String> targets = new TreeMap<>();
    boolean changed = true;

    Vendor(SigningKey key, SigningKey trialRunner) {
      this.key = key;
      this.trialRunner = trialRunner;
    }
  }

  final PublishedRepository published;
  final Map<String, Vendor> vendors = new LinkedHashMap<>();
  List<SigningKey> rootKeys = new ArrayList<>();
  SigningKey targetsKey;
  SigningKey snapshotKey;
  SigningKey timestampKey;
  boolean delegationsChanged = true;
  boolean rootChanged = true;
  Instant now = SimulatedRepository.START;
  Octets pinned = Octets.of(new byte[0]);

  private final Path scratch;
  private List<SigningKey> rootKeysBefore = List.of();
  private int nextKey;

  HonestRepository(Path directory) throws IOException {
    this.published = new PublishedRepository(directory);
    this.scratch =
        Files.createDirectories(directory.resolveSibling(directory.getFileName() + "-in"));
    for (int i = 0; i < 3; i++) {
      rootKeys.add(newKey());
    }
    targetsKey = newKey();
    snapshotKey = newKey();
    timestampKey = newKey();
  }

  SigningKey newKey() {
    return TestKeys.ed25519(5_000 + nextKey++);
  }

  Vendor addVendor(String name) {
    Vendor vendor = new Vendor(newKey(), newKey());
    vendors.put(name, vendor);
    delegationsChanged = true;
    return vendor;
  }

  void addTarget(String vendor, String path, String content) {
    Vendor known = Objects.requireNonNull(vendors.get(vendor));
    known.targets.put(vendor + "/" + path, content);
    known.changed = true;
  }

  InstantSource clock() {
    return InstantSource.fixed(now);
  }

  /// Signs and publishes what has changed.
  void publish() throws IOException, SigningException {
    Publication change = change();
    if (published.root().isEmpty()) {
      pinned = change.root().orElseThrow();
    }
    published.publish(change, List.of(pinned), clock());
    rootChanged = false;
    delegationsChanged = false;
    vendors.values().forEach(vendor -> vendor.changed = false);
  }

  /// Signs what has changed.
  Publication change() throws IOException, SigningException {
    long timestampVersion = published.timestamp().map(Timestamp::version).orElse(0L);
    Map<String, Octets> roles = new LinkedHashMap<>();
    Map<String, Path> files = new LinkedHashMap<>();
    Map<String, MetaFile> meta = new TreeMap<>();
    Optional<Snapshot> snapshot = published.snapshot();
    if (snapshot.isPresent()) {
      snapshot
          .get()
          .files()
          .forEach((file, known) -> meta.put(file.replaceFirst("\\.json$", ""), known));
    }
    for (Map.Entry<String, Vendor> vendor : vendors.entrySet()) {
      if (vendor.getValue().changed) {
        add("vendor-" + vendor.getKey(), signVendor(vendor.getKey()), roles, meta);
        for (Map.Entry<String, String> target : vendor.getValue().targets.entrySet()) {
          Path file = Files.createTempFile(scratch, "target", "");
          files.put(target.getKey(), Files.writeString(file, target.getValue()));
        }
      }
    }
    if (delegationsChanged) {
      add("targets", signTargets(), roles, meta);
    }
    long snapshotVersion = published.nextVersion("snapshot");
    byte[] newSnapshot =
        SignedFile.sign(Drafts.snapshot(snapshotVersion, in(20), meta), List.of(snapshotKey));
    byte[] timestamp =
        SignedFile.sign(
            Drafts.timestamp(timestampVersion + 1, in(10), MetaFile.of(snapshotVersion)),
            List.of(timestampKey));
    return new Publication(
        timestampVersion,
        rootChanged ? Optional.of(signRoot()) : Optional.empty(),
        roles,
        Optional.of(Octets.of(newSnapshot)),
        Octets.of(timestamp),
        files);
  }

  /// The repository as an owner trusts it, with all its vendors.
  TrustedRepository trusted(String name) {
    return new TrustedRepository(
        name,
        pinned,
        vendors.keySet().stream()
            .map(vendor -> new TrustedVendor(vendor, "vendor-" + vendor, vendor + "/"))
            .toList(),
        new TrialRunners.AsTheRepositorySays());
  }

  Json.Members vendorDraft(String name) throws IOException {
    Map<String, TargetFile> targets = new TreeMap<>();
    Objects.requireNonNull(vendors.get(name))
        .targets
        .forEach((path, content) ->
            targets.put(path, TargetFile.of(content.getBytes(StandardCharsets.UTF_8))));
    return Drafts.targets(published.nextVersion("vendor-" + name), in(60), targets, List.of());
  }

  private byte[] signVendor(String name) throws IOException, SigningException {
    Vendor vendor = Objects.requireNonNull(vendors.get(name));
    return SignedFile.sign(vendorDraft(name), List.of(vendor.key, vendor.trialRunner));
  }

  private byte[] signTargets() throws IOException, SigningException {
    List<DelegationDraft> delegations = new ArrayList<>();
    vendors.forEach((name, vendor) ->
        delegations.add(
            DelegationDraft.ofVendor(
                "vendor-" + name,
                List.of(vendor.key.verifying()),
                List.of(vendor.trialRunner.verifying()),
                name + "/")));
    return SignedFile.sign(
        Drafts.targets(published.nextVersion("targets"), in(300), Map.of(), delegations),
        List.of(targetsKey));
  }

  private Octets signRoot() throws IOException, SigningException {
    Map<String, RoleDraft> roles = new LinkedHashMap<>();
    roles.put("root", new RoleDraft(rootKeys.stream().map(SigningKey::verifying).toList(), 2));
    roles.put("targets", new RoleDraft(List.of(targetsKey.verifying()), 1));
    roles.put("snapshot", new RoleDraft(List.of(snapshotKey.verifying()), 1));
    roles.put("timestamp", new RoleDraft(List.of(timestampKey.verifying()), 1));
    List<SigningKey> signers = new ArrayList<>(rootKeys.subList(0, 2));
    rootKeysBefore.stream().limit(2).filter(key -> !signers.contains(key)).forEach(signers::add);
    rootKeysBefore = List.copyOf(rootKeys);
    return Octets.of(
        SignedFile.sign(Drafts.root(published.nextVersion("root"), in(365), true, roles), signers));
  }

  private void add(String role, byte[] file, Map<String, Octets> roles, Map<String, MetaFile> meta)
      throws IOException {
    roles.put(role, Octets.of(file));
    meta.put(role, MetaFile.of(published.nextVersion(role)));
  }

  private Instant in(int days) {
    return now.plus(Duration.ofDays(days));
  }
}
