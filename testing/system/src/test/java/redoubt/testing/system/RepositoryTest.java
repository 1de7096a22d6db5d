package redoubt.testing.system;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/// From a vendor's bundle over the trial runner, who tries it with the real engine in the real
/// sandbox, to a file on a host that fetched it as a user who may nothing.
class RepositoryTest {
  private static final int NOBODY = 54_321;

  private TestRepository repository;

  @BeforeEach
  void create() throws Exception {
    repository = TestRepository.make();
  }

  @AfterEach
  void remove() throws IOException {
    repository.close();
  }

  private Path at(String name) {
    return repository.at(name);
  }

  private Outcome tryIt(int version, Path bundle) throws IOException {
    repository.draft(version, bundle);
    return repository.redoubt(
        "runner",
        "repository",
        "try",
        at("b" + version),
        bundle,
        "--repository",
        repository.served(),
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
    Path good = repository.bundle(1, "");
    String target = "acme/drill/drill-1.bundle";
    Outcome tried = tryIt(1, good);
    assertEquals(0, tried.status(), tried::toString);
    assertTrue(tried.output().contains("signed"), tried::toString);
    repository.publish(Map.of(), "--bundles", "acme=" + at("b1"), good).requireSuccess();

    repository
        .redoubt(
            TestRepository.NO_KEY,
            "trust-root",
            "add",
            "ours",
            repository.root(),
            "--vendor=acme",
            "--mirror",
            repository.served())
        .requireSuccess();
    Outcome fetched = fetch(target);
    assertEquals(0, fetched.status(), fetched::toString);
    assertEquals(-1, Files.mismatch(good, at("home").resolve("drill-1.bundle")));
    assertEquals(
        4,
        repository.redoubt(TestRepository.NO_KEY, "content", "fetch", target).status(),
        "not as root");

    Path bad = repository.bundle(2, "fault crash-at-event 2\n");
    Outcome refused = tryIt(2, bad);
    assertEquals(1, refused.status(), refused::toString);
    assertFalse(refused.output().contains("signed"), refused::toString);
    Outcome unpublished = repository.publish(Map.of(), "--bundles", "acme=" + at("b2"), bad);
    assertEquals(1, unpublished.status(), unpublished::toString);
    assertEquals(1, fetch("acme/drill/drill-2.bundle").status());
  }

  @Test
  void theTrialRunnerTriesWhatIsPublished() throws Exception {
    Path good = repository.bundle(1, "");
    assertEquals(0, tryIt(1, good).status());
    Path other = repository.bundle(2, "");
    Outcome exchanged =
        repository.redoubt(
            TestRepository.NO_KEY,
            "repository",
            "try",
            at("b1"),
            other,
            "--repository",
            repository.served(),
            "--vendor=acme");
    assertEquals(1, exchanged.status(), exchanged::toString);
    assertTrue(
        exchanged.output().contains("not what the draft would publish"), exchanged::toString);
  }
}
