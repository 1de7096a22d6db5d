package redoubt.testing.system;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import redoubt.core.wire.BundleManifest.Limits;
import redoubt.core.wire.BundleManifest.VersionRange;
import redoubt.testing.drills.DrillBundles;

/// A repository of bundles for the engine `drill`, of a vendor named `acme`, kept by the commands
/// with which people keep one, in a folder that anybody may read.
final class TestRepository implements AutoCloseable {
  /// For commands that sign nothing.
  static final String NO_KEY = "";

  private static final List<TestRepository> FIRST = new ArrayList<>();

  private final Path folder;
  private final DrillBundles bundles;

  private TestRepository(Path folder) {
    this.folder = folder;
    bundles = new DrillBundles(folder);
  }

  /// With all keys, a root and the vendor published: a copy of the first one that was made.
  static TestRepository make() throws IOException {
    TestRepository made = fresh();
    synchronized (FIRST) {
      if (FIRST.isEmpty()) {
        TestRepository first = fresh();
        first.begin();
        FIRST.add(first);
        Runtime.getRuntime().addShutdownHook(new Thread(first::remove));
      }
      Outcome.of("cp", "-a", FIRST.getFirst().folder + "/.", made.folder).requireSuccess();
    }
    return made;
  }

  private static TestRepository fresh() throws IOException {
    return new TestRepository(
        Files.createTempDirectory(
            "redoubt-repository-",
            PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwxr-xr-x"))));
  }

  private void remove() {
    try {
      close();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private void begin() throws IOException {
    Files.writeString(at("passphrase"), "correct horse\n");
    for (String key : List.of("root", "targets", "online", "acme", "runner")) {
      redoubt(key, "repository", "key", key, "-d", folder).requireSuccess();
    }
    redoubt(
            NO_KEY,
            "repository",
            "prepare-root",
            at("r1"),
            "--repository",
            at("repo"),
            "--root-key",
            at("root.pub"),
            "--targets-key",
            at("targets.pub"),
            "--online-key",
            at("online.pub"))
        .requireSuccess();
    redoubt(
            NO_KEY,
            "repository",
            "prepare-vendor",
            at("v1"),
            "--repository",
            at("repo"),
            "--with-root",
            at("r1"),
            "--vendor=acme",
            "--vendor-key",
            at("acme.pub"),
            "--trial-runner-key",
            at("runner.pub"))
        .requireSuccess();
    sign("r1", "root");
    sign("v1", "targets");
    publish(Map.of(), "--root", at("r1"), "--vendors", at("v1")).requireSuccess();
  }

  /// A place in the folder.
  Path at(String name) {
    return folder.resolve(name);
  }

  /// What a web server would serve.
  Path served() {
    return at("repo");
  }

  /// The root to pin.
  Path root() {
    return served().resolve("metadata/1.root.json");
  }

  /// Runs a command, with the passphrase of the keys unless it signs nothing.
  Outcome redoubt(String key, Object... words) throws IOException {
    return redoubt(Map.of(), key, words);
  }

  private Outcome redoubt(Map<String, String> variables, String key, Object... words)
      throws IOException {
    List<Object> command = new ArrayList<>(List.of(Distribution.frontDoor()));
    Collections.addAll(command, words);
    if (!key.isEmpty()) {
      Collections.addAll(command, "--passphrase-file", at("passphrase"));
    }
    Map<String, String> all = new HashMap<>(variables);
    all.put("REDOUBT_CONFIG_DIR", at("etc").toString());
    return Outcome.of(all, command.toArray());
  }

  /// Signs a draft.
  void sign(String ceremony, String key) throws IOException {
    redoubt(key, "repository", "sign", at(ceremony), "--key", at(key + ".key")).requireSuccess();
  }

  /// Publishes.
  ///
  /// @param variables more of the environment
  Outcome publish(Map<String, String> variables, Object... what) throws IOException {
    List<Object> words =
        new ArrayList<>(
            List.of("repository", "publish", "--repository", served(), "--key", at("online.key")));
    Collections.addAll(words, what);
    return redoubt(variables, "online", words.toArray());
  }

  /// Makes a bundle.
  ///
  /// @param lines what its engine is told beside a rule that denies nothing
  Path bundle(int version, String lines) throws Exception {
    Path made =
        bundles.bundle(
            DrillBundles.manifest(
                version, DrillBundles.SCHEMA, VersionRange.ALL, new Limits(2_000, 2_000, 128)),
            DrillBundles.RULES + lines,
            bundles.goodVectors());
    return Files.move(made, at("made-" + version + ".bundle"));
  }

  /// Drafts a bundle, which its vendor signs.
  void draft(int version, Path bundle) throws IOException {
    redoubt(
            NO_KEY,
            "repository",
            "prepare-bundles",
            at("b" + version),
            bundle,
            "--repository",
            served(),
            "--vendor=acme")
        .requireSuccess();
    sign("b" + version, "acme");
  }

  /// Publishes that no host is to have a bundle in force any more.
  void revoke(String target) throws IOException {
    redoubt(
            NO_KEY,
            "repository",
            "prepare-bundles",
            at("revoked"),
            "--revoke",
            target,
            "--repository",
            served(),
            "--vendor=acme")
        .requireSuccess();
    sign("revoked", "acme");
    redoubt(
            "runner",
            "repository",
            "try",
            at("revoked"),
            "--repository",
            served(),
            "--vendor=acme",
            "--key",
            at("runner.key"))
        .requireSuccess();
    publish(Map.of(), "--bundles", "acme=" + at("revoked")).requireSuccess();
  }

  /// Publishes a bundle that both have signed.
  ///
  /// @param variables more of the environment of who publishes
  void publishSigned(Map<String, String> variables, int version, Path bundle) throws IOException {
    draft(version, bundle);
    sign("b" + version, "runner");
    publish(variables, "--bundles", "acme=" + at("b" + version), bundle).requireSuccess();
  }

  @Override
  public void close() throws IOException {
    Outcome.of("rm", "-rf", folder).requireSuccess();
  }
}
