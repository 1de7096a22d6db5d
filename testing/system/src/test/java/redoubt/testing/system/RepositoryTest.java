package redoubt.testing.system;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import redoubt.core.wire.BundleManifest.Limits;
import redoubt.core.wire.BundleManifest.VersionRange;
import redoubt.testing.drills.DrillBundles;

/// From a vendor's bundle over the trial runner, who tries it with the real engine in the real
/// sandbox, to a file on a host that fetched it as a user who may nothing.
class RepositoryTest {
  private static final int NOBODY = 54_321;
  private static final String NO_KEY = "";

  private Path folder = Path.of("");
  private DrillBundles bundles = new DrillBundles(folder);

  /// The user who fetches has to get there.
  @BeforeEach
  void create() throws Exception {
    folder =
        Files.createTempDirectory(
            "redoubt-repository-",
            PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwxr-xr-x")));
    bundles = new DrillBundles(folder);
    Files.writeString(folder.resolve("passphrase"), "correct horse\n");
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
    publish("--root", at("r1"), "--vendors", at("v1"));
  }

  @AfterEach
  void remove() throws IOException {
    Outcome.of("rm", "-rf", folder).requireSuccess();
  }

  private Path at(String name) {
    return folder.resolve(name);
  }

  private Outcome redoubt(String key, Object... words) throws IOException {
    List<Object> command = new ArrayList<>(List.of(Distribution.frontDoor()));
    Collections.addAll(command, words);
    if (!key.isEmpty()) {
      Collections.addAll(command, "--passphrase-file", at("passphrase"));
    }
    return Outcome.of(Map.of("REDOUBT_CONFIG_DIR", at("etc").toString()), command.toArray());
  }

  private void sign(String ceremony, String key) throws IOException {
    redoubt(key, "repository", "sign", at(ceremony), "--key", at(key + ".key")).requireSuccess();
  }

  private void publish(Object... what) throws IOException {
    List<Object> words =
        new ArrayList<>(
            List.of(
                "repository", "publish", "--repository", at("repo"), "--key", at("online.key")));
    Collections.addAll(words, what);
    redoubt("online", words.toArray()).requireSuccess();
  }

  private Path bundle(int version, String fault) throws Exception {
    Path made =
        bundles.bundle(
            DrillBundles.manifest(
                version, DrillBundles.SCHEMA, VersionRange.ALL, new Limits(2_000, 2_000, 128)),
            DrillBundles.RULES + fault,
            bundles.goodVectors());
    return Files.move(made, at("made-" + version + ".bundle"));
  }

  private Outcome tryIt(int version, Path bundle) throws IOException {
    String ceremony = "b" + version;
    redoubt(
            NO_KEY,
            "repository",
            "prepare-bundles",
            at(ceremony),
            bundle,
            "--repository",
            at("repo"),
            "--vendor=acme")
        .requireSuccess();
    sign(ceremony, "acme");
    return redoubt(
        "runner",
        "repository",
        "try",
        at(ceremony),
        bundle,
        "--repository",
        at("repo"),
        "--vendor=acme",
        "--key",
        at("runner.key"));
  }

  private Outcome fetch(String target) throws IOException {
    Path home = at("home");
    if (Files.notExists(home)) {
      Files.createDirectory(home);
      Outcome.of("chown", Integer.toString(NOBODY), home).requireSuccess();
    }
    return Outcome.of(
        Map.of("REDOUBT_CONFIG_DIR", at("etc").toString(), "HOME", home.toString()),
        "setpriv",
        "--reuid=" + NOBODY,
        "--regid=" + NOBODY,
        "--clear-groups",
        Distribution.frontDoor(),
        "content",
        "fetch",
        target,
        "-d",
        home);
  }

  @Test
  void whatTheTrialRunnerRefusesReachesNobody() throws Exception {
    Path good = bundle(1, "");
    String target = "acme/drill/drill-1.bundle";
    Outcome tried = tryIt(1, good);
    assertEquals(0, tried.status(), tried::toString);
    assertTrue(tried.output().contains("signed"), tried::toString);
    publish("--bundles", "acme=" + at("b1"), good);

    redoubt(
            NO_KEY,
            "trust-root",
            "add",
            "ours",
            at("repo").resolve("metadata/1.root.json"),
            "--vendor=acme",
            "--mirror",
            at("repo"))
        .requireSuccess();
    Outcome fetched = fetch(target);
    assertEquals(0, fetched.status(), fetched::toString);
    assertEquals(-1, Files.mismatch(good, at("home").resolve("drill-1.bundle")));
    assertEquals(4, redoubt(NO_KEY, "content", "fetch", target).status(), "not as root");

    Path bad = bundle(2, "fault crash-at-event 2\n");
    Outcome refused = tryIt(2, bad);
    assertEquals(1, refused.status(), refused::toString);
    assertFalse(refused.output().contains("signed"), refused::toString);
    Outcome unpublished =
        redoubt(
            "online",
            "repository",
            "publish",
            "--repository",
            at("repo"),
            "--key",
            at("online.key"),
            "--bundles",
            "acme=" + at("b2"),
            bad);
    assertEquals(1, unpublished.status(), unpublished::toString);
    assertEquals(1, fetch("acme/drill/drill-2.bundle").status());
  }

  @Test
  void theTrialRunnerTriesWhatIsPublished() throws Exception {
    Path good = bundle(1, "");
    assertEquals(0, tryIt(1, good).status());
    Path other = bundle(2, "");
    Outcome exchanged =
        redoubt(
            NO_KEY,
            "repository",
            "try",
            at("b1"),
            other,
            "--repository",
            at("repo"),
            "--vendor=acme");
    assertEquals(1, exchanged.status(), exchanged::toString);
    assertTrue(
        exchanged.output().contains("not what the draft would publish"), exchanged::toString);
  }
}
