package redoubt.engine.sigma.pipeline;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;
import redoubt.engine.sigma.Rules;
import redoubt.engine.sigma.rule.RuleProblem;
import redoubt.engine.sigma.rule.RuleProblem.Kind;

/// Transformations that give fields other names.
class FieldChangeTest {
  private static final String A_IS_B = "{type: field_name_mapping, mapping: {A: B}}";
  private static final String A_IS_B_OR_C = "{type: field_name_mapping, mapping: {A: [B, C]}}";

  @Test
  void fieldNameMappingToOneName() {
    Rules rules = Fitted.item("A|contains", "[x, z]", A_IS_B);
    assertTrue(rules.match("{\"B\": \"axb\"}"));
    assertTrue(rules.match("{\"B\": \"azb\"}"));
    assertFalse(rules.match("{\"A\": \"axb\"}"));
    assertTrue(Fitted.item("Other", "x", A_IS_B).match("{\"Other\": \"x\"}"));
  }

  @Test
  void fieldNameMappingToSeveralNamesMeansOneOfThem() {
    Rules rules = Fitted.item("A", "x", A_IS_B_OR_C);
    assertTrue(rules.match("{\"B\": \"x\"}"));
    assertTrue(rules.match("{\"C\": \"x\"}"));
    assertFalse(rules.match("{\"A\": \"x\"}"));
  }

  @Test
  void whatMustAllBeFoundIsFoundInOneOfTheFields() {
    Rules rules = Fitted.item("A|contains|all", "[x, y]", A_IS_B_OR_C);
    assertTrue(rules.match("{\"C\": \"yx\"}"));
    assertFalse(rules.match("{\"B\": \"x\", \"C\": \"y\"}"));
  }

  @Test
  void theOppositeOfEqualMeansNoneOfTheFields() {
    Rules rules = Fitted.item("A|neq", "x", A_IS_B_OR_C);
    assertTrue(rules.match("{\"B\": \"y\", \"C\": \"z\"}"));
    assertFalse(rules.match("{\"B\": \"x\", \"C\": \"z\"}"));
  }

  @Test
  void namesInValuesAreMappedToo() {
    Rules rules = Fitted.item("D|fieldref", "A", A_IS_B);
    assertTrue(rules.match("{\"D\": \"1\", \"B\": \"1\"}"));
    assertFalse(rules.match("{\"D\": \"1\", \"A\": \"1\"}"));
    Rules several = Fitted.item("D|fieldref|endswith", "A", A_IS_B_OR_C);
    assertTrue(several.match("{\"D\": \"01\", \"C\": \"1\"}"));
  }

  @Test
  void spacesInNamesDoNotCount() {
    Rules rules =
        Fitted.item("Threat Name", "x", "{type: field_name_mapping, mapping: {Threat Name: T N}}");
    assertTrue(rules.match("{\"T N\": \"x\"}"));
  }

  @Test
  void fieldNamePrefixMapping() {
    String step = "{type: field_name_prefix_mapping, mapping: {win.: [w., v.], wi: z}}";
    Rules rules = Fitted.item("win.user", "x", step);
    assertTrue(rules.match("{\"w.user\": \"x\"}"));
    assertTrue(rules.match("{\"v.user\": \"x\"}"));
    assertFalse(rules.match("{\"zn.user\": \"x\"}"));
    assertTrue(Fitted.item("wire", "x", step).match("{\"zre\": \"x\"}"));
    assertTrue(Fitted.item("a.win.", "x", step).match("{\"a.win.\": \"x\"}"));
  }

  @Test
  void fieldNamePrefixAndSuffix() {
    Rules rules =
        Fitted.detecting(
            "sel: {A: x}\nkey: [anywhere]\ncondition: sel and key",
            "{type: field_name_prefix, prefix: p.}",
            "{type: field_name_suffix, suffix: .s}");
    assertTrue(rules.match("{\"p.A.s\": \"x\", \"F\": \"is anywhere\"}"));
    assertFalse(rules.match("{\"p.A\": \"x\", \"F\": \"anywhere\"}"));
  }

  @Test
  void detectionsThatStandTwiceAreChangedOnce() {
    Rules rules =
        Fitted.detecting(
            "a: {A: x}\nb: {D: y}\ncondition: (a and b) or (a and not b)",
            "{type: field_name_prefix, prefix: p.}");
    assertTrue(rules.match("{\"p.A\": \"x\"}"));
    assertFalse(rules.match("{\"p.p.A\": \"x\"}"));
  }

  @Test
  void aNameThatGrowsTooLongIsRefused() {
    RuleProblem problem =
        Fitted.refusal("A", "x", "{type: field_name_prefix, prefix: " + "p".repeat(1_000) + "}");
    assertEquals(Kind.PIPELINE, problem.kind());
    assertTrue(problem.reason().endsWith("limit=1000: pipeline=pipeline.yml:2"), problem.reason());
  }

  @Test
  void namesThatMultiplyAreRefused() {
    StringBuilder names = new StringBuilder("A0");
    for (int i = 1; i < 50_000; i++) {
      names.append(", A").append(i);
    }
    RuleProblem problem =
        Fitted.refusal(
            "A",
            "[" + "1, ".repeat(50) + "1]",
            "{type: field_name_mapping, mapping: {A: [" + names + "]}}");
    assertTrue(problem.reason().contains("too much of the rule"), problem.reason());
  }
}
