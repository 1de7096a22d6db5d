package redoubt.testing.system;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Engines are asked at the same time: three that each take 100 ms cost one 100 ms, and the order
/// in which they were registered changes neither the wait nor the verdict.
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
        Duration median = medianOfStarts(good);
        assertTrue(median.compareTo(PACE) >= 0, "not every engine was asked: " + median);
        assertTrue(median.compareTo(BOUND) <= 0, "median of " + STARTS + " starts: " + median);
        assertEquals(1, Load.once(refused).denied());
      }
    }
  }

  private static Path register(TestEngines engines, String id) throws Exception {
    return id.equals("strict") ? engines.denying(id, PACE, "refused") : engines.slow(id, PACE);
  }

  private static Duration medianOfStarts(Path program) throws Exception {
    Duration[] waits = new Duration[STARTS];
    for (int i = 0; i < STARTS; i++) {
      Load.Tally tally = Load.once(program);
      assertEquals(1, tally.allowed(), tally.toString());
      waits[i] = tally.worst();
    }
    Arrays.sort(waits);
    return waits[STARTS / 2];
  }
}
