package redoubt.testing.conformance;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import redoubt.core.model.Sha256;

/// An engine of each version of the protocol, as it was when that was fixed, keeps the protocol
/// with the agent's side of today.
@Timeout(value = 600, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class FrozenEnginesTest {
  private static final Path FROZEN = Path.of("frozen").toAbsolutePath();

  static List<String> versions() throws Exception {
    try (Stream<Path> folders = Files.list(FROZEN)) {
      return folders
          .filter(Files::isDirectory)
          .map(folder -> String.valueOf(folder.getFileName()))
          .sorted()
          .toList();
    }
  }

  @ParameterizedTest
  @MethodSource("versions")
  void nobodyHasChangedIt(String version) throws Exception {
    List<String> lines = Files.readAllLines(FROZEN.resolve(version).resolve("frozen.sha256"));
    assertFalse(lines.isEmpty());
    for (String line : lines) {
      Path file = FROZEN.resolve(version).resolve(line.substring(66));
      assertEquals(line.substring(0, 64), Sha256.hash(Files.readAllBytes(file)).toString());
    }
  }

  @ParameterizedTest
  @MethodSource("versions")
  void itConformsToday(String version) throws Exception {
    KitRun run =
        KitRun.of(Engines.frozen(version), "--seed", "" + System.nanoTime(), "--fuzz", "50");
    assertEquals("", run.err());
    assertEquals(Main.OK, run.status(), run.out());
  }
}
