package redoubt.testing.architecture;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/// No engine is treated by its name: of the agent's code only its outermost package, which turns
/// options into registered engines, names those that come with an installation (`GOVERNANCE.md`).
final class NeutralityTest {
  private static final Path ROOT = SourceTree.ofThisRepository().root();
  private static final Path AGENT = ROOT.resolve("agent/src/main/java/redoubt/agent");

  private static Set<String> engines() throws IOException {
    try (Stream<Path> files = Files.walk(ROOT.resolve("packaging/engines"))) {
      return files
          .map(SourceTree::nameOf)
          .filter(name -> name.endsWith(".engine"))
          .map(name -> "\"" + name.substring(0, name.indexOf('.')) + "\"")
          .collect(Collectors.toUnmodifiableSet());
    }
  }

  @Test
  void noRoomOfTheAgentKnowsAnEngineByItsName() throws IOException {
    Set<String> engines = engines();
    assertTrue(engines.contains("\"scanner\"") && engines.size() > 4, engines.toString());
    List<String> found = new ArrayList<>();
    try (Stream<Path> files = Files.walk(AGENT)) {
      for (Path file : files.filter(each -> each.toString().endsWith(".java")).toList()) {
        String text = SourceTree.textOf(file);
        boolean isOutermost = AGENT.equals(file.getParent());
        if (!isOutermost && engines.stream().anyMatch(text::contains)) {
          found.add(AGENT.relativize(file).toString());
        }
      }
    }
    assertEquals(List.of(), found);
  }
}
