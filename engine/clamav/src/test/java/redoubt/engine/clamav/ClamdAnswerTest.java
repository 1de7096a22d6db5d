package redoubt.engine.clamav;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

class ClamdAnswerTest {
  @Test
  void whatClamdSaysIsUnderstood() {
    assertEquals(new ClamdAnswer.Clean(), ClamdAnswer.of("fd[10]: OK"));
    assertEquals(
        new ClamdAnswer.Found("Win.Test.EICAR_HDB-1"),
        ClamdAnswer.of("fd[10]: Win.Test.EICAR_HDB-1 FOUND"));
    assertEquals(
        new ClamdAnswer.Unknown("Can't open file or directory ERROR"),
        ClamdAnswer.of("fd[-1]: Can't open file or directory ERROR"));
    assertEquals(new ClamdAnswer.Unknown("UNKNOWN COMMAND"), ClamdAnswer.of("UNKNOWN COMMAND\n"));
  }

  @Test
  void givingUpIsNoFinding() {
    assertEquals(
        new ClamdAnswer.Unknown("Heuristics.Limits.Exceeded.MaxFileSize"),
        ClamdAnswer.of("fd[10]: Heuristics.Limits.Exceeded.MaxFileSize FOUND"));
  }

  /// Nothing but the very words means that a file is clean.
  @Test
  void noOtherTextMeansClean() {
    long seed = Long.getLong("redoubt.fuzz.seed", System.nanoTime());
    System.out.println("ClamdAnswerTest: -Dredoubt.fuzz.seed=" + seed);
    SplittableRandom random = new SplittableRandom(seed);
    String[] parts = {
      "fd[", "10", "]", ": ", "OK", " FOUND", "ERROR", " ", "a", "\n", "FOUND", ":"
    };
    int most = Integer.getInteger("redoubt.fuzz.count", 20_000);
    for (int i = 0; i < most; i++) {
      StringBuilder text = new StringBuilder();
      for (int part = random.nextInt(8); part >= 0; part--) {
        text.append(parts[random.nextInt(parts.length)]);
      }
      boolean clean = text.toString().strip().equals("fd[10]: OK");
      ClamdAnswer answer = ClamdAnswer.of(text.toString());
      if (!clean) {
        assertFalse(answer instanceof ClamdAnswer.Clean, text::toString);
      }
    }
  }
}
