package redoubt.agent.decision;

import java.time.Duration;
import redoubt.agent.health.TimeSource;
import redoubt.agent.hook.Operation;
import redoubt.core.model.EventClass;

/// Inquiries that no decision room stands behind, for tests of those who answer them.
public final class Inquiries {
  private static final Duration SOFT_DEADLINE = Duration.ofMillis(250);

  private Inquiries() {}

  /// An inquiry into an execution by a user, which begins now.
  ///
  /// @param engines who is asked, by slot
  public static Inquiry by(int uid, TimeSource time, EngineLink... engines) {
    return about(-1, uid, time, engines);
  }

  /// An inquiry into the execution of an open file.
  ///
  /// @param descriptor of the file; -1 for none
  public static Inquiry about(int descriptor, int uid, TimeSource time, EngineLink... engines) {
    Operation operation = new Operation(EventClass.EXEC, time.nanos(), descriptor, -1, 4711);
    operation.setProcess(_ -> 1, 1, uid, uid, uid, 0);
    return new Inquiry(
        operation,
        engines,
        false,
        time.nanos() + SOFT_DEADLINE.toNanos(),
        new NobodyOnTheBench(time));
  }

  /// What became of a slot, as text; `null` while nothing has.
  public static String opinion(Inquiry inquiry, int slot) {
    return String.valueOf(inquiry.opinion(slot));
  }

  /// A bench that only knows the time.
  private record NobodyOnTheBench(TimeSource time) implements Inquiry.Bench {
    @Override
    public void weigh(Inquiry inquiry) {}

    @Override
    public void late(
        Inquiry inquiry, int slot, redoubt.core.model.EngineOpinion.Answered opinion) {}

    @Override
    public void remember(Inquiry inquiry, int slot, CachedVerdict verdict) {}

    @Override
    public long nanos() {
      return time.nanos();
    }
  }
}
