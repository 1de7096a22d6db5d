package redoubt.engine.scanner.yara;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.SequencedMap;
import java.util.TreeMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/// The real library of this host.
class YaraRulesTest {
  private static final Duration LIMIT = Duration.ofSeconds(10);

  private static final String EVIL =
      """
      rule evil : tag {
        meta:
          author = "somebody"
          level = 3
          description = "An évil word"
        strings:
          $word = "EVIL"
        condition:
          $word
      }
      """;

  private final Map<String, List<String>> problems = new TreeMap<>();

  private YaraRules rules(String... sources) throws YaraException {
    SequencedMap<String, byte[]> files = new LinkedHashMap<>();
    for (int i = 0; i < sources.length; i++) {
      files.put("file-" + i + ".yar", sources[i].getBytes(UTF_8));
    }
    return YaraRules.compile(files, problems);
  }

  private static List<YaraMatch> scan(YaraRules rules, byte[] content) throws YaraException {
    return scan(rules, content, Map.of());
  }

  private static List<YaraMatch> scan(
      YaraRules rules, byte[] content, Map<String, String> variables) throws YaraException {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment memory = arena.allocate(Math.max(1, content.length));
      MemorySegment.copy(content, 0, memory, ValueLayout.JAVA_BYTE, 0, content.length);
      return rules.scan(memory.asSlice(0, content.length), variables, LIMIT);
    }
  }

  private static List<String> names(List<YaraMatch> matches) {
    return matches.stream().map(YaraMatch::rule).toList();
  }

  @Test
  void aRuleThatHoldsIsNamedWithWhatItsAuthorSays() throws Exception {
    YaraRules rules = rules(EVIL);
    assertEquals(
        List.of(new YaraMatch("evil", "file-0.yar", "An évil word")),
        scan(rules, "some EVIL text".getBytes(UTF_8)));
    assertEquals(List.of(), scan(rules, "some good text".getBytes(UTF_8)));
    assertEquals(List.of(), scan(rules, new byte[0]));
    assertEquals(1, rules.count());
  }

  @Test
  void filesDoNotSeeEachOther() throws Exception {
    YaraRules rules = rules(EVIL, EVIL.replace("\"EVIL\"", "\"other\""));
    assertEquals(Map.of(), problems);
    assertEquals(
        List.of("file-1.yar"),
        scan(rules, "other".getBytes(UTF_8)).stream().map(YaraMatch::namespace).toList());
    assertEquals(2, rules.count());
  }

  @Test
  void whatIsWrongIsNamedAndLeftOut() throws Exception {
    YaraRules rules =
        rules("rule broken {\n condition:\n nonsense }", EVIL, "include \"/etc/passwd\"");
    assertEquals(List.of("evil"), names(scan(rules, "EVIL".getBytes(UTF_8))));
    assertEquals(List.of("line 3: undefined identifier \"nonsense\""), problems.get("file-0.yar"));
    assertTrue(problems.containsKey("file-2.yar"), problems::toString);
    assertEquals(2, problems.size());
  }

  @Test
  void ifNothingIsLeftThereAreNoRules() {
    assertThrows(YaraException.class, () -> rules("rule"));
    assertEquals(1, problems.size());
  }

  @Test
  void rulesMayAskForTheName() throws Exception {
    YaraRules rules =
        rules(
            "rule named { condition: filename == \"a.exe\" and filepath contains \"/tmp/\""
                + " and extension == \".exe\" and filetype == \"\" and owner == \"\" and md5 == \"\" }");
    Map<String, String> variables =
        Map.of("filename", "a.exe", "filepath", "/tmp/a.exe", "extension", ".exe");
    assertEquals(List.of("named"), names(scan(rules, new byte[1], variables)));
    assertEquals(List.of(), scan(rules, new byte[1]));
  }

  @Test
  void modulesAreThere() throws Exception {
    YaraRules rules =
        rules(
            "import \"hash\" import \"math\" import \"elf\" import \"pe\""
                + " rule h { condition: hash.md5(0, filesize) == \"0cc175b9c0f1b6a831c399e269772661\""
                + " and math.entropy(0, filesize) == 0.0 }");
    assertEquals(List.of("h"), names(scan(rules, "a".getBytes(UTF_8))));
  }

  @Test
  void privateRulesAreNotNamedAndManyAreCut() throws Exception {
    StringBuilder many = new StringBuilder("private rule hidden { condition: true }\n");
    for (int i = 0; i < 2 * YaraRules.MOST_MATCHES; i++) {
      many.append("rule r").append(i).append(" { condition: hidden }\n");
    }
    List<String> names = names(scan(rules(many.toString()), new byte[1]));
    assertEquals(YaraRules.MOST_MATCHES, names.size());
    assertTrue(!names.contains("hidden"), names::toString);
  }

  /// Each of a million places is compared with all that follow.
  @Test
  void aRuleThatTakesTooLongIsGivenUp() throws Exception {
    YaraRules rules =
        rules("rule slow { condition: for all i in (0..100000000) : (uint8(i % filesize) == 0) }");
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment zeros = arena.allocate(1_000_000);
      YaraException given =
          assertThrows(
              YaraException.class, () -> rules.scan(zeros, Map.of(), Duration.ofMillis(10)));
      assertTrue(String.valueOf(given.getMessage()).contains("not done in time"), given::toString);
    }
    assertEquals(List.of(), scan(rules("rule never { condition: false }"), new byte[1]));
  }

  @Test
  void severalThreadsScanAtATime() throws Exception {
    YaraRules rules = rules(EVIL);
    byte[] bad = ("x".repeat(100_000) + "EVIL").getBytes(UTF_8);
    byte[] good = "x".repeat(100_000).getBytes(UTF_8);
    try (ExecutorService threads = Executors.newFixedThreadPool(4)) {
      List<Future<Boolean>> right = new ArrayList<>();
      for (int i = 0; i < 400; i++) {
        boolean evil = i % 3 == 0;
        right.add(threads.submit(() -> scan(rules, evil ? bad : good).size() == (evil ? 1 : 0)));
      }
      for (Future<Boolean> each : right) {
        assertTrue(each.get(60, TimeUnit.SECONDS));
      }
    }
  }

  /// Nobody may break the compiler with a source: it says what is wrong, or takes it.
  @Test
  void anySourceIsTakenOrRefused() throws Exception {
    int count = Integer.getInteger("redoubt.fuzz.count", 300);
    long seed = Long.getLong("redoubt.fuzz.seed", System.nanoTime());
    System.out.println(
        "YaraRulesTest: -Dredoubt.fuzz.count=" + count + " -Dredoubt.fuzz.seed=" + seed);
    Random random = new Random(seed);
    int refused = 0;
    for (int i = 0; i < count; i++) {
      byte[] source = mutated(random);
      SequencedMap<String, byte[]> files = new LinkedHashMap<>();
      files.put("fuzzed", source);
      try {
        scan(YaraRules.compile(files, problems), source);
      } catch (YaraException _) {
        refused++;
      }
    }
    assertTrue(refused > 0, "no source was broken: seed=" + seed);
  }

  private static byte[] mutated(Random random) {
    byte[] source =
        EVIL.replace("$word = \"EVIL\"", "$a = /a+b?[c-e]{2,5}/ $b = { 01 ?? [2-4] 03 }")
            .replace("$word", "any of them")
            .getBytes(ISO_8859_1);
    int changes = 1 + random.nextInt(4);
    for (int i = 0; i < changes; i++) {
      source[random.nextInt(source.length)] = (byte) random.nextInt(256);
    }
    return source;
  }
}
