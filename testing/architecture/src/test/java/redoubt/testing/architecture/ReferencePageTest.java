package redoubt.testing.architecture;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import redoubt.agent.health.Counter;
import redoubt.core.model.PlatformNotice;

/// Keeps the pages that repeat the code in step with it.
final class ReferencePageTest {
  private static final SourceTree TREE = SourceTree.ofThisRepository();

  /// A test that a page names: a class, and perhaps a method of it.
  private static final Pattern NAMED_TEST =
      Pattern.compile("`(\\w+Test)(?:\\.(\\w+))?`|`([\\w-]+\\.test\\.sh)`");

  @Test
  void theReferenceSaysWhatTheCodeSays() throws IOException {
    String wanted = new ReferencePage(TREE).text();
    Files.writeString(Path.of("target/reference.md"), wanted);
    assertEquals(
        wanted,
        SourceTree.textOf(TREE.root().resolve("docs/reference.md")),
        "docs/reference.md is out of date: testing/architecture/target/reference.md is the new one");
  }

  @Test
  void theCoverageIsThatOfTheRules() throws IOException {
    String wanted = new AttackPage(TREE).text();
    Files.writeString(Path.of("target/attack-coverage.md"), wanted);
    assertTrue(wanted.contains("| T1136.001 | "), wanted);
    assertEquals(
        wanted,
        SourceTree.textOf(TREE.root().resolve("docs/attack-coverage.md")),
        "docs/attack-coverage.md is out of date: testing/architecture/target/attack-coverage.md"
            + " is the new one");
  }

  @Test
  void theReferenceLeavesNothingOut() throws IOException {
    String page = new ReferencePage(TREE).text();
    for (Counter counter : Counter.values()) {
      assertTrue(page.contains("`" + counter.metric() + "`"), counter::metric);
    }
    for (PlatformNotice.Kind kind : PlatformNotice.Kind.values()) {
      assertTrue(page.contains("`" + kind.name() + "`"), kind::name);
    }
  }

  @Test
  void theOperatorIsToldOfEveryNotice() throws IOException {
    String guide = SourceTree.textOf(TREE.root().resolve("docs/guides/operate.md"));
    for (PlatformNotice.Kind kind : PlatformNotice.Kind.values()) {
      String shown = kind.name().toLowerCase(Locale.ROOT).replace('_', '-');
      assertTrue(guide.contains("`" + shown + "`"), kind::name);
    }
  }

  @Test
  void everyTestThatAssuranceNamesExists() throws IOException {
    Map<String, String> sources = new HashMap<>();
    for (Path file : TREE.files()) {
      String name = SourceTree.nameOf(file);
      if (name.endsWith("Test.java") || name.endsWith(".test.sh")) {
        sources.merge(name, SourceTree.textOf(file), String::concat);
      }
    }
    String page = SourceTree.textOf(TREE.root().resolve("ASSURANCE.md"));
    List<MatchResult> named = NAMED_TEST.matcher(page).results().toList();
    assertTrue(named.size() > 20, "named=" + named.size());
    for (MatchResult test : named) {
      String file = test.group(3) == null ? test.group(1) + ".java" : test.group(3);
      String source = sources.get(file);
      assertNotNull(source, file);
      assertTrue(test.group(2) == null || source.contains("void " + test.group(2)), test.group());
    }
  }

  @Test
  void theMapShowsEveryRoomAndFloor() throws IOException {
    String map = SourceTree.textOf(TREE.root().resolve("ARCHITECTURE.md"));
    for (String room : House.ROOMS.keySet()) {
      assertTrue(map.contains("\n| `" + room.replace('.', '/') + "` |"), room);
    }
    for (Map.Entry<String, Set<String>> floor : House.FLOORS.entrySet()) {
      String row =
          map.lines()
              .filter(line -> line.startsWith("| `" + floor.getKey() + "` |"))
              .filter(line -> line.split("\\|").length == 5)
              .findFirst()
              .orElse("");
      Set<String> uses = Set.of(row.split("\\|")[3].strip().split(", "));
      assertEquals(floor.getValue().isEmpty() ? Set.of("") : floor.getValue(), uses, row);
    }
  }
}
