package redoubt.testing.system;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Engines are asked at the same time: three that each take 100 ms cost one 100 ms, and the order
/// in which they were registered changes neither the wait nor the verdict. The quickest of several
/// starts counts, because what else the machine does only ever adds to a wait; asked one after the
/// other, three engines never took less than 300 ms.
class SlowEnginesTest {
  private static final Duration PACE = Duration.ofMillis(100);
  private static final Duration BOUND = Duration.ofMillis(115);
  private static final int STARTS = 11;

  @ParameterizedTest
  @ValueSource(strings = {"strict calm mild", "mild calm strict", "calm strict mild"})
  void threeEnginesCostAsMuchAsOne(String order) throws Exception {
    try (TestEngines engines = new TestEngines();
        ScratchFileSystem scratch = ScratchFileSystem.ext4(32)) {
      Path good = scratch.program("good", Specimen.PROGRAM.good());
      Path refused = scratch.program("refused", Specimen.PROGRAM.good());
      List<Object> options = new ArrayList<>();
      for (String id : order.split(" ")) {
        options.addAll(List.of("--engine", register(engines, id)));
      }
      try (RunningAgent _ = RunningAgent.start(scratch, options.toArray())) {
        Duration wait = quickestOfStarts(good);
        assertTrue(wait.compareTo(PACE) >= 0, "not every engine was asked: " + wait);
        assertTrue(wait.compareTo(BOUND) <= 0, "quickest of " + STARTS + " starts: " + wait);
        assertEquals(1, Load.once(refused).denied());
      }
    }
  }

  private static Path register(TestEngines engines, String id) throws Exception {
    return id.equals("strict") ? engines.denying(id, PACE, "refused") : engines.slow(id, PACE);
  }

  private static Duration quickestOfStarts(Path program) throws Exception {
    Duration[] waits = new Duration[STARTS];
    for (int i = 0; i < STARTS; i++) {
      Load.Tally tally = Load.once(program);
      assertEquals(1, tally.allowed(), tally.toString());
      waits[i] = tally.worst();
    }
    return Collections.min(Arrays.asList(waits));
  }
}
