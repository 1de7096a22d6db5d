package redoubt.testing.conformance;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.Timeout;

/// Engines that break one rule each are caught by the check that is named for it.
@Timeout(value = 300, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class WrongEnginesTest {
  /// Faults of `wrong_engine.py`, and the checks that have to fail.
  private static final Map<String, List<String>> FAULTS = faults();

  private static Map<String, List<String>> faults() {
    Map<String, List<String>> faults = new TreeMap<>();
    faults.put("orphan", List.of("hello"));
    faults.put("chatty", List.of("hello-then-silence"));
    faults.put("speaks-later", List.of("version-agreed"));
    faults.put("refuses-unknown-fields", List.of("version-newer-agent", "unknown-fields"));
    faults.put("forgets-older", List.of("version-older-agent"));
    faults.put("any-version", List.of("version-not-mine"));
    faults.put("ignores-refusal", List.of("version-none-common", "refused-later"));
    faults.put("wants-classes", List.of("grants-fewer-classes"));
    faults.put("greedy", List.of("grants-fewer-credits"));
    faults.put("early-ready", List.of("ready-after-content"));
    faults.put("welcomes-again", List.of("welcome-twice"));
    faults.put("pings-early", List.of("ping-before-welcome"));
    faults.put("judges-early", List.of("events-before-ready"));
    faults.put("names-other-content", List.of("content-loaded"));
    faults.put("takes-anything", List.of("content-refused"));
    faults.put("forgets-content", List.of("content-refused-keeps-old"));
    faults.put("refuses-twice", List.of("content-empty"));
    faults.put("aborts-on-digest", List.of("content-wrong-digest"));
    faults.put("loads-short", List.of("content-too-short"));
    faults.put(
        "does-without-descriptors", List.of("content-without-descriptor", "descriptor-missing"));
    faults.put("takes-unwanted-content", List.of("content-unwanted"));
    faults.put("other-version", List.of("content-version-in-verdicts"));
    faults.put("names-old-content", List.of("content-change"));
    faults.put("keeps-content-open", List.of("content-replaced-is-closed"));
    faults.put("allows-all", List.of("content-decides"));
    faults.put("answers-twice", List.of("events-answered-once"));
    faults.put("forgets-one", List.of("events-answered-once", "credits-one"));
    faults.put("answers-others", List.of("events-full-message"));
    faults.put("slow", List.of("events-in-time"));
    faults.put("slow-together", List.of("events-in-time-under-load"));
    faults.put("gives-up", List.of("events-without-time"));
    faults.put("answers-waiting-only", List.of("events-not-answerable"));
    faults.put("needs-digest", List.of("events-without-digest"));
    faults.put("needs-descriptor", List.of("events-without-descriptor"));
    faults.put("denies-the-unknown", List.of("events-with-nothing"));
    faults.put("wide-scope", List.of("scope-unstable-file"));
    faults.put("leaks-descriptors", List.of("descriptors-closed"));
    faults.put("moves-offset", List.of("descriptor-offset"));
    faults.put("little-room", List.of("credits-window"));
    faults.put("ignores-credit", List.of("credits-exceeded"));
    faults.put("drops-cancelled", List.of("cancelled-events"));
    faults.put("allows-in-monitor", List.of("mode-changed"));
    faults.put("wrong-nonce", List.of("ping"));
    faults.put("wrong-number", List.of("ping"));
    faults.put("sends-descriptor", List.of("ping"));
    faults.put("late-pong", List.of("ping-under-load"));
    faults.put("drops-what-is-not-read", List.of("agent-reads-late"));
    faults.put("handles-nothing", List.of("activity-handled", "activity-extremes"));
    faults.put("handles-ahead", List.of("activity-handled"));
    List<String> shutdowns = idsThatStartWith("shutdown");
    faults.put("ignores-shutdown", shutdowns);
    faults.put("fails-at-shutdown", shutdowns);
    faults.put("stays", idsThatStartWith("hang-up"));
    faults.put("ignores-gaps", List.of("sequence-gap", "sequence-repeated"));
    faults.put(
        "lenient", List.of("malformed-field-twice", "malformed-wire-type", "sequence-twice"));
    faults.put("limitless", List.of("value-event-without-id", "limit-cancel"));
    faults.put("takes-stray-descriptors", List.of("descriptor-stray"));
    faults.put(
        "swallows",
        idsThatStartWith("malformed", "value", "limit", "sequence", "content-too-large"));
    faults.put("quietly-ends", List.of("malformed-no-body"));
    faults.put("grows", List.of("fuzz-messages"));
    faults.put("crashes", List.of("fuzz-bytes"));
    faults.put("hangs", List.of("fuzz-bytes"));
    return faults;
  }

  private static List<String> idsThatStartWith(String... starts) {
    return Catalogue.checks().stream()
        .map(Check::id)
        .filter(id -> Stream.of(starts).anyMatch(id::startsWith))
        .toList();
  }

  @TestFactory
  Stream<DynamicTest> everyFaultIsCaughtByItsChecks() {
    return FAULTS.entrySet().stream()
        .map(fault ->
            DynamicTest.dynamicTest(
                fault.getKey(), () -> requireCaught(fault.getKey(), fault.getValue())));
  }

  @Test
  void everyCheckCanFail() {
    Set<String> proven = new TreeSet<>();
    FAULTS.values().forEach(proven::addAll);
    assertEquals(new TreeSet<>(idsThatStartWith("")), proven);
  }

  @Test
  void anEngineThatSaysNoHelloIsTold() {
    KitRun run = KitRun.of(List.of("/bin/false"));
    assertEquals(Main.FAILURES, run.status());
    assertTrue(run.err().contains("ended before it connected: status=1"), run.err());
  }

  private static void requireCaught(String fault, List<String> checks)
      throws IOException, InterruptedException {
    KitRun run =
        KitRun.of(
            Engines.wrong(fault),
            "--seed",
            "1",
            "--fuzz",
            "20",
            "--patience-ms",
            checks.size() < 10 ? "700" : "300",
            "--only",
            String.join(",", checks));
    assertEquals("", run.err());
    assertEquals(Main.FAILURES, run.status(), run.out());
    for (String check : checks) {
      assertTrue(run.out().contains("FAIL  " + check + " "), check + "\n" + run.out());
    }
  }
}
