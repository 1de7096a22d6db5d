package redoubt.agent.decision;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

class FairQueueTest {
  private record Element(int actor, int number) {}

  @Test
  void actorsAreServedInTurn() {
    FairQueue<Element> queue = new FairQueue<>(100, 50);
    for (int i = 0; i < 20; i++) {
      queue.offer(1000, new Element(1000, i));
    }
    queue.offer(1001, new Element(1001, 0));
    assertEquals(new Element(1000, 0), queue.poll());
    assertEquals(new Element(1001, 0), queue.poll(), "one other actor's flood costs one turn");
  }

  @Test
  void theBoundsHold() {
    FairQueue<Element> queue = new FairQueue<>(10, 3);
    for (int i = 0; i < 3; i++) {
      assertEquals(FairQueue.Offered.TAKEN, queue.offer(1000, new Element(1000, i)));
    }
    assertEquals(FairQueue.Offered.ACTOR_FULL, queue.offer(1000, new Element(1000, 3)));
    for (int i = 0; i < 7; i++) {
      assertEquals(FairQueue.Offered.TAKEN, queue.offer(0, new Element(0, i)), "root may fill it");
    }
    assertEquals(FairQueue.Offered.FULL, queue.offer(1001, new Element(1001, 0)));
    assertEquals(10, queue.size());
  }

  /// Against a model: nothing is lost or doubled, each actor's elements come in their order, and
  /// whoever waits is served within one turn of everybody else.
  @Test
  void randomUseKeepsOrderAndTurns() {
    long seed = System.nanoTime();
    Random random = new Random(seed);
    FairQueue<Element> queue = new FairQueue<>(64, 16);
    Map<Integer, Deque<Element>> model = new TreeMap<>();
    Map<Integer, Integer> passedOver = new TreeMap<>();
    for (int i = 0; i < 50_000; i++) {
      if (random.nextInt(5) > 1) {
        Element element = new Element(random.nextInt(6), i);
        if (queue.offer(element.actor(), element) == FairQueue.Offered.TAKEN) {
          model.computeIfAbsent(element.actor(), _ -> new ArrayDeque<>()).add(element);
        }
      } else {
        Element next = queue.poll();
        if (next == null) {
          assertTrue(model.isEmpty(), () -> "seed=" + seed);
          continue;
        }
        Deque<Element> own = model.getOrDefault(next.actor(), new ArrayDeque<>());
        assertEquals(own.poll(), next, () -> "seed=" + seed);
        passedOver.keySet().retainAll(model.keySet());
        model.keySet().forEach(actor -> passedOver.merge(actor, 1, Integer::sum));
        passedOver.remove(next.actor());
        model.values().removeIf(Deque::isEmpty);
        assertTrue(passedOver.values().stream().allMatch(turns -> turns <= 6), "seed=" + seed);
      }
    }
    int left = model.values().stream().mapToInt(Deque::size).sum();
    assertEquals(left, queue.size());
  }

  @Test
  void anEmptyQueueHasNothing() {
    assertNull(new FairQueue<Element>(1, 1).poll());
  }
}
