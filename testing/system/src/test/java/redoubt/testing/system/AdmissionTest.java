package redoubt.testing.system;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import redoubt.core.content.ContentException;
import redoubt.core.model.HostEvent;
import redoubt.core.wire.BundleManifest;
import redoubt.core.wire.BundleManifest.Limits;
import redoubt.core.wire.BundleManifest.VersionRange;
import redoubt.core.wire.TestVector;
import redoubt.testing.drills.DrillBundles;

/// Bundles at the door: the real engines load them in the real sandbox, and what is wrong with a
/// bundle is said by the step at which it shows.
class AdmissionTest {
  private static final Duration LIMIT = Duration.ofMinutes(2);
  private static final Path SHIPPED_RULES =
      Path.of("../../packaging/content/rules").toAbsolutePath().normalize();
  private static final String SCHEMA = DrillBundles.SCHEMA;
  private static final String RULES = DrillBundles.RULES;

  @TempDir Path folder;

  private DrillBundles bundles;

  @BeforeEach
  void begin() {
    bundles = new DrillBundles(folder);
  }

  @Test
  void theShippedRulesAreAdmitted() throws Exception {
    Path bundle = folder.resolve("linux.bundle");
    redoubt(
            "content",
            "build",
            SHIPPED_RULES,
            "--vendor",
            "acme",
            "--name",
            "linux",
            "--version-number",
            "1",
            "-o",
            bundle)
        .requireSuccess();
    JsonNode report = lint(bundle, 0);
    assertTrue(report.get("admitted").asBoolean());
    assertTrue(report.get("vectors").asLong() > 900, report::toString);
    assertEquals(report.get("vectors"), report.get("vectorsPassed"));
  }

  @Test
  void eventsAndQuestionsAreBothPut() throws Exception {
    JsonNode report = lint(bundle(RULES, goodVectors()), 0);
    assertTrue(report.get("admitted").asBoolean(), report::toString);
    assertEquals(4, report.get("vectorsPassed").asLong());
  }

  @ParameterizedTest
  @CsvSource({
    "load-crash, LOAD, the engine ended: signal=11",
    "load-spin, LOAD, takes too long: processorMillis=",
    "load-memory 400, LOAD, 64 MiB",
    "crash-at-event 3, VECTORS, 'the engine ended: signal=11, after 2 of 4 vectors'",
    "crash-on-path /bin/made, VECTORS, 'the engine ended: signal=11'",
    "crash-from 2022-01-01T00:00:00Z, VECTORS, the engine ended",
    "slow 700, VECTORS, 'takes too long: processorMillis=2000, after 2 of 4 vectors'",
    "narrow-filter, VECTORS, 'vector reported: expected made, came out as no rule'",
    "report-all other, VECTORS, 'vector not reported: expected no rule, came out as other'",
    "deny-all other, VECTORS, 'vector allowed: expected ALLOW by no rule, came out as DENY by other'",
    "abstain, VECTORS, 'vector denied: no verdict: its content says so'",
  })
  void aFaultIsSeenAtTheDoor(String fault, String step, String text) throws Exception {
    JsonNode report = lint(bundle(RULES + "fault " + fault + "\n", goodVectors()), 1);
    assertFalse(report.get("admitted").asBoolean());
    assertTrue(
        problems(report)
            .anyMatch(problem ->
                problem.get("step").asText().equals(step)
                    && problem.get("text").asText().contains(text)),
        report::toString);
  }

  /// It waits for nothing and uses no processor.
  @Test
  void whatHangsIsEnded() throws Exception {
    BundleManifest hasty =
        DrillBundles.manifest(1, SCHEMA, VersionRange.ALL, new Limits(1_000, 1_000, 64));
    JsonNode report = lint(bundle(hasty, RULES + "fault load-hang\n", goodVectors()), 1);
    assertTrue(
        problems(report).anyMatch(each -> each.get("text").asText().startsWith("takes too long")),
        report::toString);
  }

  /// The rule that is counted is never reported by itself.
  @Test
  void rulesThatOnlyCountAreShownByTheCorrelation() throws Exception {
    Path rules = Files.createDirectories(folder.resolve("rules"));
    Files.writeString(
        rules.resolve("both.yml"),
        """
        title: a shell
        name: shell
        id: 00000000-0000-4000-8000-00000000a001
        logsource: {product: linux, category: process_creation}
        detection: {sel: {Image|endswith: /sh}, condition: sel}
        level: low
        ---
        title: many shells
        id: 00000000-0000-4000-8000-00000000a002
        correlation:
          type: event_count
          rules: [shell]
          group-by: [User]
          timespan: 1m
          condition: {gte: 5}
        level: high
        """);
    Path bundle = folder.resolve("both.bundle");
    redoubt(
            "content",
            "build",
            rules,
            "--vendor",
            "acme",
            "--name",
            "both",
            "--version-number",
            "1",
            "-o",
            bundle)
        .requireSuccess();
    JsonNode report = lint(bundle, 0);
    assertEquals(1, report.get("entries").asLong());
  }

  /// A catastrophic expression needs a text on which it is one; the vector is one.
  @Test
  void anExpressionThatBacktracksIsSeenByAVectorThatShowsIt() throws Exception {
    HostEvent lengthy = bundles.start("/bin/made", "-".repeat(6_000));
    Path bundle =
        bundle(
            RULES + "fault backtrack\n",
            List.of(TestVector.ofActivity("long", List.of(lengthy), Set.of("made"), Set.of())));
    JsonNode report = lint(bundle, 1);
    assertTrue(
        problems(report).anyMatch(each -> each.get("text").asText().startsWith("takes too long")),
        report::toString);
  }

  @Test
  void aLeakIsSeenIfTheVectorsAreMany() throws Exception {
    List<TestVector> many =
        IntStream.range(0, 200)
            .mapToObj(i ->
                TestVector.ofActivity(
                    "v" + i, List.of(bundles.start("/bin/made")), Set.of("made"), Set.of()))
            .toList();
    JsonNode report = lint(bundle(RULES + "fault leak 1024\n", many), 1);
    assertTrue(
        problems(report).anyMatch(each -> each.get("text").asText().contains("64 MiB")),
        report::toString);
  }

  @Test
  void whatNothingShowsIsRefused() throws Exception {
    TestVector silent =
        TestVector.ofActivity("silent", List.of(bundles.start("/bin/other")), Set.of(), Set.of());
    assertTrue(lint(bundle(RULES, List.of()), 1).toString().contains("nothing shows what it does"));
    assertTrue(
        lint(bundle(RULES, List.of(silent)), 1).toString().contains("not all of it is shown"));
  }

  @Test
  void contentForAnotherEngineIsRefused() throws Exception {
    assertTrue(
        lint(bundle(manifest("0".repeat(64), VersionRange.ALL), RULES, goodVectors()), 1)
            .toString()
            .contains("written for another schema"));
    assertTrue(
        lint(bundle(manifest(SCHEMA, new VersionRange("1.1", "")), RULES, goodVectors()), 1)
            .toString()
            .contains("not for this version of the engine: oldest=1.1 newest= engine=1.0"));
    assertTrue(
        lint(bundle("no such thing\n", goodVectors()), 1)
            .toString()
            .contains("the engine refuses it: content: 1: not report, deny or fault"));
  }

  @Test
  void nothingOfATryIsLeft() throws Exception {
    lint(bundle(RULES + "fault crash-at-event 1\n", goodVectors()), 1);
    try (Stream<Path> left = Files.list(Path.of("/tmp"))) {
      assertFalse(left.anyMatch(each -> each.toString().contains("redoubt-lint-")));
    }
    Outcome groups =
        Outcome.of("find", "/sys/fs/cgroup", "-maxdepth", "3", "-name", "redoubt-lint-*");
    assertEquals(
        "", groups.output().lines().filter(line -> line.startsWith("/")).findFirst().orElse(""));
  }

  private List<TestVector> goodVectors() {
    return bundles.goodVectors();
  }

  private static BundleManifest manifest(String schema, VersionRange versions) {
    return DrillBundles.manifest(1, schema, versions, new Limits(2_000, 2_000, 64));
  }

  private Path bundle(String content, List<TestVector> vectors)
      throws IOException, ContentException {
    return bundle(manifest(SCHEMA, VersionRange.ALL), content, vectors);
  }

  private Path bundle(BundleManifest manifest, String content, List<TestVector> vectors)
      throws IOException, ContentException {
    return bundles.bundle(manifest, content, vectors);
  }

  private static Stream<JsonNode> problems(JsonNode report) {
    return report.get("problems").valueStream();
  }

  private static JsonNode lint(Path bundle, int status) throws IOException {
    Outcome outcome = redoubt("content", "lint", "--json", bundle);
    assertEquals(status, outcome.status(), outcome::output);
    // The engine may have printed something before.
    return new JsonMapper()
        .readTree(outcome.output().substring(outcome.output().lastIndexOf("{\"file")));
  }

  private static Outcome redoubt(Object... words) {
    return Outcome.within(
        LIMIT, Stream.concat(Stream.of(Distribution.frontDoor()), Stream.of(words)).toArray());
  }
}
