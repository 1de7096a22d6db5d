package redoubt.engine.sigma.pipeline;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import redoubt.engine.sigma.RuleFiles;
import redoubt.engine.sigma.Rules;
import redoubt.engine.sigma.rule.RuleProblem;
import redoubt.engine.sigma.rule.RuleProblem.Kind;

/// Pipelines and values in files, and rules that are read with them.
class FilesTest {
  @TempDir private Path folder;

  private Path file(String name, String text) throws Exception {
    return Files.writeString(folder.resolve(name), text);
  }

  @Test
  void rulesAreReadWithPipelinesAndValues() throws Exception {
    Path rule =
        file(
            "rule.yml",
            Rules.text("sel: {'A|expand': '%who%', 'B|expand': '%x%'}\ncondition: sel"));
    Path filter =
        file(
            "filter.yml",
            """
            title: Filter
            logsource: {product: test}
            filter:
              rules: any
              known: {C: z}
              condition: not known
            """);
    Path pipeline =
        file("p.yml", "vars: {x: y}\n" + Fitted.steps("{type: field_name_suffix, suffix: .s}"));
    Path values = file("values.yml", "who: [root, 5]\n");
    ValueFile.Result read = ValueFile.read(values);
    assertTrue(read.problem().isEmpty());
    assertEquals(Map.of("who", List.of("root", "5")), read.placeholders().values());
    RuleFiles.Result result =
        RuleFiles.read(
            List.of(rule, filter),
            read.placeholders(),
            PipelineFiles.read(List.of(pipeline)).pipelines());
    assertEquals(List.of(), result.problems());
    Rules rules = Rules.of(result.rules());
    assertTrue(rules.match("{\"A.s\": 5, \"B.s\": \"y\"}"));
    assertEquals(List.of(), rules.matching("{\"A.s\": 5, \"B.s\": \"y\", \"C.s\": \"z\"}"));
  }

  @Test
  void everyFileThatIsNoPipelineIsToldOf() throws Exception {
    Path good = file("good.yml", Fitted.steps("{type: case}"));
    Path bad = file("bad.yml", "name: x\n" + Fitted.steps("{type: cases}"));
    Path binary = Files.write(folder.resolve("binary.yml"), new byte[] {'a', (byte) 0xFF});
    Path large = folder.resolve("large.yml");
    try (RandomAccessFile file = new RandomAccessFile(large.toFile(), "rw")) {
      file.setLength(100L << 20);
    }
    List<RuleProblem> problems = PipelineFiles.read(List.of(bad, good, binary, large)).problems();
    assertEquals(3, problems.size());
    assertEquals(bad + ":3: no such transformation: type=cases", problems.getFirst().toString());
    assertEquals(Kind.YAML, problems.get(1).kind());
    assertTrue(problems.getLast().reason().contains("limit="), problems.getLast().reason());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "- a",
        "x",
        "a: {b: c}",
        "a: [[b]]",
        "a: ~",
        "a: []",
        "'': b",
        "a: 1\na: 2",
        "a: [1"
      })
  void whatIsNoMapOfValuesIsRefused(String text) throws Exception {
    ValueFile.Result read = ValueFile.read(file("values.yml", text));
    assertEquals(Map.of(), read.placeholders().values());
    assertTrue(read.problem().orElseThrow().origin().line() > 0);
  }

  @Test
  void saysWhichFileIsMissing() {
    Path missing = folder.resolve("missing.yml");
    assertThrows(NoSuchFileException.class, () -> PipelineFiles.read(List.of(missing)));
    assertThrows(NoSuchFileException.class, () -> ValueFile.read(missing));
  }
}
