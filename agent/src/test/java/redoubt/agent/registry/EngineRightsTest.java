package redoubt.agent.registry;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

class EngineRightsTest {
  private static final List<String> WORDS =
      List.of(
          "file-content",
          "judge:exec",
          "judge:open",
          "network:a.example:443",
          "network:b.example:1",
          "observe:exec",
          "observe:open",
          "respond:freeze",
          "respond:kill_tree",
          "socket:/run/clamav/clamd.ctl");

  @Test
  void wordsComeBackAsTheyWere() {
    assertEquals(WORDS, EngineRights.of(WORDS).words());
    assertEquals(List.of(), EngineRights.NONE.words());
  }

  @Test
  void whatIsNoRightIsRefused() {
    for (String word :
        List.of(
            "",
            "judge",
            "judge:",
            "judge:teleport",
            "network:",
            "network:host",
            "FILE-CONTENT",
            "network:*:443",
            "network:host:123456",
            "socket:",
            "socket:/",
            "socket:run/clamd.ctl",
            "socket:/run/../etc/clamd.ctl",
            "socket:/run/clamd .ctl",
            "socket:/run/" + "x".repeat(103),
            "respond:",
            "respond:explode",
            "all")) {
      assertThrows(IllegalArgumentException.class, () -> EngineRights.of(List.of(word)), word);
    }
  }

  @Test
  void undecidedMeansToldOfAllAndGivenNoFile() {
    EngineRights asked = EngineRights.of(List.of("judge:exec", "observe:open", "file-content"));
    assertEquals(List.of("observe:exec", "observe:open"), asked.observing().words());
  }

  @Test
  void whoAsksToJudgeMayBeLetObserve() {
    EngineRights asked = EngineRights.of(List.of("judge:exec"));
    assertEquals(
        List.of("observe:exec"),
        EngineRights.of(List.of("observe:exec", "observe:open")).within(asked).words());
  }

  @Test
  void filesLeaveOnlyWithBoth() {
    assertEquals(List.of(), couldSendTo("file-content", "judge:exec"));
    assertEquals(List.of(), couldSendTo("network:a:1", "socket:/run/a", "judge:exec"));
    assertEquals(List.of("a:1"), couldSendTo("network:a:1", "file-content"));
    assertEquals(List.of("/run/a"), couldSendTo("socket:/run/a", "file-content"));
  }

  private static List<String> couldSendTo(String... words) {
    return EngineRights.of(List.of(words)).couldSendFilesTo();
  }

  /// Whatever is granted: never more than is asked, taking back undoes giving.
  @Test
  void nothingIsEverMoreThanAsked() {
    SplittableRandom random = new SplittableRandom(3);
    for (int i = 0; i < 10_000; i++) {
      EngineRights asked = random(random);
      EngineRights granted = random(random);
      EngineRights given = granted.within(asked);
      assertTrue(asked.judge().containsAll(given.judge()));
      assertTrue(asked.network().containsAll(given.network()));
      assertTrue(asked.sockets().containsAll(given.sockets()));
      assertTrue(asked.fileContent() || !given.fileContent());
      assertEquals(given, given.within(asked), "once is enough");
      assertEquals(given, given.with(given));
      assertEquals(EngineRights.NONE, given.without(given));
      assertEquals(granted, EngineRights.of(granted.words()));
    }
  }

  private static EngineRights random(SplittableRandom random) {
    List<String> words = new ArrayList<>(WORDS);
    words.removeIf(_ -> random.nextBoolean());
    return EngineRights.of(words);
  }
}
