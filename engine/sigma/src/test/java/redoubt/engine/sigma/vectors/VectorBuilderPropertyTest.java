package redoubt.engine.sigma.vectors;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import redoubt.engine.sigma.RuleFiles;
import redoubt.engine.sigma.vectors.Gap.Reason;

/// Rules that nobody thought of: whatever is derived from them comes out in the engine as it says,
/// and the reference and the matcher agree.
class VectorBuilderPropertyTest {
  private static final int RULES = 60;

  private static final List<List<String>> KINDS =
      List.of(
          List.of("process_creation", "Image", "CommandLine", "User", "ParentImage"),
          List.of("file_event", "TargetFilename", "Image", "User", "CurrentDirectory"),
          List.of("network_connection", "DestinationPort", "DestinationIp", "Image", "User"),
          List.of("auditd", "name", "comm", "a0", "a1"),
          List.of("logon", "TargetUserName", "Terminal", "IpAddress", "Image"));

  private static final List<String> WORDS =
      List.of("/tmp/", "sh", "'a b'", "/bin/sh", "é", "'x*y'", "'?z'", "-e", "10.1.", "443", "SH");

  private static final List<String> MODIFIERS =
      List.of(
          "",
          "|contains",
          "|startswith",
          "|endswith",
          "|cased",
          "|contains|windash",
          "|neq",
          "|contains|all",
          "|endswith|cased");

  private static final List<String> OTHERS =
      List.of(
          "|re: '^/(tmp|var/[a-z]+)/x{2,}'",
          "|re|i: 'sh\\s+-[ec]+'",
          "|re: '\\d{2}(ab|c)?$'",
          "|gt: 80",
          "|lte: 443",
          "|exists: true",
          "|exists: false",
          ": null",
          "|cidr: 10.1.0.0/16",
          "|hour: 7",
          "|fieldref|contains: User");

  private final List<String> conditions =
      List.of(
          "a and b",
          "a or b",
          "a and not b",
          "not a and b",
          "a and (b or c)",
          "1 of them",
          "all of them",
          "a and not (b and c)",
          "(a or b) and not c",
          "not (a or b) or c");

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8})
  void whatIsDerivedComesOut(long seed) {
    SplittableRandom random = new SplittableRandom(seed);
    String[] files =
        IntStream.range(0, RULES).mapToObj(i -> rule("r" + i, random)).toArray(String[]::new);
    RuleFiles.Result rules = Derivation.read(files);
    Derived derived = VectorBuilder.derive(rules, _ -> {});
    assertEquals(
        List.of(),
        derived.gaps().stream().filter(gap -> gap.reason() == Reason.DISAGREEMENT).toList());
    assertEquals(List.of(), Derivation.failing(derived.vectors(), rules));
    assertTrue(
        derived.coverage().coveredTests() > derived.coverage().tests() / 2,
        derived.coverage().toString());
  }

  private String rule(String name, SplittableRandom random) {
    List<String> kind = one(KINDS, random);
    List<String> fields = kind.subList(1, kind.size());
    StringBuilder detection = new StringBuilder();
    for (String part : List.of("a", "b", "c")) {
      detection.append(part).append(":\n");
      List<String> left = new ArrayList<>(fields);
      for (int n = 1 + random.nextInt(2); n > 0; n--) {
        String field = left.remove(random.nextInt(left.size()));
        detection.append("  ").append(field).append(test(random)).append('\n');
      }
    }
    detection.append("condition: ").append(one(conditions, random));
    return Derivation.rule(name, kind.getFirst(), detection.toString());
  }

  private static String test(SplittableRandom random) {
    if (random.nextInt(4) == 0) {
      return one(OTHERS, random);
    }
    StringBuilder test = new StringBuilder(one(MODIFIERS, random)).append(':');
    for (int n = 1 + random.nextInt(3); n > 0; n--) {
      test.append("\n    - ").append(one(WORDS, random));
    }
    return test.toString();
  }

  private static <T> T one(List<T> all, SplittableRandom random) {
    return all.get(random.nextInt(all.size()));
  }
}
