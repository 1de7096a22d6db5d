package redoubt.server.rollouts;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SteadyClockTest {
  private static final Instant BEGAN = Instant.parse("2026-11-30T12:00:00Z");

  private final AtomicReference<Instant> machine = new AtomicReference<>(BEGAN);
  private final AtomicLong nanos = new AtomicLong(Long.MAX_VALUE - 5);
  private final SteadyClock clock = new SteadyClock(machine::get, nanos::get);

  @Test
  void itGoesOnWithWhatPasses() {
    assertEquals(BEGAN, clock.instant());
    nanos.addAndGet(Duration.ofMinutes(3).toNanos());
    machine.set(BEGAN.plusSeconds(180));
    assertEquals(BEGAN.plusSeconds(180), clock.instant());
  }

  @ParameterizedTest
  @ValueSource(longs = {-1_000_000_000, -86_400, -1, 1, 86_400, 1_000_000_000})
  void whoeverSetsTheMachinesClockDoesNotSetThisOne(long seconds) {
    nanos.addAndGet(Duration.ofSeconds(10).toNanos());
    machine.set(BEGAN.plusSeconds(10 + seconds));
    assertEquals(BEGAN.plusSeconds(10), clock.instant());
  }
}
