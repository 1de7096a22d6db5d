package redoubt.engine.sigma.rule;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import redoubt.engine.sigma.Seeds;
import redoubt.engine.sigma.rule.RuleProblem.Kind;

class RuleReaderTest {
  private static final String RULE =
      """
      title: A title
      id: 5a7d4e0e-0f0b-4c3c-9f7e-3a1f6f1e8a01
      name: a_name
      status: test
      description: |
        Two
        lines.
      author: Somebody
      tags:
        - attack.execution
        - attack.t1059
      logsource:
        category: Process_Creation
        product: linux
      detection:
        sel:
          Image|endswith: /sh
        condition: sel
      falsepositives:
        - None
      level: high
      """;

  private final RuleReader reader = new RuleReader(Placeholders.NONE);

  private RuleProblem refusal(String text) {
    RuleReader.Result result = reader.read("a.yml", text);
    assertEquals(List.of(), result.rules());
    assertEquals(1, result.problems().size(), result.problems().toString());
    return result.problems().getFirst();
  }

  @Test
  void readsEveryPart() {
    RuleReader.Result result = reader.read("a.yml", RULE);
    assertEquals(List.of(), result.problems());
    SigmaRule rule = result.rules().getFirst();
    assertEquals("A title", rule.title());
    assertEquals("5a7d4e0e-0f0b-4c3c-9f7e-3a1f6f1e8a01", rule.key());
    assertEquals("a_name", rule.name());
    assertEquals("test", rule.status());
    assertEquals("Two\nlines.", rule.description());
    assertEquals(SigmaRule.Level.HIGH, rule.level());
    assertEquals(List.of("attack.execution", "attack.t1059"), rule.tags());
    assertEquals(List.of("None"), rule.falsePositives());
    assertEquals(new LogSource("process_creation", "linux", ""), rule.logSource());
    assertEquals("a.yml:1", rule.origin().toString());
    assertEquals(
        new Selection.Field("Image", new ValueTest.Text(TextPattern.parse("*/sh"), false)),
        rule.selection());
  }

  @Test
  void readsSeveralDocumentsAndRefusesOneByOne() {
    String broken = RULE.replace("condition: sel", "condition: other");
    RuleReader.Result result =
        reader.read("a.yml", RULE + "---\n" + broken + "---\n" + RULE.replace("A title", "Third"));
    assertEquals(
        List.of("A title", "Third"), result.rules().stream().map(SigmaRule::title).toList());
    assertEquals(1, result.problems().size());
    // 21 lines of the first rule and one that separates them.
    assertEquals(22 + 18, result.problems().getFirst().origin().line());
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "title: A title|x: y|STRUCTURE",
        "logsource:|logs:|STRUCTURE",
        "detection:|detections:|STRUCTURE",
        "condition: sel|conditions: sel|STRUCTURE",
        "level: high|level: very high|STRUCTURE",
        "level: high|level: [high]|STRUCTURE",
        "level: high|title: again|STRUCTURE",
        "Image|1{: 2|YAML",
        "- attack.t1059|- {a: b}|STRUCTURE",
        "/sh|{a: b}|STRUCTURE",
        "/sh|[[a]]|STRUCTURE",
        "/sh|[]|STRUCTURE",
        "/sh|!!binary aGk=|YAML",
        "/sh|*alias|YAML",
        "Image|Image: \"\\q\" #|YAML"
      })
  void refusesWhatIsNoRule(String part, String replacement, Kind kind) {
    RuleProblem problem = refusal(RULE.replace(part, replacement));
    assertEquals(kind, problem.kind(), problem.reason());
    assertTrue(problem.origin().line() >= 1 && problem.origin().line() <= 21, problem.toString());
  }

  @Test
  void saysWhichKindsOfDocumentItDoesNotKnow() {
    assertEquals(Kind.UNSUPPORTED, refusal("title: C\naction: global\n").kind());
  }

  @Test
  void aFilterNarrowsTheRulesThatItIsFor() {
    String filter =
        """
        title: Not by administrators
        logsource: {product: linux}
        filter:
          rules: [a_name]
          known: {User|startswith: adm_}
          condition: not known
        """;
    FilterRule read = reader.read("f.yml", filter).filters().getFirst();
    SigmaRule rule = reader.read("a.yml", RULE).rules().getFirst();
    assertTrue(read.isFor(rule));
    assertEquals(
        new Selection.AllOf(List.of(rule.selection(), read.selection())),
        FilterRule.narrow(List.of(rule), List.of(read)).getFirst().selection());
    FilterRule any = reader.read("f.yml", filter.replace("[a_name]", "any")).filters().getFirst();
    assertTrue(any.isFor(rule));
    FilterRule other =
        reader.read("f.yml", filter.replace("a_name", "b_name")).filters().getFirst();
    assertEquals(rule, FilterRule.narrow(List.of(rule), List.of(other)).getFirst());
    FilterRule windows =
        reader.read("f.yml", filter.replace("linux", "windows")).filters().getFirst();
    assertEquals(rule, FilterRule.narrow(List.of(rule), List.of(windows)).getFirst());
    assertEquals(Kind.STRUCTURE, refusal(filter.replace("condition", "conditions")).kind());
  }

  @Test
  void refusesYamlBombs() {
    StringBuilder bomb = new StringBuilder("a0: &a0 [x, x, x, x, x, x, x, x, x, x]\n");
    for (int i = 1; i < 30; i++) {
      bomb.append("a" + i + ": &a" + i + " [")
          .append(("*a" + (i - 1) + ", ").repeat(9))
          .append("*a" + (i - 1))
          .append("]\n");
    }
    assertEquals(Kind.YAML, refusal(RULE + bomb).kind());
    String maps =
        RULE.replace("Image|endswith: /sh", "Image: &v [a]")
            .replace("condition: sel", "x: &x [{A: *v}]\n  condition: sel");
    assertEquals(1, reader.read("a.yml", maps).rules().size());
  }

  @Test
  void refusesDeepNestingAndEndlessText() {
    assertEquals(Kind.YAML, refusal("title: " + "[".repeat(100_000)).kind());
    assertEquals(Kind.YAML, refusal("#".repeat(RuleReader.LENGTH_LIMIT + 1)).kind());
    String recursive = RULE.replace("sel:\n    Image|endswith: /sh", "sel: &s\n    - *s");
    assertEquals(1, reader.read("a.yml", recursive).problems().size());
  }

  /// Whatever stands in the text: rules or problems.
  @Test
  void noTextMakesTheReaderFail() {
    RandomGenerator random = Seeds.random("noTextMakesTheReaderFail");
    int rules = 0;
    for (int i = Seeds.count(3_000); i > 0; i--) {
      StringBuilder text = new StringBuilder(RULE.replace("/sh", "[a*, 1, 'b?']"));
      for (int n = 1 + random.nextInt(6); n > 0; n--) {
        int at = random.nextInt(text.length());
        String other = Seeds.text(random, "[]{}:|&*!%@`'\"\\#,?-~ \n\t1aü", 3);
        text.replace(at, Math.min(text.length(), at + random.nextInt(3)), other);
      }
      RuleReader.Result result = reader.read("a.yml", text.toString());
      rules += result.rules().size();
      for (RuleProblem problem : result.problems()) {
        assertTrue(problem.origin().line() > 0 && !problem.reason().isEmpty(), problem.toString());
      }
    }
    assertTrue(rules > 0);
  }

  @Test
  void readsCharactersBeyondTheBasicPlaneWhereverTheyStand() {
    for (int i = 0; i < 1_100; i++) {
      String text = RULE.replace("Somebody", "x".repeat(i) + "😀".repeat(500));
      assertEquals(1, reader.read("a.yml", text).rules().size());
    }
  }

  @Test
  void readsNothingFromNothing() {
    assertEquals(List.of(), reader.read("a.yml", "").rules());
    assertEquals(List.of(), reader.read("a.yml", "# only a comment\n").problems());
  }
}
