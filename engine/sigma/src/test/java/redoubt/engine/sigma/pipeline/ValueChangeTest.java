package redoubt.engine.sigma.pipeline;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.random.RandomGenerator;
import org.junit.jupiter.api.Test;
import redoubt.engine.sigma.Rules;
import redoubt.engine.sigma.Seeds;
import redoubt.engine.sigma.rule.RuleProblem;
import redoubt.engine.sigma.rule.RuleProblem.Kind;
import redoubt.engine.sigma.rule.TextPattern;

/// Transformations of values and of items as a whole.
class ValueChangeTest {
  @Test
  void replaceString() {
    Rules rules =
        Fitted.item(
            "A|startswith",
            "'C:\\Windows\\'",
            "{type: replace_string, regex: '^[A-Z]:\\\\(\\w+)', replacement: '\\\\Device\\\\\\1'}");
    assertTrue(rules.match("{\"A\": \"\\\\Device\\\\Windows\\\\x\"}"));
    assertFalse(rules.match("{\"A\": \"C:\\\\Windows\\\\x\"}"));
  }

  @Test
  void replaceStringSeesWildcardsAndMayMakeSome() {
    Rules widened = Fitted.item("A", "a-b", "{type: replace_string, regex: '-', replacement: '*'}");
    assertTrue(widened.match("{\"A\": \"a and b\"}"));
    Rules narrowed =
        Fitted.item(
            "A|contains", "x", "{type: replace_string, regex: '^\\*|\\*$', replacement: ''}");
    assertTrue(narrowed.match("{\"A\": \"x\"}"));
    assertFalse(narrowed.match("{\"A\": \"axb\"}"));
  }

  @Test
  void replaceStringWithoutSpecialCharacters() {
    String skipping = "{type: replace_string, regex: '.', replacement: '*', skip_special: true}";
    Rules literal = Fitted.item("A", "'?b'", skipping);
    assertTrue(literal.match("{\"A\": \"x*\"}"));
    assertFalse(literal.match("{\"A\": \"xy\"}"));
    Rules read =
        Fitted.item("A", "'?b'", skipping.replace("true}", "true, interpret_special: true}"));
    assertTrue(read.match("{\"A\": \"xyz\"}"));
  }

  @Test
  void replaceStringOfNumbersKeywordsAndDashes() {
    String step = "{type: replace_string, regex: '1', replacement: '2'}";
    assertTrue(Fitted.item("A", "4611", step).match("{\"A\": 4622}"));
    Rules keywords = Fitted.detecting("keys: [a1]\ncondition: keys", step);
    assertTrue(keywords.match("{\"F\": \"xa2y\"}"));
    assertFalse(keywords.match("{\"F\": \"xa1y\"}"));
    Rules dashes = Fitted.item("A|windash|contains", "' -a1'", step);
    assertTrue(dashes.match("{\"A\": \"x /a2\"}"));
  }

  @Test
  void replaceStringLeavesOtherTestsAlone() {
    String step = "{type: replace_string, regex: 'a', replacement: 'b'}";
    assertTrue(Fitted.item("A|re", "a+", step).match("{\"A\": \"aa\"}"));
    assertTrue(Fitted.item("A", "null", step).match("{\"B\": 1}"));
  }

  @Test
  void replaceStringKnowsGroupsByNameAndEscapes() {
    Rules rules =
        Fitted.item(
            "A",
            "key=value",
            "{type: replace_string, regex: '(?<k>\\w+)=(\\w+)',"
                + " replacement: '\\g<2>\\t\\g<k>\\\\\\g<0>$1\\.'}");
    assertTrue(rules.match("{\"A\": \"value\\tkey\\\\key=value$1\\\\.\"}"));
  }

  @Test
  void replacementsThatExplodeAreRefused() {
    String step = "{type: replace_string, regex: '.', replacement: '" + "x".repeat(10_000) + "'}";
    RuleProblem problem = Fitted.refusal("A", "a".repeat(5_000), step);
    assertTrue(problem.reason().contains("too much of the rule"), problem.reason());
  }

  @Test
  void mapString() {
    String step = "{type: map_string, mapping: {a: b, '*x*': ['y', 'z*']}}";
    Rules one = Fitted.item("A", "a", step);
    assertTrue(one.match("{\"A\": \"B\"}"));
    assertFalse(one.match("{\"A\": \"a\"}"));
    Rules several = Fitted.item("A|contains", "x", step);
    assertTrue(several.match("{\"A\": \"zebra\"}"));
    assertTrue(several.match("{\"A\": \"y\"}"));
    assertFalse(several.match("{\"A\": \"x\"}"));
    assertTrue(Fitted.item("A", "aa", step).match("{\"A\": \"aa\"}"));
  }

  @Test
  void setValue() {
    Rules text = Fitted.item("A|re", "x+", "{type: set_value, value: 'y*'}");
    assertTrue(text.match("{\"A\": \"yellow\"}"));
    assertFalse(text.match("{\"A\": \"xx\"}"));
    assertTrue(Fitted.item("A", "x", "{type: set_value, value: 5}").match("{\"A\": 5}"));
    assertTrue(Fitted.item("A", "x", "{type: set_value, value: null}").match("{\"B\": 5}"));
    assertTrue(
        Fitted.item("A", "x", "{type: set_value, value: 'true', force_type: str}")
            .match("{\"A\": true}"));
    assertTrue(
        Fitted.item("A", "x", "{type: set_value, value: '007', force_type: num}")
            .match("{\"A\": 7}"));
    Rules keywords = Fitted.detecting("keys: [a]\ncondition: keys", "{type: set_value, value: b}");
    assertTrue(keywords.match("{\"F\": \"xbx\"}"));
  }

  @Test
  void caseMattersWhereCapitalsCount() {
    Rules upper = Fitted.item("A|cased|contains", "aBc", "{type: case, method: upper}");
    assertTrue(upper.match("{\"A\": \"xABCx\"}"));
    assertFalse(upper.match("{\"A\": \"xaBcx\"}"));
    Rules lower = Fitted.item("A|cased", "ABC", "{type: case}");
    assertTrue(lower.match("{\"A\": \"abc\"}"));
  }

  @Test
  void regexSaysWhetherCapitalsCount() {
    Rules plain = Fitted.item("A", "a*C", "{type: regex, method: plain}");
    assertTrue(plain.match("{\"A\": \"abC\"}"));
    assertFalse(plain.match("{\"A\": \"Abc\"}"));
    Rules ignoring = Fitted.item("A|cased", "aC", "{type: regex}");
    assertTrue(ignoring.match("{\"A\": \"Ac\"}"));
  }

  @Test
  void convertType() {
    Rules number = Fitted.item("A", "'0012'", "{type: convert_type, target_type: num}");
    assertTrue(number.match("{\"A\": 12}"));
    assertTrue(
        Fitted.item("A|gt", "12", "{type: convert_type, target_type: num}").match("{\"A\": 13}"));
    assertTrue(
        Fitted.item("A", "12", "{type: convert_type, target_type: str}").match("{\"A\": \"12\"}"));
    RuleProblem problem = Fitted.refusal("A", "1x", "{type: convert_type, target_type: num}");
    assertEquals(Kind.PIPELINE, problem.kind());
    assertTrue(problem.reason().contains("value=1x"), problem.reason());
  }

  @Test
  void dropDetectionItem() {
    String step =
        "{type: drop_detection_item, field_name_conditions: [{type: include_fields, fields: [B]}]}";
    Rules rules = Fitted.detecting("sel: {A: x, B: y}\ncondition: sel", step);
    assertTrue(rules.match("{\"A\": \"x\"}"));
    assertFalse(rules.match("{\"B\": \"y\"}"));
    Rules filter = Fitted.detecting("sel: {A: x}\nnone: {B: y}\ncondition: sel and not none", step);
    assertTrue(filter.match("{\"A\": \"x\", \"B\": \"y\"}"));
    Rules either = Fitted.detecting("sel: [{A: x}, {B: y}]\ncondition: sel", step);
    assertFalse(either.match("{\"B\": \"y\"}"));
    RuleProblem nothing = Fitted.refusal("B", "[1, 2]", step);
    assertTrue(nothing.reason().contains("drop everything"), nothing.reason());
  }

  @Test
  void detectionItemFailure() {
    String step =
        "{type: detection_item_failure, message: no B here,"
            + " field_name_conditions: [{type: include_fields, fields: [B]}]}";
    assertEquals("no B here: pipeline=pipeline.yml:2", Fitted.refusal("B", "1", step).reason());
    assertTrue(Fitted.item("A", "1", step).match("{\"A\": 1}"));
  }

  @Test
  void hashesFields() {
    String step =
        "{type: hashes_fields, valid_hash_algos: [md5, SHA1], field_prefix: File,"
            + " field_name_conditions: [{type: include_fields, fields: [Hashes]}]}";
    String md5 = "0123456789abcdef0123456789abcdef";
    Rules rules =
        Fitted.item("Hashes|contains", "['SHA1=abc', 'IMPHASH=def', '" + md5 + "']", step);
    assertTrue(rules.match("{\"FileSHA1\": \"ABC\"}"));
    assertFalse(rules.match("{\"FileIMPHASH\": \"def\"}"));
    Rules bare = Fitted.item("Hashes", "'" + md5 + "'", step);
    assertTrue(bare.match("{\"FileMD5\": \"" + md5 + "\"}"));
    assertTrue(Fitted.refusal("Hashes", "IMPHASH=abc", step).reason().contains("field=Hashes"));
    assertTrue(
        Fitted.refusal("Hashes|contains|all", "[MD5=a, SHA1=b]", step)
            .reason()
            .contains("must all be found"));
  }

  /// What pipelines see of a pattern says all of it.
  @Test
  void plainTextSaysEverything() {
    RandomGenerator random = Seeds.random("plainTextSaysEverything");
    for (int i = Seeds.count(50_000); i > 0; i--) {
      TextPattern pattern = TextPattern.parse(Seeds.text(random, "\\\\*?a%", 8));
      assertEquals(pattern, PlainText.read(PlainText.of(pattern), false), pattern::toString);
      String usual = Seeds.text(random, "\\a:b", 8);
      assertEquals(usual, PlainText.of(TextPattern.literal(usual)));
    }
  }
}
