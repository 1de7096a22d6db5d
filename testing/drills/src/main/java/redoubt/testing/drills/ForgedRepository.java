package redoubt.testing.drills;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyPairGenerator;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import redoubt.core.tuf.Json;
import redoubt.core.tuf.KeyScheme;
import redoubt.core.tuf.MetaFile;
import redoubt.core.tuf.Root;
import redoubt.core.tuf.Snapshot;
import redoubt.core.tuf.TargetFile;
import redoubt.core.tuf.Targets;
import redoubt.core.tuf.Timestamp;
import redoubt.core.tuf.signing.DelegationDraft;
import redoubt.core.tuf.signing.Drafts;
import redoubt.core.tuf.signing.RoleDraft;
import redoubt.core.tuf.signing.SignedFile;
import redoubt.core.tuf.signing.SigningException;
import redoubt.core.tuf.signing.SigningKey;

/// A repository of bundles in the hands of somebody who stole some of its keys: files are written
/// as they are, and nothing looks at them first. Each has keys of its own. For one thread.
final class ForgedRepository {
  private static final String VENDOR = "vendor-acme";
  private static final Duration LIFE = Duration.ofDays(2);

  private final Path directory;
  private final SigningKey rootKey = key();
  private final SigningKey targetsKey = key();
  private final SigningKey vendor = key();
  private final SigningKey trialRunner = key();
  private final Map<String, TargetFile> bundles = new HashMap<>();
  private SigningKey online = key();
  private long version;

  private ForgedRepository(Path directory) {
    this.directory = directory;
  }

  /// Begins one with a root, and the vendor that the drills' bundles are of.
  ///
  /// @param directory where it lies; made
  static ForgedRepository begin(Path directory) throws IOException {
    ForgedRepository made = new ForgedRepository(directory);
    Files.createDirectories(made.metadata());
    made.writeRoot(1);
    DelegationDraft delegation =
        DelegationDraft.ofVendor(
            VENDOR,
            List.of(made.vendor.verifying()),
            List.of(made.trialRunner.verifying()),
            "acme/");
    made.write(
        "1.targets.json",
        Drafts.targets(1, until(LIFE), Map.of(), List.of(delegation)),
        List.of(made.targetsKey));
    made.publish(LIFE, true);
    return made;
  }

  /// The root to pin.
  Path root() {
    return metadata().resolve("1.root.json");
  }

  /// Publishes a bundle as a forger could, or as its owners would.
  ///
  /// @param target its path
  /// @param bundle the file
  /// @throws IllegalArgumentException for a form that is no matter of signatures
  void publish(String target, Path bundle, Drill.Form form) throws IOException {
    byte[] bytes = Files.readAllBytes(bundle);
    TargetFile file = TargetFile.of(bytes);
    bundles.put(target, file);
    Path place = directory.resolve("targets").resolve(target);
    Files.createDirectories(place.getParent());
    String digest = file.digests().findPreferred().orElseThrow();
    Files.write(place.resolveSibling(digest + "." + place.getFileName()), bytes);
    switch (form) {
      case STOLEN_VENDOR_KEY -> publish(LIFE, false);
      case EXPIRED -> publish(LIFE.negated(), true);
      case RETIRED_KEY -> {
        SigningKey retired = online;
        online = key();
        writeRoot(2);
        online = retired;
        publish(LIFE, true);
      }
      case CAREFUL -> publish(LIFE, true);
      default -> throw new IllegalArgumentException("nothing to sign: form=" + form);
    }
  }

  /// Publishes that a bundle is gone.
  void withdraw(String target) throws IOException {
    bundles.remove(target);
    publish(LIFE, true);
  }

  /// What a mirror shows last, to be shown again later.
  byte[] timestamp() throws IOException {
    return Files.readAllBytes(metadata().resolve("timestamp.json"));
  }

  /// Shows that state again.
  void showAgain(byte[] timestamp) throws IOException {
    Files.write(metadata().resolve("timestamp.json"), timestamp);
  }

  private Path metadata() {
    return directory.resolve("metadata");
  }

  private void writeRoot(long number) throws IOException {
    Map<String, RoleDraft> roles =
        Map.of(
            Root.TYPE, role(rootKey),
            Targets.TYPE, role(targetsKey),
            Snapshot.TYPE, role(online),
            Timestamp.TYPE, role(online));
    write(number + ".root.json", Drafts.root(number, until(LIFE), true, roles), List.of(rootKey));
  }

  private static RoleDraft role(SigningKey key) {
    return new RoleDraft(List.of(key.verifying()), 1);
  }

  /// Writes the next state.
  ///
  /// @param life how long its timestamp counts
  /// @param tried whether the trial runner has signed the vendor's list
  private void publish(Duration life, boolean tried) throws IOException {
    version++;
    List<SigningKey> signers = new ArrayList<>(List.of(vendor));
    if (tried) {
      signers.add(trialRunner);
    }
    write(
        version + "." + VENDOR + ".json",
        Drafts.targets(version, until(LIFE), bundles, List.of()),
        signers);
    Map<String, MetaFile> roles =
        Map.of(Targets.TYPE, MetaFile.of(1), VENDOR, MetaFile.of(version));
    write(
        version + ".snapshot.json", Drafts.snapshot(version, until(LIFE), roles), List.of(online));
    write(
        "timestamp.json",
        Drafts.timestamp(version, until(life), MetaFile.of(version)),
        List.of(online));
  }

  private void write(String name, Json.Members draft, List<SigningKey> keys) throws IOException {
    try {
      Files.write(metadata().resolve(name), SignedFile.sign(draft, keys));
    } catch (SigningException e) {
      throw new IOException(e);
    }
  }

  private static Instant until(Duration life) {
    return Instant.now().plus(life);
  }

  private static SigningKey key() {
    try {
      return SigningKey.of(
          KeyScheme.ED25519, KeyPairGenerator.getInstance("Ed25519").generateKeyPair());
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("every Java has Ed25519", e);
    }
  }
}
