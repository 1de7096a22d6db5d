package redoubt.testing.simulation;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import redoubt.agent.health.Counter;
import redoubt.core.model.PlatformNotice;

/// `spec/failure-contract.md` names tests, counters and notices that exist.
class FailureContractDocumentTest {
  private static final Path ROOT = Path.of("../..").toAbsolutePath().normalize();
  private static final Pattern CODE = Pattern.compile("`([^`]+)`");
  private static final Pattern NOTICE = Pattern.compile("[A-Z]+_[A-Z]+|GAP|LOSS");
  private static final int COLUMNS = 7;
  private static final int SEEN = 4;
  private static final int METRICS = 5;
  private static final int TEST = 6;

  @Test
  void everyRowNamesATestThatExists() throws IOException {
    for (List<String> row : rows()) {
      Set<String> tests = code(row.get(TEST));
      assertTrue(!tests.isEmpty(), () -> "no test: " + row);
      for (String test : tests) {
        assertTrue(exists(test), () -> "no such test: " + test);
      }
    }
  }

  @Test
  void everySimulatedRowIsInTheTable() throws IOException {
    Set<String> named = new TreeSet<>();
    for (List<String> row : rows()) {
      named.addAll(code(row.get(TEST)));
    }
    Set<String> present =
        Arrays.stream(FailureContractTest.class.getDeclaredMethods())
            .filter(method -> method.isAnnotationPresent(Test.class))
            .map(method -> "FailureContractTest." + method.getName())
            .collect(Collectors.toCollection(TreeSet::new));
    named.removeIf(test -> !test.startsWith("FailureContractTest."));
    assertEquals(present, named);
  }

  @Test
  void everyMetricAndNoticeExists() throws IOException {
    Set<String> metrics =
        Arrays.stream(Counter.values()).map(Counter::metric).collect(Collectors.toSet());
    Set<String> known =
        Stream.of(PlatformNotice.Kind.values()).map(Enum::name).collect(Collectors.toSet());
    Set<String> causes = Set.of("NO_CREDIT", "ACTOR_THROTTLED");
    for (List<String> row : rows()) {
      for (String metric : code(row.get(METRICS))) {
        assertTrue(metrics.contains(metric), () -> "no such metric: " + metric);
      }
      for (String word : code(row.get(SEEN))) {
        assertTrue(
            !NOTICE.matcher(word).matches() || known.contains(word) || causes.contains(word),
            () -> "no such notice: " + word);
      }
    }
  }

  private static List<List<String>> rows() throws IOException {
    List<List<String>> rows;
    try (Stream<String> lines = Files.lines(ROOT.resolve("spec/failure-contract.md"))) {
      rows =
          lines
              .filter(line -> line.startsWith("| "))
              .skip(2)
              .map(line -> List.of(line.substring(2, line.length() - 2).split(" \\| ")))
              .toList();
    }
    assertTrue(rows.size() > 10, "the table is not where it was");
    for (List<String> row : rows) {
      assertEquals(COLUMNS, row.size(), row::toString);
    }
    return rows;
  }

  private static Set<String> code(String cell) {
    Set<String> words = new TreeSet<>();
    Matcher matcher = CODE.matcher(cell);
    while (matcher.find()) {
      words.add(matcher.group(1));
    }
    return words;
  }

  /// Whether a test class of any room has such a method.
  private static boolean exists(String test) throws IOException {
    String[] parts = test.split("\\.");
    String method = "void " + parts[1] + "(";
    try (Stream<Path> sources = Files.find(ROOT, 12, (path, _) -> isSource(path, parts[0]))) {
      for (Path source : sources.toList()) {
        if (Files.readString(source).contains(method)) {
          return true;
        }
      }
    }
    return false;
  }

  private static boolean isSource(Path path, String testClass) {
    return path.endsWith(testClass + ".java") && path.toString().contains("/src/test/java/");
  }
}
