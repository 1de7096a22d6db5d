package redoubt.testing.conformance;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import redoubt.core.model.Sha256;

/// The engines of this repository keep the whole protocol, without an expected failure.
@Timeout(value = 600, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class EnginesConformTest {
  @Test
  void theSchemasAreThoseOfTheSpecification() throws Exception {
    assertEquals(schemaOf("hash-list.abnf"), EngineContent.HASH_LIST_SCHEMA);
    assertEquals(schemaOf("scanner-content.md"), EngineContent.SCANNER_SCHEMA);
  }

  private static String schemaOf(String file) throws Exception {
    return Sha256.hash(Files.readAllBytes(Path.of("../../spec", file))).toString();
  }

  @Test
  void theScannerConforms() throws Exception {
    requireConforms("scanner", Engines.scanner(), 20);
  }

  @Test
  void theEngineInCConforms() throws Exception {
    requireConforms("C", Engines.c(), 300);
  }

  @Test
  void theEngineInPythonConforms() throws Exception {
    requireConforms("Python", Engines.python(), 30);
  }

  @Test
  void anEngineMayTakeNoContentJudgeNothingOrHearNothing() throws Exception {
    for (String kind : List.of("contentless", "listener", "observer", "deaf")) {
      requireConforms(kind, Engines.wrong(kind), 20);
    }
  }

  private static void requireConforms(String name, List<String> engine, int standardInputs) {
    int inputs = Integer.getInteger("redoubt.fuzz.count", standardInputs);
    long seed = Long.getLong("redoubt.fuzz.seed", System.nanoTime());
    System.out.println(
        "EnginesConformTest, "
            + name
            + ": -Dredoubt.fuzz.count="
            + inputs
            + " -Dredoubt.fuzz.seed="
            + seed);
    KitRun run = KitRun.of(engine, "--seed", "" + seed, "--fuzz", "" + inputs);
    assertEquals("", run.err());
    assertEquals(Main.OK, run.status(), run.out());
    System.out.println(run.out().lines().reduce("", (_, last) -> last));
  }
}
