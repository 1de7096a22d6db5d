package redoubt.agent.rollout;

import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;
import redoubt.agent.health.Counter;
import redoubt.core.wire.HostMessage;
import redoubt.core.wire.HostMessage.Symptom;

/// Whether something is wrong with this host, with an update or without: by what the agent counted
/// in the last minute, against what is usual here. For one thread.
///
/// What the bounds are is said in `docs/guides/run-a-fleet.md`.
public final class HostSymptoms {
  private static final long MINUTE_NANOS = Duration.ofMinutes(1).toNanos();
  private static final long QUIET_NANOS = Duration.ofHours(1).toNanos();
  private static final long MOST_EXITS = 2;
  private static final long FEW_MISSES = 20;
  private static final long FEW_DENIALS = 20;
  private static final long ONE_IN = 50;
  private static final double TIMES = 5;

  /// How much of what was usual counts on after a minute.
  private static final double MEMORY = 0.95;

  private final Supplier<Map<String, Long>> counters;
  private final BooleanSupplier isUnsettled;
  private final Map<Symptom, Long> told = new EnumMap<>(Symptom.class);
  private Map<String, Long> before = Map.of();
  private long beforeNanos;
  private double usualMisses;
  private double usualDenials;

  /// @param counters the agent's, by their metric
  /// @param isUnsettled whether this host runs with less because it did not settle
  public HostSymptoms(Supplier<Map<String, Long>> counters, BooleanSupplier isUnsettled) {
    this.counters = counters;
    this.isUnsettled = isUnsettled;
  }

  /// Looks, if a minute has passed.
  ///
  /// @return what is to be told, each once an hour at most
  List<HostMessage> look(long nowNanos) {
    List<HostMessage> news = new ArrayList<>();
    if (isUnsettled.getAsBoolean()) {
      tell(news, Symptom.BOOT_FAILURE, "this host did not settle after a start", nowNanos);
    }
    if (before.isEmpty()) {
      before = counters.get();
      beforeNanos = nowNanos;
    } else if (nowNanos - beforeNanos >= MINUTE_NANOS) {
      Map<String, Long> now = counters.get();
      compare(news, now, nowNanos);
      before = now;
      beforeNanos = nowNanos;
    }
    return news;
  }

  private void compare(List<HostMessage> news, Map<String, Long> now, long nowNanos) {
    long exits = more(now, Counter.ENGINE_EXITS);
    if (exits > MOST_EXITS) {
      tell(news, Symptom.CRASH_LOOP, "engines ended in a minute: " + exits, nowNanos);
    }
    long refusals = more(now, Counter.PROTECTED_REFUSALS);
    if (refusals > 0) {
      tell(news, Symptom.PROTECTED_REFUSAL, "denials of the protected set: " + refusals, nowNanos);
    }
    long read = Math.max(1, more(now, Counter.EVENTS_READ));
    long misses = more(now, Counter.MISS_POLICY);
    if (misses > FEW_MISSES && misses > TIMES * usualMisses) {
      tell(news, Symptom.DEADLINE_MISSES, "missed in a minute: " + misses, nowNanos);
    }
    long denials = more(now, Counter.DENIED);
    if (denials > FEW_DENIALS && denials * ONE_IN > read && denials > TIMES * usualDenials) {
      tell(news, Symptom.DENIAL_RATE, "denied in a minute: " + denials + " of " + read, nowNanos);
    }
    usualMisses = MEMORY * usualMisses + (1 - MEMORY) * misses;
    usualDenials = MEMORY * usualDenials + (1 - MEMORY) * denials;
  }

  private long more(Map<String, Long> now, Counter counter) {
    return now.getOrDefault(counter.metric(), 0L) - before.getOrDefault(counter.metric(), 0L);
  }

  private void tell(List<HostMessage> news, Symptom symptom, String detail, long nowNanos) {
    Long last = told.get(symptom);
    if (last == null || nowNanos - last >= QUIET_NANOS) {
      told.put(symptom, nowNanos);
      news.add(new HostMessage.Failure(symptom, detail));
    }
  }
}
