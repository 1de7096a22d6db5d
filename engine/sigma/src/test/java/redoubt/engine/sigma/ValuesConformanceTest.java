package redoubt.engine.sigma;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;
import redoubt.engine.sigma.rule.RuleProblem.Kind;

/// Values and how they are matched, row by row of the Sigma specification 2.1.0.
class ValuesConformanceTest {
  @Test
  void aTextIsTheWholeValueCapitalsAside() {
    Rules rules = Rules.item("F", "'Straße Ünder'");
    assertTrue(rules.match("{\"F\": \"straße ÜNDER\"}"));
    assertFalse(rules.match("{\"F\": \"straße ünder!\"}"));
    assertFalse(rules.match("{\"F\": \"a straße ünder\"}"));
    assertFalse(rules.match("{}"));
  }

  @Test
  void aStarStandsForAnythingLineEndsIncluded() {
    Rules rules = Rules.item("F", "'begin*mid*end'");
    assertTrue(rules.match("{\"F\": \"BEGINmidend\"}"));
    assertTrue(rules.match("{\"F\": \"begin\\nx\\r\\nmid mid\\nend\"}"));
    assertFalse(rules.match("{\"F\": \"begin end\"}"));
    assertFalse(rules.match("{\"F\": \"begin mid end.\"}"));
    assertTrue(Rules.item("F", "'*'").match("{\"F\": \"\"}"));
    assertFalse(Rules.item("F", "'*'").match("{\"F\": null}"));
  }

  @Test
  void aQuestionMarkStandsForOneCharacterLineEndsIncluded() {
    Rules rules = Rules.item("F", "'a?c'");
    assertTrue(rules.match("{\"F\": \"a\\nc\"}"));
    assertTrue(rules.match("{\"F\": \"a€C\"}"));
    assertTrue(rules.match("{\"F\": \"a😀c\"}"));
    assertFalse(rules.match("{\"F\": \"ac\"}"));
    assertFalse(rules.match("{\"F\": \"abbc\"}"));
    assertTrue(Rules.item("F", "'???'").match("{\"F\": \"x€y\"}"));
    assertFalse(Rules.item("F", "'???'").match("{\"F\": \"xy\"}"));
  }

  @Test
  void aBackslashTakesTheMeaningOfAWildcard() {
    assertTrue(Rules.item("F", "'a\\*b'").match("{\"F\": \"a*b\"}"));
    assertFalse(Rules.item("F", "'a\\*b'").match("{\"F\": \"axb\"}"));
    assertTrue(Rules.item("F", "'a\\?b'").match("{\"F\": \"a?b\"}"));
    assertTrue(Rules.item("F", "'a\\\\*b'").match("{\"F\": \"a\\\\xxb\"}"));
    assertFalse(Rules.item("F", "'a\\\\*b'").match("{\"F\": \"axxb\"}"));
    assertTrue(Rules.item("F", "'a\\\\\\*b'").match("{\"F\": \"a\\\\*b\"}"));
    assertFalse(Rules.item("F", "'a\\\\\\*b'").match("{\"F\": \"a\\\\xb\"}"));
  }

  @Test
  void aBackslashBeforeAnythingElseIsOne() {
    assertTrue(Rules.item("F", "'C:\\dir\\x'").match("{\"F\": \"c:\\\\DIR\\\\X\"}"));
    assertTrue(Rules.item("F", "'C:\\\\dir'").match("{\"F\": \"c:\\\\dir\"}"));
    assertTrue(Rules.item("F", "'\\\\\\\\host'").match("{\"F\": \"\\\\\\\\host\"}"));
    assertTrue(Rules.item("F", "'end\\'").match("{\"F\": \"end\\\\\"}"));
  }

  @Test
  void numbersAndTruthValuesMatchTheirTexts() {
    assertTrue(Rules.item("F", "1").match("{\"F\": \"1\"}"));
    assertTrue(Rules.item("F", "1").match("{\"F\": 1}"));
    assertFalse(Rules.item("F", "1").match("{\"F\": 11}"));
    assertTrue(Rules.item("F", "'4624'").match("{\"F\": 4624}"));
    assertTrue(Rules.item("F", "0x10").match("{\"F\": 16}"));
    assertTrue(Rules.item("F", "true").match("{\"F\": true}"));
    assertTrue(Rules.item("F", "true").match("{\"F\": \"True\"}"));
    assertTrue(Rules.item("F", "'false'").match("{\"F\": false}"));
  }

  @Test
  void theEmptyTextIsPresentAndEmpty() {
    Rules rules = Rules.item("F", "''");
    assertTrue(rules.match("{\"F\": \"\"}"));
    assertFalse(rules.match("{\"F\": null}"));
    assertFalse(rules.match("{\"F\": \" \"}"));
    assertFalse(rules.match("{\"G\": \"\"}"));
  }

  @Test
  void nullIsMissingOrWithoutValue() {
    Rules rules = Rules.item("F", "null");
    assertTrue(rules.match("{\"F\": null}"));
    assertTrue(rules.match("{\"G\": 1}"));
    assertFalse(rules.match("{\"F\": \"\"}"));
    assertTrue(Rules.item("F", "~").match("{\"G\": 1}"));
    assertTrue(Rules.item("F", "'~'").match("{\"F\": \"~\"}"));
  }

  @Test
  void nullInAListIsRefused() {
    for (String list : new String[] {"[a, null]", "[null]", "[~, a]"}) {
      String detection = "sel:\n  F: " + list + "\ncondition: sel";
      assertEquals(Kind.STRUCTURE, Rules.refusal(detection).kind(), list);
    }
  }

  @Test
  void aListOfValuesIsOr() {
    Rules rules = Rules.item("F", "[a, b]");
    assertTrue(rules.match("{\"F\": \"a\"}"));
    assertTrue(rules.match("{\"F\": \"B\"}"));
    assertFalse(rules.match("{\"F\": \"c\"}"));
  }

  @Test
  void aMapIsAnd() {
    Rules rules = Rules.detecting("sel:\n  F: a\n  G: b\ncondition: sel");
    assertTrue(rules.match("{\"F\": \"a\", \"G\": \"b\"}"));
    assertFalse(rules.match("{\"F\": \"a\"}"));
  }

  @Test
  void aListOfMapsIsOrOfAnds() {
    Rules rules = Rules.detecting("sel:\n  - F: a\n    G: b\n  - H: c\ncondition: sel");
    assertTrue(rules.match("{\"F\": \"a\", \"G\": \"b\"}"));
    assertTrue(rules.match("{\"H\": \"c\"}"));
    assertFalse(rules.match("{\"F\": \"a\"}"));
  }

  @Test
  void keywordsStandAnywhereInTheEvent() {
    Rules rules = Rules.detecting("sel:\n  - 'mimi*katz'\n  - 4711\ncondition: sel");
    assertTrue(rules.match("{\"unasked\": {\"for\": \"the MIMI, the katz.\"}}"));
    assertTrue(rules.match("{\"number\": 147110}"));
    assertFalse(rules.match("{\"a\": \"mimi\", \"b\": \"katz\"}"));
  }

  @Test
  void keywordsWithAllMustAllBeInTheEventNotInOneField() {
    Rules rules = Rules.detecting("sel:\n  '|all':\n    - one\n    - two\ncondition: sel");
    assertTrue(rules.match("{\"a\": \"xonex\", \"b\": \"TWO\"}"));
    assertTrue(rules.match("{\"a\": \"two one\"}"));
    assertFalse(rules.match("{\"a\": \"one\", \"b\": \"one\"}"));
  }

  @Test
  void namesOfFieldsAreCasedAndWithoutSpaces() {
    assertTrue(Rules.item("ThreatName", "x").match("{\"Threat Name\": \"x\"}"));
    assertTrue(Rules.item("'Threat Name'", "x").match("{\"ThreatName\": \"x\"}"));
    assertFalse(Rules.item("threatname", "x").match("{\"ThreatName\": \"x\"}"));
    assertTrue(
        Rules.item("Provider_Name", "x")
            .match(
                "{\"Event\": {\"System\": {\"Provider\": {\"#attributes\": {\"Name\": \"x\"}}}}}"));
  }

  @Test
  void nestedFieldsHaveDottedNamesAndArraysSeveralValues() {
    assertTrue(Rules.item("a.b", "x").match("{\"a\": {\"b\": \"x\"}}"));
    assertTrue(Rules.item("a.b", "x").match("{\"a.b\": \"x\"}"));
    assertTrue(Rules.item("a", "x").match("{\"a\": [\"w\", \"x\"]}"));
    assertTrue(Rules.item("a.b", "x").match("{\"a\": [{\"b\": \"w\"}, {\"b\": \"x\"}]}"));
    assertFalse(Rules.item("a", "x").match("{\"a\": {\"b\": \"x\"}}"));
  }
}
