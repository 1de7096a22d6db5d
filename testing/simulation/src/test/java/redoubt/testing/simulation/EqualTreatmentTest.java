package redoubt.testing.simulation;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import redoubt.core.model.EngineMode;
import redoubt.core.model.Verdict;
import redoubt.core.model.VerdictScope;
import redoubt.testing.testkit.EngineScript;
import redoubt.testing.testkit.SimulatedHost;

/// One engine under several names, the first of them ours: whoever made it, it is asked first as
/// often as the others and has as long to answer.
class EqualTreatmentTest {
  private static final int USER = 1000;
  private static final int ROUNDS = 100;
  private static final List<String> NAMES = List.of("scanner", "acme.av", "zeta", "another");

  private final List<String> asked = new ArrayList<>();

  private EngineScript noting(String name, long afterNanos) {
    return _ -> {
      asked.add(name);
      return new EngineScript.Reply.Answer(afterNanos, Verdict.ALLOW, VerdictScope.EVENT, 0);
    };
  }

  private void start(SimulatedHost host, int programs) {
    for (int i = 0; i < programs; i++) {
      host.exec(Fixtures.file(host, "/bin/" + i), USER);
      host.run();
    }
  }

  @Test
  void eachIsAskedFirstAsOftenAsTheOthersAndInEachOtherPlace() {
    SimulatedHost host = Fixtures.host();
    NAMES.forEach(name -> host.seat(name, EngineMode.ENFORCE, noting(name, 1_000)));
    start(host, ROUNDS * NAMES.size());
    Map<String, Integer> places = new HashMap<>();
    for (int i = 0; i < asked.size(); i++) {
      places.merge(asked.get(i) + " " + i % NAMES.size(), 1, Integer::sum);
    }
    assertEquals(NAMES.size() * NAMES.size(), places.size(), places.toString());
    places.forEach((place, times) -> assertEquals(ROUNDS, times, place));
  }

  @Test
  void eachHasAsLongToAnswer() {
    for (String slow : NAMES) {
      SimulatedHost host = Fixtures.host();
      NAMES.forEach(name ->
          host.seat(
              name,
              EngineMode.ENFORCE,
              noting(name, name.equals(slow) ? 2 * Fixtures.SOFT_NANOS : 1_000)));
      var opener = host.exec(Fixtures.file(host, "/bin/a"), USER);
      host.runToQuiet();
      assertEquals(Fixtures.SOFT_NANOS, opener.waitedNanos(), slow);
    }
  }
}
