package redoubt.testing.conformance;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.Timeout;

/// Engines that break one rule each are caught by the check that is named for it.
@Timeout(value = 300, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class WrongEnginesTest {
  private static final String PATIENCE_MILLIS = "1500";

  /// Faults of `wrong_engine.py`, and the check that has to fail.
  private static final Map<String, String> FAULTS =
      Map.ofEntries(
          Map.entry("chatty", "hello-then-silence"),
          Map.entry("any-version", "version-not-mine"),
          Map.entry("ignores-refusal", "version-none-common"),
          Map.entry("greedy", "grants-fewer-credits"),
          Map.entry("early-ready", "ready-after-content"),
          Map.entry("welcomes-again", "welcome-twice"),
          Map.entry("pings-early", "ping-before-welcome"),
          Map.entry("takes-anything", "content-refused"),
          Map.entry("forgets-content", "content-refused-keeps-old"),
          Map.entry("loads-short", "content-too-short"),
          Map.entry("keeps-content-open", "content-replaced-is-closed"),
          Map.entry("other-version", "content-version-in-verdicts"),
          Map.entry("names-old-content", "content-change"),
          Map.entry("allows-all", "content-decides"),
          Map.entry("answers-twice", "events-answered-once"),
          Map.entry("forgets-one", "events-answered-once"),
          Map.entry("answers-others", "events-full-message"),
          Map.entry("slow", "events-in-time"),
          Map.entry("denies-the-unknown", "events-with-nothing"),
          Map.entry("wide-scope", "scope-unstable-file"),
          Map.entry("leaks-descriptors", "descriptors-closed"),
          Map.entry("moves-offset", "descriptor-offset"),
          Map.entry("ignores-credit", "credits-exceeded"),
          Map.entry("drops-cancelled", "cancelled-events"),
          Map.entry("allows-in-monitor", "mode-changed"),
          Map.entry("wrong-nonce", "ping"),
          Map.entry("wrong-number", "ping"),
          Map.entry("sends-descriptor", "ping"),
          Map.entry("refuses-unknown-fields", "unknown-fields"),
          Map.entry("ignores-shutdown", "shutdown"),
          Map.entry("fails-at-shutdown", "shutdown"),
          Map.entry("stays", "hang-up"),
          Map.entry("ignores-gaps", "sequence-gap"),
          Map.entry("lenient", "malformed-field-twice"),
          Map.entry("limitless", "value-event-without-id"),
          Map.entry("takes-stray-descriptors", "descriptor-stray"),
          Map.entry("does-without-descriptors", "descriptor-missing"),
          Map.entry("quietly-ends", "malformed-no-body"),
          Map.entry("grows", "fuzz-messages"),
          Map.entry("crashes", "fuzz-bytes"),
          Map.entry("hangs", "fuzz-bytes"));

  @TestFactory
  Stream<DynamicTest> everyFaultIsCaughtByItsCheck() {
    return new TreeMap<>(FAULTS)
        .entrySet().stream()
            .map(fault ->
                DynamicTest.dynamicTest(
                    fault.getKey() + " fails " + fault.getValue(),
                    () -> requireCaught(fault.getKey(), fault.getValue())));
  }

  @Test
  void anEngineThatSaysNoHelloIsTold() {
    KitRun run = KitRun.of(java.util.List.of("/bin/false"));
    assertEquals(Main.FAILURES, run.status());
    assertTrue(run.err().contains("ended before it connected: status=1"), run.err());
  }

  private static void requireCaught(String fault, String check)
      throws IOException, InterruptedException {
    KitRun run =
        KitRun.of(
            Engines.wrong(fault),
            "--seed",
            "1",
            "--fuzz",
            "20",
            "--patience-ms",
            PATIENCE_MILLIS,
            "--only",
            check);
    assertEquals("", run.err());
    assertEquals(Main.FAILURES, run.status(), run.out());
    assertTrue(run.out().contains("FAIL  " + check), run.out());
  }
}
