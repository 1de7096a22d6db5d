package redoubt.agent.admission;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import redoubt.agent.confinement.EngineUsage;
import redoubt.agent.health.HandClock;

@Timeout(20)
class BudgetTest {
  private final HandClock clock = new HandClock();
  private final AtomicLong cpuMicros = new AtomicLong(7_000);
  private final AtomicLong bytes = new AtomicLong(1);
  private final CountDownLatch ended = new CountDownLatch(1);
  private volatile Consumer<Boolean> looked = _ -> {};

  private Budget begin(long millis) {
    return Budget.begin(
        new Budget.Spender() {
          @Override
          public EngineUsage usage() {
            return new EngineUsage(cpuMicros.get(), bytes.get(), 1);
          }

          @Override
          public void looked(boolean starves) {
            looked.accept(starves);
          }

          @Override
          public void end() {
            ended.countDown();
          }
        },
        clock,
        millis);
  }

  private boolean endsSoon() throws InterruptedException {
    return ended.await(10, TimeUnit.SECONDS);
  }

  private boolean goesOn() throws InterruptedException {
    return !ended.await(200, TimeUnit.MILLISECONDS);
  }

  @Test
  void whoUsesMoreThanThatIsEnded() throws Exception {
    try (Budget budget = begin(100)) {
      cpuMicros.set(100_000);
      assertTrue(goesOn());
      cpuMicros.set(102_000);
      assertTrue(endsSoon());
      assertTrue(budget.isUsedUp());
    }
  }

  @Test
  void aBusyHostTakesLongerButNotForever() throws Exception {
    try (Budget budget = begin(5_000)) {
      clock.pass(Duration.ofMillis(5_000L * Budget.PATIENCE));
      assertTrue(goesOn());
      assertFalse(budget.isUsedUp());
      clock.pass(Duration.ofMillis(1));
      assertTrue(endsSoon());
    }
  }

  @Test
  void whoGetsLittleOfTheProcessorStarves() throws Exception {
    BlockingQueue<Boolean> looks = new LinkedBlockingQueue<>();
    try (Budget budget = begin(5_000)) {
      looked = looks::add;
      assertEquals(false, looks.poll(10, TimeUnit.SECONDS));
      clock.pass(Duration.ofMillis(Budget.STARVED_MILLIS));
      cpuMicros.set(Budget.STARVED_MILLIS * 1_000 / Budget.STARVED_ONE_IN);
      looks.clear();
      assertEquals(false, looks.poll(10, TimeUnit.SECONDS));
      clock.pass(Duration.ofMillis(4));
      while (!looks.poll(10, TimeUnit.SECONDS)) {
        // The last look before the clock went on.
      }
      assertFalse(budget.isUsedUp());
      var _ = budget.next(100);
      looks.clear();
      while (looks.poll(10, TimeUnit.SECONDS)) {
        // The last look of the step before.
      }
    }
  }

  @Test
  void whoDoesNothingIsEndedToo() throws Exception {
    try (Budget budget = begin(10)) {
      clock.pass(Duration.ofMillis(Budget.LEAST_WALL_MILLIS));
      assertTrue(goesOn());
      clock.pass(Duration.ofMillis(1));
      assertTrue(endsSoon());
      assertTrue(budget.isUsedUp());
    }
  }

  @Test
  void eachStepHasItsOwn() throws Exception {
    try (Budget budget = begin(100)) {
      cpuMicros.addAndGet(90_000);
      clock.pass(Duration.ofMillis(Budget.LEAST_WALL_MILLIS));
      assertEquals(97, budget.next(200));
      assertEquals(200, budget.millis());
      cpuMicros.addAndGet(200_000);
      clock.pass(Duration.ofMillis(Budget.LEAST_WALL_MILLIS));
      assertTrue(goesOn());
      assertEquals(200, budget.next(50));
      cpuMicros.addAndGet(51_000);
      assertTrue(endsSoon());
    }
  }

  @Test
  void theMostMemoryIsKept() throws Exception {
    try (Budget budget = begin(100)) {
      bytes.set(500);
      while (budget.mostBytes() != 500) {
        Thread.sleep(1);
      }
      bytes.set(3);
      assertTrue(goesOn());
      assertEquals(500, budget.mostBytes());
    }
  }
}
