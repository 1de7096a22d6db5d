package redoubt.agent.account;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

class RankingTest {
  private static final int CAPACITY = 32;

  private final Ranking ranking = new Ranking(CAPACITY);

  @Test
  void withinItsCapacityItIsExact() {
    Map<String, Spot> expected = new HashMap<>();
    SplittableRandom random = new SplittableRandom(7);
    for (int i = 0; i < 10_000; i++) {
      String name = "name-" + random.nextInt(CAPACITY);
      long nanos = random.nextInt(1_000);
      boolean denied = random.nextInt(10) == 0;
      ranking.add(name, nanos, denied);
      expected.merge(
          name,
          new Spot(name, 1, nanos, denied ? 1 : 0),
          (a, b) ->
              new Spot(
                  name,
                  a.operations() + b.operations(),
                  a.waitedNanos() + b.waitedNanos(),
                  a.denied() + b.denied()));
    }
    List<Spot> best =
        expected.values().stream()
            .sorted(Comparator.comparingLong(Spot::waitedNanos).reversed())
            .limit(5)
            .toList();
    assertEquals(best, ranking.top(5));
    assertEquals(expected.size(), ranking.top(1_000).size());
  }

  @Test
  void manyLightNamesDoNotPushOutHeavyOnes() {
    SplittableRandom random = new SplittableRandom(8);
    long total = 0;
    long heavy = 0;
    for (int i = 0; i < 100_000; i++) {
      ranking.add("light-" + i, 10, false);
      total += 10;
      if (random.nextInt(10) == 0) {
        ranking.add("heavy", 200, false);
        heavy += 200;
        total += 200;
      }
    }
    Spot first = ranking.top(1).getFirst();
    assertEquals("heavy", first.name());
    assertTrue(first.waitedNanos() >= heavy, first::toString);
    assertTrue(first.waitedNanos() <= heavy + total / CAPACITY, first::toString);
    assertEquals(CAPACITY, ranking.top(1_000).size());
  }

  @Test
  void twoAddUp() {
    Ranking other = new Ranking(CAPACITY);
    ranking.add("both", 10, true);
    ranking.add("one", 15, false);
    other.add("both", 20, false);
    assertEquals(
        List.of(new Spot("both", 2, 30, 1), new Spot("one", 1, 15, 0)),
        Ranking.merge(ranking, other).top(10));
  }
}
