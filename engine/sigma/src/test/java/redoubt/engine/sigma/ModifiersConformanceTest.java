package redoubt.engine.sigma;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import redoubt.engine.sigma.rule.RuleProblem;
import redoubt.engine.sigma.rule.RuleProblem.Kind;

/// Modifiers, row by row of the Sigma specification 2.1.0, appendix "Modifiers".
class ModifiersConformanceTest {
  @Test
  void contains() {
    Rules rules = Rules.item("F|contains", "'b*C'");
    assertTrue(rules.match("{\"F\": \"aBxcd\"}"));
    assertFalse(rules.match("{\"F\": \"acb\"}"));
    assertTrue(Rules.item("F|contains", "'-e'").match("{\"F\": \"x -E y\"}"));
    assertTrue(Rules.item("F|contains", "12").match("{\"F\": 4123}"));
  }

  @Test
  void startswith() {
    Rules rules = Rules.item("F|startswith", "'ab'");
    assertTrue(rules.match("{\"F\": \"ABc\"}"));
    assertTrue(rules.match("{\"F\": \"ab\"}"));
    assertFalse(rules.match("{\"F\": \"cab\"}"));
  }

  @Test
  void endswith() {
    Rules rules = Rules.item("F|endswith", "'\\cmd.exe'");
    assertTrue(rules.match("{\"F\": \"C:\\\\Windows\\\\CMD.EXE\"}"));
    assertFalse(rules.match("{\"F\": \"C:\\\\Windows\\\\cmd.exe \"}"));
    assertFalse(rules.match("{\"F\": \"cmd.exe\"}"));
  }

  @Test
  void placesStandOnExpressionsAndFieldReferencesToo() {
    assertTrue(Rules.item("F|re|contains", "'b[0-9]'").match("{\"F\": \"ab1c\"}"));
    assertTrue(Rules.item("F|fieldref|startswith", "G").match("{\"F\": \"abc\", \"G\": \"AB\"}"));
    assertFalse(Rules.item("F|fieldref|startswith", "G").match("{\"F\": \"abc\", \"G\": \"bc\"}"));
    assertTrue(Rules.item("F|fieldref|endswith", "G").match("{\"F\": \"abc\", \"G\": \"bc\"}"));
    assertTrue(Rules.item("F|fieldref|contains", "G").match("{\"F\": \"abc\", \"G\": \"b\"}"));
  }

  @Test
  void all() {
    Rules rules = Rules.item("F|contains|all", "[one, two]");
    assertTrue(rules.match("{\"F\": \"two and one\"}"));
    assertFalse(rules.match("{\"F\": \"one\"}"));
    assertTrue(Rules.item("F|all", "one").match("{\"F\": \"one\"}"));
  }

  @Test
  void cased() {
    Rules rules = Rules.item("F|contains|cased", "'AbC'");
    assertTrue(rules.match("{\"F\": \"xAbCx\"}"));
    assertFalse(rules.match("{\"F\": \"xabcx\"}"));
    assertTrue(Rules.item("F|cased", "'A*c'").match("{\"F\": \"A---c\"}"));
    assertFalse(Rules.item("F|cased", "'A*c'").match("{\"F\": \"a---c\"}"));
  }

  @Test
  void exists() {
    Rules there = Rules.item("F|exists", "true");
    assertTrue(there.match("{\"F\": \"\"}"));
    assertTrue(there.match("{\"F\": null}"));
    assertTrue(there.match("{\"F\": []}"));
    assertTrue(there.match("{\"F\": {}}"));
    assertFalse(there.match("{\"G\": 1}"));
    Rules absent = Rules.item("F|exists", "false");
    assertTrue(absent.match("{\"G\": 1}"));
    assertFalse(absent.match("{\"F\": null}"));
    assertEquals(Kind.VALUE, Rules.refusal("sel:\n  F|exists: maybe\ncondition: sel").kind());
  }

  @Test
  void neq() {
    assertTrue(Rules.item("F|neq", "a").match("{\"F\": \"b\"}"));
    assertFalse(Rules.item("F|neq", "a").match("{\"F\": \"A\"}"));
    Rules none = Rules.item("F|neq", "[a, b]");
    assertTrue(none.match("{\"F\": \"c\"}"));
    assertFalse(none.match("{\"F\": \"b\"}"));
    assertTrue(none.match("{\"G\": \"b\"}"), "a field that is missing is not equal");
    Rules reference = Rules.item("F|fieldref|neq", "G");
    assertTrue(reference.match("{\"F\": \"a\", \"G\": \"b\"}"));
    assertFalse(reference.match("{\"F\": \"a\", \"G\": \"a\"}"));
  }

  @Test
  void re() {
    Rules rules = Rules.item("F|re", "'wor[l]d\\s+\\d{2,3}'");
    assertTrue(rules.match("{\"F\": \"hello world 42!\"}"));
    assertFalse(rules.match("{\"F\": \"hello WORLD 42!\"}"));
    assertFalse(rules.match("{\"F\": \"hello world 4!\"}"));
    assertTrue(Rules.item("F|re", "'^(?:a|b)+$'").match("{\"F\": \"abba\"}"));
    assertTrue(Rules.item("F|re", "'(?i)abc'").match("{\"F\": \"xABCx\"}"));
  }

  @Test
  void flagsOfRe() {
    assertTrue(Rules.item("F|re|i", "'begin.end'").match("{\"F\": \"BEGIN-END\"}"));
    assertFalse(Rules.item("F|re", "'begin.end'").match("{\"F\": \"begin\\nend\"}"));
    assertTrue(Rules.item("F|re|s", "'begin.end'").match("{\"F\": \"begin\\nend\"}"));
    assertFalse(Rules.item("F|re", "'^second$'").match("{\"F\": \"first\\nsecond\"}"));
    assertTrue(Rules.item("F|re|m", "'^second$'").match("{\"F\": \"first\\nsecond\"}"));
    assertTrue(Rules.item("F|re|i|m|s", "'^B.c$'").match("{\"F\": \"a\\nb\\nc\"}"));
    assertTrue(Rules.item("F|re|ignorecase|dotall", "'A.b'").match("{\"F\": \"a\\nb\"}"));
    assertEquals(Kind.MODIFIER, Rules.refusal("sel:\n  F|i: a\ncondition: sel").kind());
  }

  @ParameterizedTest
  @ValueSource(strings = {"'(unclosed'", "'a{3,2}'", "'(?=look)ahead'", "'(a)\\1'"})
  void anExpressionThatIsNoneOrNotLinearIsRefused(String expression) {
    RuleProblem problem = Rules.refusal("sel:\n  F|re: " + expression + "\ncondition: sel");
    assertEquals(Kind.VALUE, problem.kind());
    assertTrue(problem.reason().contains("regular expression"), problem.reason());
  }

  @ParameterizedTest
  @ValueSource(strings = {"-", "/", "\u2013", "\u2014", "\u2015"})
  void windashMeansEveryDashWhicheverTheRuleHas(String written) {
    Rules rules = Rules.item("F|contains|windash", "' " + written + "enc '");
    for (String dash : List.of("-", "/", "\u2013", "\u2014", "\u2015")) {
      assertTrue(rules.match("{\"F\": \"x " + dash + "ENC y\"}"), dash);
    }
    assertFalse(rules.match("{\"F\": \"x +enc y\"}"));
  }

  @Test
  void windashLeavesDashesWithinWordsAlone() {
    Rules rules = Rules.item("F|windash|contains", "'a-b -c -d'");
    assertTrue(rules.match("{\"F\": \"a-b /c \u2014d\"}"));
    assertFalse(rules.match("{\"F\": \"a/b -c -d\"}"));
    assertTrue(
        Rules.item("F|windash|contains", "'-a*-b ?-c -d'").match("{\"F\": \"/a 1 /b x/c /d\"}"));
  }

  @Test
  void base64() {
    Rules rules = Rules.item("F|base64|contains", "'ping'");
    assertTrue(rules.match("{\"F\": \"x " + base64("ping") + " y\"}"));
    assertEquals(Kind.VALUE, Rules.refusal("sel:\n  F|base64: 'a*'\ncondition: sel").kind());
  }

  @ParameterizedTest
  @ValueSource(strings = {"http://", "http:/", "http:", "ab", "Ünder"})
  void base64offsetIsFoundWhereverTheTextBeginsAndEnds(String text) {
    Rules rules = Rules.item("F|base64offset|contains", "'" + text + "'");
    for (String before : List.of("", "x", "xy", "xyz")) {
      for (String after : List.of("", "1", "12", "123")) {
        String encoded = base64(before + text + after);
        assertTrue(rules.match("{\"F\": \"" + encoded + "\"}"), before + text + after);
      }
    }
    if (text.length() > 2) {
      assertFalse(rules.match("{\"F\": \"" + base64("nothing of it") + "\"}"));
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"''", "a"})
  void base64offsetOfTooLittleIsRefused(String value) {
    String detection = "sel:\n  F|base64offset|contains: " + value + "\ncondition: sel";
    assertEquals(Kind.VALUE, Rules.refusal(detection).kind());
  }

  @Test
  void windashBeforeAnEncodingMeansEveryDash() {
    Rules rules = Rules.item("F|windash|base64offset|contains", "' -enc'");
    for (String dash : List.of("-", "/", "\u2013")) {
      assertTrue(rules.match("{\"F\": \"" + base64("x " + dash + "encode") + "\"}"), dash);
    }
  }

  @Test
  void utf16() {
    String word = "powershell";
    for (String modifier : List.of("wide", "utf16le")) {
      Rules rules = Rules.item("F|" + modifier + "|base64offset|contains", "'" + word + "'");
      byte[] bytes = ("x" + word).getBytes(StandardCharsets.UTF_16LE);
      assertTrue(rules.match("{\"F\": \"" + Base64.getEncoder().encodeToString(bytes) + "\"}"));
    }
    byte[] big = word.getBytes(StandardCharsets.UTF_16BE);
    assertTrue(
        Rules.item("F|utf16be|base64", "'" + word + "'")
            .match("{\"F\": \"" + Base64.getEncoder().encodeToString(big) + "\"}"));
    byte[] marked = ("\uFEFF" + word).getBytes(StandardCharsets.UTF_16LE);
    assertTrue(
        Rules.item("F|utf16|base64", "'" + word + "'")
            .match("{\"F\": \"" + Base64.getEncoder().encodeToString(marked) + "\"}"));
  }

  @Test
  void comparisons() {
    assertTrue(Rules.item("F|lt", "5").match("{\"F\": 4.5}"));
    assertFalse(Rules.item("F|lt", "5").match("{\"F\": 5}"));
    assertTrue(Rules.item("F|lte", "5").match("{\"F\": \"5\"}"));
    assertTrue(Rules.item("F|gt", "5.25").match("{\"F\": 5.5}"));
    assertTrue(Rules.item("F|gte", "-1").match("{\"F\": \"0x10\"}"));
    assertFalse(Rules.item("F|gt", "5").match("{\"F\": \"many\"}"));
    assertFalse(Rules.item("F|gt", "5").match("{\"F\": \"NaN\"}"));
    assertFalse(Rules.item("F|lt", "5").match("{}"));
    assertEquals(Kind.VALUE, Rules.refusal("sel:\n  F|gt: many\ncondition: sel").kind());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "2025-03-04T13:37:05Z",
        "2025-03-04T13:37:05.123+02:00",
        "2025-03-04 13:37:05.123",
        "2025-03-04T13:37"
      })
  void partsOfDates(String date) {
    String event = "{\"F\": \"" + date + "\"}";
    assertTrue(Rules.item("F|minute", "37").match(event));
    assertTrue(Rules.item("F|hour", "13").match(event), "no time zone is converted");
    assertTrue(Rules.item("F|day", "4").match(event));
    assertTrue(Rules.item("F|week", "10").match(event));
    assertTrue(Rules.item("F|month", "3").match(event));
    assertTrue(Rules.item("F|year", "2025").match(event));
    assertFalse(Rules.item("F|hour", "11").match(event));
    assertTrue(Rules.item("F|hour|gte", "13").match(event));
    assertFalse(Rules.item("F|hour|lt", "13").match(event));
  }

  @Test
  void partsOfWhatIsNoDate() {
    assertFalse(Rules.item("F|hour|gte", "0").match("{\"F\": \"yesterday\"}"));
    assertFalse(Rules.item("F|hour|gte", "0").match("{\"F\": \"2025-13-44T10:00:00Z\"}"));
  }

  @Test
  void cidr() {
    String[] four = {"192", "168"};
    Rules rules = Rules.item("F|cidr", "'" + four[0] + "." + four[1] + ".0.0/20'");
    assertTrue(rules.match("{\"F\": \"" + four[0] + "." + four[1] + ".15.255\"}"));
    assertFalse(rules.match("{\"F\": \"" + four[0] + "." + four[1] + ".16.0\"}"));
    assertTrue(rules.match("{\"F\": \"::ffff:" + four[0] + "." + four[1] + ".1.1\"}"));
    Rules six = Rules.item("F|cidr", "'2001:db8::/33'");
    assertTrue(six.match("{\"F\": \"2001:DB8:7fff::1\"}"));
    assertFalse(six.match("{\"F\": \"2001:db8:8000::1\"}"));
    assertTrue(Rules.item("F|cidr", "'fe80::/10'").match("{\"F\": \"fe80::1%eth0\"}"));
    assertFalse(six.match("{\"F\": \"example\"}"));
    assertEquals(
        Kind.VALUE, Rules.refusal("sel:\n  F|cidr: '2001:db8::/129'\ncondition: sel").kind());
    assertEquals(Kind.VALUE, Rules.refusal("sel:\n  F|cidr: 'example/8'\ncondition: sel").kind());
  }

  @Test
  void fieldref() {
    Rules rules = Rules.item("F|fieldref", "G");
    assertTrue(rules.match("{\"F\": \"same\", \"G\": \"SAME\"}"));
    assertFalse(rules.match("{\"F\": \"same\", \"G\": \"other\"}"));
    assertFalse(rules.match("{\"F\": \"same\"}"));
    assertFalse(rules.match("{}"));
    assertFalse(Rules.item("F|fieldref|cased", "G").match("{\"F\": \"same\", \"G\": \"SAME\"}"));
  }

  @Test
  void expand() {
    Rules rules = Rules.item("F|expand", "'%administrators%'");
    assertTrue(rules.match("{\"F\": \"ROOT\"}"));
    assertTrue(rules.match("{\"F\": \"adm7\"}"));
    assertFalse(rules.match("{\"F\": \"user\"}"));
    assertTrue(Rules.item("F|expand", "'x-%administrators%'").match("{\"F\": \"x-root\"}"));
    assertTrue(Rules.item("F|contains|expand", "'%administrators%'").match("{\"F\": \"xrooty\"}"));
    assertTrue(Rules.item("F|expand", "'100\\%'").match("{\"F\": \"100%\"}"));
    assertTrue(Rules.item("F", "'%administrators%'").match("{\"F\": \"%administrators%\"}"));
  }

  @Test
  void expandWithoutValuesIsRefused() {
    RuleProblem problem = Rules.refusal("sel:\n  F|expand: '%servers%'\ncondition: sel");
    assertEquals(Kind.PLACEHOLDER, problem.kind());
    assertTrue(problem.reason().contains("%servers%"), problem.reason());
    assertEquals(6, problem.origin().line());
  }

  @Test
  void anUnknownModifierIsRefused() {
    RuleProblem problem = Rules.refusal("sel:\n  F|sounds_like: a\ncondition: sel");
    assertEquals(Kind.MODIFIER, problem.kind());
    assertTrue(problem.reason().contains("sounds_like"), problem.reason());
  }

  private static String base64(String text) {
    return Base64.getEncoder().encodeToString(text.getBytes(StandardCharsets.UTF_8));
  }
}
