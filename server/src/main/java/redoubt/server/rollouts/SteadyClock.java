package redoubt.server.rollouts;

import java.time.Instant;
import java.time.InstantSource;
import java.util.function.LongSupplier;

/// The time by which rollouts go: that of this machine when it was begun, and from then on what has
/// passed. Somebody who sets the machine's clock makes no host count as well before its time, and
/// halts nothing. Thread-safe.
public final class SteadyClock implements InstantSource {
  private static final System.Logger LOG = System.getLogger("redoubt.server");

  /// From this difference on people hear of it.
  private static final long WORTH_TELLING_SECONDS = 60;

  private final InstantSource machine;
  private final LongSupplier nanos;
  private final Instant began;
  private final long beganNanos;
  private long toldSeconds;

  /// @param machine its clock, which people set
  /// @param nanos what only rises, in nanoseconds
  public SteadyClock(InstantSource machine, LongSupplier nanos) {
    this.machine = machine;
    this.nanos = nanos;
    began = machine.instant();
    beganNanos = nanos.getAsLong();
  }

  @Override
  public Instant instant() {
    Instant now = began.plusNanos(nanos.getAsLong() - beganNanos);
    tell(machine.instant().getEpochSecond() - now.getEpochSecond());
    return now;
  }

  private synchronized void tell(long differenceSeconds) {
    if (Math.abs(differenceSeconds - toldSeconds) >= WORTH_TELLING_SECONDS) {
      toldSeconds = differenceSeconds;
      LOG.log(
          System.Logger.Level.WARNING,
          "the clock was set: rollouts go by the time that passes, until the server is started"
              + " again: seconds="
              + differenceSeconds);
    }
  }
}
