package redoubt.agent.admission;

import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import redoubt.agent.confinement.EngineUsage;
import redoubt.agent.health.TimeSource;

/// What an engine may use until it is done with a step, and a thread that ends it when that is used
/// up.
///
/// Counted is the time of processors, so that a busy host refuses nothing; but nothing takes longer
/// than ten times as long, and whoever gets little of the processor for a while is to be given
/// more. Thread-safe.
final class Budget implements AutoCloseable {
  /// How many times as long as its processor time a step may last.
  static final int PATIENCE = 10;

  /// How long a step may last at least: an engine that waits for a disk uses no processor.
  static final long LEAST_WALL_MILLIS = 10_000;

  /// How long somebody may get little of the processor.
  static final long STARVED_MILLIS = 2_000;

  /// What is little: one in so many milliseconds.
  static final int STARVED_ONE_IN = 4;

  private static final int LOOK_MILLIS = 20;

  /// Whose budget it is. Called on a thread of the budget's, and on the one that calls it.
  interface Spender {
    /// What it has used.
    EngineUsage usage();

    /// It was looked at, which happens now and then.
    ///
    /// @param starves whether it gets little of the processor
    void looked(boolean starves);

    /// It has used up what it may, and is to end.
    void end();
  }

  private final Spender spender;
  private final TimeSource time;
  private final CountDownLatch closed = new CountDownLatch(1);
  private long millis;
  private long begunNanos;
  private long begunCpuMicros;
  private long mostBytes;
  private boolean usedUp;

  private Budget(Spender spender, TimeSource time, long millis) {
    this.spender = spender;
    this.time = time;
    this.millis = millis;
    begunNanos = time.nanos();
  }

  /// Begins the first step.
  ///
  /// @param millis how much processor time the step may take
  static Budget begin(Spender spender, TimeSource time, long millis) {
    Budget budget = new Budget(spender, time, millis);
    Thread.ofPlatform().name("admission-budget").daemon().start(budget::watch);
    return budget;
  }

  private void watch() {
    try {
      while (!closed.await(LOOK_MILLIS, TimeUnit.MILLISECONDS)) {
        spender.looked(look());
      }
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
    }
  }

  private synchronized boolean look() {
    return look(spender.usage());
  }

  /// @return whether it gets little of the processor
  private boolean look(EngineUsage now) {
    mostBytes = Math.max(mostBytes, now.residentBytes());
    long wall = TimeUnit.NANOSECONDS.toMillis(time.nanos() - begunNanos);
    if (!usedUp
        && (cpuMillis(now) > millis || wall > Math.max(LEAST_WALL_MILLIS, PATIENCE * millis))) {
      usedUp = true;
      spender.end();
    }
    return wall > STARVED_MILLIS && cpuMillis(now) * STARVED_ONE_IN < wall;
  }

  private long cpuMillis(EngineUsage now) {
    return TimeUnit.MICROSECONDS.toMillis(now.cpuMicros() - begunCpuMicros);
  }

  /// Ends the step and begins another.
  ///
  /// @param nextMillis how much processor time that may take
  /// @return the processor time of the step that ended, in milliseconds
  synchronized long next(long nextMillis) {
    EngineUsage now = spender.usage();
    var _ = look(now);
    long used = cpuMillis(now);
    millis = nextMillis;
    begunNanos = time.nanos();
    begunCpuMicros = now.cpuMicros();
    return used;
  }

  /// How much processor time the step may take, in milliseconds.
  synchronized long millis() {
    return millis;
  }

  /// Whether the engine was ended because it used more than it may.
  synchronized boolean isUsedUp() {
    return usedUp;
  }

  /// The most memory that the engine was seen to hold, in bytes.
  synchronized long mostBytes() {
    return mostBytes;
  }

  @Override
  public void close() {
    closed.countDown();
  }
}
