package redoubt.testing.system;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import redoubt.agent.journal.JournalLine;

/// Attacks by techniques of the ATT&CK matrix for Linux, really played in an [AttackRange], each
/// found by the starter rule that is there for it.
class AttacksTest {
  private static final Path ATTACKS = Path.of("src/test/attacks");
  private static final Path RULES = Path.of("../../packaging/content/rules/linux");
  private static final Duration PATIENCE = Duration.ofSeconds(20);
  private static final Duration SHORT_PATIENCE = Duration.ofSeconds(5);
  private static final String MISSED = "process_details_missed_total";
  private static final int LEAST_TECHNIQUES = 40;

  private static AttackRange range;

  /// @param script what is played
  /// @param technique its number in ATT&CK
  /// @param rule the name of the rule that finds it
  record Attack(Path script, String technique, String rule) {
    static Attack read(Path script) {
      try {
        String text = Files.readString(script);
        return new Attack(
            script, word(text, "# technique: (T[0-9.]+) "), word(text, "# rule: ([a-z0-9_]+)\n"));
      } catch (IOException e) {
        throw new AssertionError("cannot be read: script=" + script, e);
      }
    }

    String title() throws IOException {
      return word(Files.readString(RULES.resolve(rule + ".yml")), "^title: (.*)\n");
    }

    private static String word(String text, String pattern) {
      Matcher matcher = Pattern.compile(pattern).matcher(text);
      assertTrue(matcher.find(), () -> "missing: " + pattern + " in " + text);
      return matcher.group(1);
    }

    @Override
    public String toString() {
      return String.valueOf(script.getFileName());
    }
  }

  static List<Attack> attacks() throws IOException {
    try (Stream<Path> files = Files.list(ATTACKS)) {
      return files
          .filter(file -> file.toString().endsWith(".sh"))
          .sorted()
          .map(Attack::read)
          .toList();
    }
  }

  @BeforeAll
  static void start() throws Exception {
    range = AttackRange.start(RULES);
  }

  @AfterAll
  static void stop() throws Exception {
    range.close();
  }

  /// A program that has ended before its arguments were read is a known gap, and counted; an attack
  /// is played again if that happened, and only then.
  @ParameterizedTest
  @MethodSource("attacks")
  void anAttackIsFoundByItsRule(Attack attack) throws Exception {
    for (int left = 3; !isFound(attack, left == 1 ? PATIENCE : SHORT_PATIENCE); left--) {
      assertTrue(left > 1, () -> attack + " was not found by " + attack.rule());
    }
  }

  /// Plays an attack.
  ///
  /// @return false if it was not found, and programs ended too soon to be looked at
  private static boolean isFound(Attack attack, Duration patience) throws Exception {
    String title = attack.title();
    long before = newest();
    long missedBefore = range.agent().counter(MISSED);
    Outcome outcome = range.play(attack.script());
    assertEquals(0, outcome.status(), outcome::output);
    try {
      range
          .agent()
          .awaitLine(
              attack + " found by " + attack.rule() + ", which printed " + outcome.output(),
              patience,
              line ->
                  line.sequence() > before
                      && line.kind() == JournalLine.Kind.FINDING
                      && line.message().equals(title)
                      && line.raw().contains("\"sigma\""));
      return true;
    } catch (AssertionError e) {
      if (range.agent().counter(MISSED) == missedBefore) {
        throw e;
      }
      return false;
    }
  }

  private static long newest() throws Exception {
    return range.agent().awaitLine("anything", _ -> true).sequence();
  }

  @Test
  void fortyTechniquesAreCovered() throws IOException {
    long techniques = attacks().stream().map(Attack::technique).distinct().count();
    assertTrue(techniques >= LEAST_TECHNIQUES, () -> "techniques=" + techniques);
  }
}
