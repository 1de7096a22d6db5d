package redoubt.agent.scan;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;
import redoubt.agent.decision.CachedVerdict;
import redoubt.agent.decision.EngineLink;
import redoubt.agent.decision.Guardrails;
import redoubt.agent.decision.Inquiry;
import redoubt.agent.health.TimeSource;
import redoubt.core.model.EngineOpinion;
import redoubt.core.model.Verdict;
import redoubt.core.model.VerdictScope;
import redoubt.core.wire.ControlReply;

/// One file at the desk: puts the question to the engines and waits for what they say.
final class Scan implements Inquiry.Bench {
  /// Hears of what is found.
  @FunctionalInterface
  interface Listener {
    /// An engine, asked under a slot, denies the file.
    void found(Inquiry inquiry, int slot, EngineOpinion.Answered opinion);
  }

  private final TimeSource time;
  private final Guardrails guardrails;
  private final Listener onFound;
  private final CountDownLatch complete = new CountDownLatch(1);

  private final AtomicBoolean concluded = new AtomicBoolean();

  /// How many verdicts may be kept for the content, and when the first of them ends.
  private final AtomicLong kept = new AtomicLong();

  private final AtomicLong expiresNanos = new AtomicLong(Long.MAX_VALUE);

  /// @param onFound hears of each DENY that no exception outweighs, in time or late
  Scan(TimeSource time, Guardrails guardrails, Listener onFound) {
    this.time = time;
    this.guardrails = guardrails;
    this.onFound = onFound;
  }

  /// Puts the question to each engine.
  void ask(Inquiry inquiry) {
    for (int slot = 0; slot < inquiry.slots(); slot++) {
      EngineLink engine = inquiry.engine(slot);
      if (engine != null) {
        engine.ask(inquiry, slot);
      }
    }
  }

  /// Waits for the answers, but no longer than that.
  ///
  /// @return whether all are there
  boolean await(long nanos) throws InterruptedException {
    return complete.await(nanos, TimeUnit.NANOSECONDS);
  }

  /// Whoever has not answered will not be waited for.
  void giveUp(Inquiry inquiry) {
    for (int slot = 0; slot < inquiry.slots(); slot++) {
      if (inquiry.engine(slot) != null && inquiry.opinion(slot) == null) {
        inquiry.missing(slot, EngineOpinion.Cause.DEADLINE);
      }
    }
  }

  /// What the answers come to.
  ControlReply.ScannedFile result(Inquiry inquiry) {
    List<ControlReply.ScanHit> hits = new ArrayList<>();
    List<String> exceptions = new ArrayList<>();
    List<String> missing = new ArrayList<>();
    for (int slot = 0; slot < inquiry.slots(); slot++) {
      EngineLink engine = inquiry.engine(slot);
      switch (inquiry.opinion(slot)) {
        case EngineOpinion.Answered answered when engine != null -> {
          if (answered.verdict() == Verdict.DENY) {
            String exception = exceptionFor(inquiry, engine);
            if (exception.isEmpty()) {
              hits.add(
                  new ControlReply.ScanHit(
                      engine.id().value(), answered.rule(), answered.reason()));
            } else {
              exceptions.add(exception);
            }
          }
        }
        case EngineOpinion.Missing(var id, _, var cause, var reason) ->
            missing.add(
                id
                    + ": "
                    + (reason.isEmpty()
                        ? cause.name().toLowerCase(Locale.ROOT).replace('_', ' ')
                        : reason));
        case null, default -> {
          // Nobody was asked under this slot.
        }
      }
    }
    if (!hits.isEmpty()) {
      String detail = inquiry.protectedFile() ? "protected: nothing blocks it" : "";
      return new ControlReply.ScannedFile("found", false, detail, hits);
    }
    if (!missing.isEmpty()) {
      return ScanDesk.unscanned(String.join(", ", missing));
    }
    return exceptions.isEmpty()
        ? ScanDesk.clean(false)
        : new ControlReply.ScannedFile(
            "excepted", false, "exception=" + String.join(",", exceptions), List.of());
  }

  /// Until when all verdicts may be kept, on the monotonic clock; 0 if not all may.
  long keepUntilNanos(int asked) {
    return kept.get() == asked ? expiresNanos.get() : 0;
  }

  private String exceptionFor(Inquiry inquiry, EngineLink engine) {
    return guardrails.exceptionFor(inquiry, engine.id(), time.wallMillis());
  }

  @Override
  public void weigh(Inquiry inquiry) {
    if (inquiry.complete() && concluded.compareAndSet(false, true)) {
      try {
        for (int slot = 0; slot < inquiry.slots(); slot++) {
          if (inquiry.opinion(slot) instanceof EngineOpinion.Answered answered) {
            found(inquiry, slot, answered);
          }
        }
      } finally {
        complete.countDown();
      }
    }
  }

  @Override
  public void late(Inquiry inquiry, int slot, EngineOpinion.Answered opinion) {
    found(inquiry, slot, opinion);
  }

  private void found(Inquiry inquiry, int slot, EngineOpinion.Answered opinion) {
    @Nullable EngineLink engine = inquiry.engine(slot);
    if (engine != null
        && opinion.verdict() == Verdict.DENY
        && exceptionFor(inquiry, engine).isEmpty()) {
      onFound.found(inquiry, slot, opinion);
    }
  }

  @Override
  public void remember(Inquiry inquiry, int slot, CachedVerdict verdict) {
    if (verdict.scope() == VerdictScope.FILE && verdict.verdict() == Verdict.ALLOW) {
      expiresNanos.accumulateAndGet(verdict.expiresNanos(), Math::min);
      kept.incrementAndGet();
    }
  }

  @Override
  public long nanos() {
    return time.nanos();
  }
}
