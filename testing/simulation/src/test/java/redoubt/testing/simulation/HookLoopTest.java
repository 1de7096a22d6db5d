package redoubt.testing.simulation;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.api.Test;
import redoubt.agent.health.Counter;
import redoubt.agent.health.Counters;
import redoubt.agent.hook.Deadman;
import redoubt.agent.hook.DescriptorBudget;
import redoubt.agent.hook.EventSource;
import redoubt.agent.hook.HookLoop;
import redoubt.agent.hook.Operation;
import redoubt.agent.hook.Responder;
import redoubt.agent.process.SelfProcesses;
import redoubt.core.model.EventClass;
import redoubt.testing.testkit.SimulatedKernel;
import redoubt.testing.testkit.SimulatedTime;

class HookLoopTest {
  /// Fewer than a loop reads at once.
  private static final int DESCRIPTORS = 10;

  private final SimulatedTime time = new SimulatedTime();
  private final SimulatedKernel kernel =
      new SimulatedKernel(time, DESCRIPTORS, SimulatedKernel.UNLIMITED);
  private final Counters counters = new Counters();
  private final DescriptorBudget budget = new DescriptorBudget(DESCRIPTORS, 0, DESCRIPTORS);
  private int armed;

  /// Two loops share what there is: one that waits, for events that do not come, must leave all of
  /// it to the other, whose deadman else ends the agent.
  @Test
  void aLoopThatWaitsKeepsTheOtherFromNothing() {
    HookLoop other = loop(() -> {});
    HookLoop waiting = loop(() -> other.turn(0));
    time.advance(200_000_000L);
    waiting.turn(0);
    assertEquals(0, counters.value(Counter.READS_DEFERRED));
    assertEquals(2, armed);
    assertEquals(0, budget.used());
  }

  /// What others hold may be given back later; until then nobody reads, and nobody vouches.
  @Test
  void aLoopWithoutRoomDoesNotVouchForTheAgent() {
    HookLoop loop = loop(() -> {});
    budget.reserve(DESCRIPTORS);
    time.advance(200_000_000L);
    loop.turn(0);
    assertEquals(1, counters.value(Counter.READS_DEFERRED));
    assertEquals(0, armed);
  }

  private HookLoop loop(Runnable whileItWaits) {
    return new HookLoop(
        new Quiet(whileItWaits),
        operation -> {},
        new Responder(kernel, budget, counters, time),
        budget,
        new SelfProcesses(_ -> 0),
        new Deadman() {
          @Override
          public void arm() {
            armed++;
          }

          @Override
          public void close() {}
        },
        _ -> false,
        counters,
        time);
  }

  /// Nothing ever comes.
  private record Quiet(Runnable whileItWaits) implements EventSource {
    @Override
    public boolean await(int timeoutMillis) {
      whileItWaits.run();
      return false;
    }

    @Override
    public int read(int most) {
      return 0;
    }

    @Override
    public boolean isOverflow(int i) {
      throw new AssertionError("no event: i=" + i);
    }

    @Override
    public EventClass eventClass(int i) {
      throw new AssertionError("no event: i=" + i);
    }

    @Override
    public int descriptor(int i) {
      throw new AssertionError("no event: i=" + i);
    }

    @Override
    public int pidfd(int i) {
      throw new AssertionError("no event: i=" + i);
    }

    @Override
    public int pid(int i) {
      throw new AssertionError("no event: i=" + i);
    }

    @Override
    public void describe(int i, Operation into) {
      throw new AssertionError("no event: i=" + i);
    }

    @Override
    public void close() {}
  }
}
