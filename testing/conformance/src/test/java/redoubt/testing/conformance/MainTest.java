package redoubt.testing.conformance;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// The program around the checks: its options, its report, its exit statuses.
@Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class MainTest {
  @TempDir private Path directory = Path.of("");

  @Test
  void everyCheckHasAnIdOfItsOwnAndOneLine() {
    List<Check> checks = Catalogue.checks();
    assertEquals(checks.size(), checks.stream().map(Check::id).distinct().count());
    for (Check check : checks) {
      assertTrue(check.id().matches("[a-z][a-z0-9-]{1,31}"), check.id());
      assertTrue(check.claim().length() <= 100, check.claim());
    }
  }

  @Test
  void everySectionStandsInTheSpecification() throws IOException {
    String specification = Files.readString(Path.of("../../spec/engine-protocol.md"));
    for (Check check : Catalogue.checks()) {
      assertTrue(
          specification.matches("(?s).*\\R##+ \\Q" + check.section() + "\\E\\R.*"),
          check.id() + ": " + check.section());
    }
  }

  @Test
  void everyCheckIsListed() {
    KitRun run = KitRun.of(List.of(), "--list");
    assertEquals(Main.OK, run.status());
    assertEquals(Catalogue.checks().size(), run.out().lines().count());
  }

  @Test
  void wrongUseIsTold() throws Exception {
    assertEquals(Main.USAGE, KitRun.of(List.of()).status());
    assertEquals(Main.USAGE, KitRun.of(List.of("/bin/true"), "--only", "nonsense").status());
    assertEquals(Main.USAGE, KitRun.of(List.of("/bin/true"), "--nonsense").status());
    assertEquals(Main.USAGE, KitRun.of(List.of("/bin/true"), "--fuzz", "0").status());
    KitRun unknown = KitRun.of(Engines.python(), "--xfails", xfails("ping\nnonsense\n").toString());
    assertEquals(Main.USAGE, unknown.status());
    assertTrue(unknown.err().contains("line=2 id=nonsense"), unknown.err());
  }

  @Test
  void anEngineWithContentOfItsOwnNeedsSome() throws Exception {
    KitRun without = KitRun.of(Engines.wrong("own-schema"), "--only", "content-loaded");
    assertEquals(Main.USAGE, without.status());
    assertTrue(without.err().contains("--content FILE"), without.err());
    String own = Files.writeString(directory.resolve("list"), "0".repeat(64) + "\n").toString();
    KitRun with =
        KitRun.of(
            Engines.wrong("own-schema"),
            "--only",
            "content-loaded,content-refused,content-decides",
            "--content",
            own);
    assertEquals(Main.OK, with.status(), with.out() + with.err());
    assertTrue(with.out().contains("2 PASS, 0 FAIL, 0 XFAIL, 0 XPASS, 1 SKIP"), with.out());
  }

  @Test
  void anExpectedFailureIsGood() throws Exception {
    String list = xfails("# known since the first release\nping  # wrong nonce\n").toString();
    KitRun run = KitRun.of(Engines.wrong("wrong-nonce"), "--only", "ping", "--xfails", list);
    assertEquals(Main.OK, run.status(), run.out());
    assertTrue(run.out().contains("XFAIL ping"), run.out());
  }

  @Test
  void anExpectedFailureThatPassesIsNot() throws Exception {
    String list = xfails("ping\n").toString();
    KitRun run = KitRun.of(Engines.python(), "--only", "ping", "--xfails", list);
    assertEquals(Main.FAILURES, run.status(), run.out());
    assertTrue(run.out().contains("XPASS ping"), run.out());
  }

  @Test
  void theReportIsAlsoJson() throws Exception {
    KitRun run = KitRun.of(Engines.python(), "--only", "ping,shutdown", "--json", "--seed", "7");
    assertEquals(Main.OK, run.status(), run.err());
    int passed = 0;
    try (JsonParser in = new JsonFactory().createParser(run.out())) {
      for (JsonToken token = in.nextToken(); token != null; token = in.nextToken()) {
        passed += "status".equals(in.currentName()) && "PASS".equals(in.getText()) ? 1 : 0;
      }
    }
    assertEquals(2, passed, run.out());
    assertTrue(run.out().contains("\"seed\":7"), run.out());
  }

  private Path xfails(String lines) throws IOException {
    return Files.writeString(directory.resolve(".xfails"), lines);
  }
}
