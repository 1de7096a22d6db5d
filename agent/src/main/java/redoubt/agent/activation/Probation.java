package redoubt.agent.activation;

import java.time.Duration;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import redoubt.agent.admission.Backtest;
import redoubt.core.wire.ControlReply;

/// Whether an engine does with its new content what it did with the one before. Immutable.
///
/// Figures are the engine's own since the agent's start, of which only differences count.
///
/// @param mostBytes how much memory the engine may have with this content
/// @param sinceNanos when it began
/// @param beforeNanos over how long `before` was counted
/// @param usualMicros how much processor time an event took before, microseconds; [#UNKNOWN]
/// @param before what the engine had done until then
/// @param warm what it had done when it had settled; null if it has not
record Probation(
    long mostBytes,
    long sinceNanos,
    long beforeNanos,
    long usualMicros,
    ControlReply.Engine before,
    @Nullable Look warm) {
  /// It is not known how much.
  static final long UNKNOWN = -1;

  /// Denials below which their share says nothing.
  static final long FEW_DENIALS = 20;

  /// What share of verdicts may be denials, whatever it was before: one in so many.
  static final long ONE_IN = 50;

  /// The same where it is not known what is usual.
  static final long ONE_IN_OF_UNKNOWN = 2;

  /// How many times as large a share as before is too large.
  static final long TIMES = 5;

  /// Fewer answers than this say little of how many denials are usual.
  static final long FEW_ANSWERS = 1_000;

  /// What share of a processor is no waste, whatever it is for: one in so many.
  static final long IDLE_ONE_IN = 5;

  /// How many times as much processor time as before an event may take.
  static final long WASTE_TIMES = 10;

  /// Less processor time than this says nothing: compiling and collecting take theirs.
  static final long SOME_MICROS = 3_000_000;

  /// Of fewer events it is not known what is usual.
  static final long FEW_EVENTS = 100;

  /// What part of a probation an engine has for what each start takes: one in so many.
  private static final long WARM_ONE_IN = 4;

  /// Misses below which their share says nothing.
  static final long FEW_MISSES = 5;

  /// What an engine had done at a time.
  record Look(long nanos, ControlReply.Engine figures) {}

  Probation(
      long mostBytes,
      long sinceNanos,
      long beforeNanos,
      long usualMicros,
      ControlReply.Engine before) {
    this(mostBytes, sinceNanos, beforeNanos, usualMicros, before, null);
  }

  /// How much processor time an event took between two looks at an engine, or [#UNKNOWN].
  static long microsAnEvent(ControlReply.Engine earlier, ControlReply.Engine later) {
    long events = handled(later) - handled(earlier);
    long micros = later.costs().cpuMicros() - earlier.costs().cpuMicros();
    return events < FEW_EVENTS ? UNKNOWN : Math.max(1, micros / events);
  }

  /// The same once the engine has settled, if it has by now.
  ///
  /// @param length how long the probation is
  Probation warmed(ControlReply.Engine now, Duration length, long nowNanos) {
    return warm == null && nowNanos - sinceNanos >= length.toNanos() / WARM_ONE_IN
        ? new Probation(
            mostBytes, sinceNanos, beforeNanos, usualMicros, before, new Look(nowNanos, now))
        : this;
  }

  /// Why the content is to be taken back, or nothing if it is not.
  ///
  /// @param nowNanos the time
  Optional<String> objection(ControlReply.Engine now, long nowNanos) {
    boolean isOut = now.state().equals("demoted") || now.state().equals("tripped");
    if (isOut && !now.state().equals(before.state())) {
      return Optional.of("the engine was " + now.state());
    }
    long asked = now.asked() - before.asked();
    long missed = now.missed() - before.missed();
    if (missed > FEW_MISSES && missed * ONE_IN > asked) {
      return Optional.of("missed deadlines: missed=" + missed + " asked=" + asked);
    }
    long refused = now.refused() - before.refused();
    if (refused > TIMES * before.refused()) {
      return Optional.of("denies files that nothing may deny: denied=" + refused);
    }
    long denied = now.denied() - before.denied();
    long answered = Math.max(1, now.answered() - before.answered());
    long oneIn = before.answered() < FEW_ANSWERS ? ONE_IN_OF_UNKNOWN : ONE_IN;
    if (denied >= FEW_DENIALS && denied * oneIn > answered && isMuchMore(denied, answered)) {
      return Optional.of(
          String.format(
              Locale.ROOT,
              "denies much more than before: denied=%d answered=%d before=%d of %d",
              denied,
              answered,
              before.denied(),
              before.answered()));
    }
    long bytes = now.costs().residentBytes();
    return tooMuchMemory(bytes, mostBytes)
        .or(() -> flood(now, nowNanos))
        .or(() -> warm == null ? Optional.empty() : waste(warm, now, nowNanos));
  }

  /// Much more processor time for each event than before. A host that does much costs much, and a
  /// start costs what it costs: neither says anything of the content.
  private Optional<String> waste(Look from, ControlReply.Engine now, long nowNanos) {
    long micros = now.costs().cpuMicros() - from.figures().costs().cpuMicros();
    long lasted = TimeUnit.NANOSECONDS.toMicros(nowNanos - from.nanos());
    long each = micros / Math.max(1, handled(now) - handled(from.figures()));
    boolean isMore = usualMicros != UNKNOWN && each > WASTE_TIMES * usualMicros;
    return isMore && micros > SOME_MICROS && micros * IDLE_ONE_IN > lasted
        ? Optional.of(
            "takes much more processor time than before: microsAnEvent=%d usual=%d percentOfACore=%d"
                .formatted(each, usualMicros, micros * 100 / Math.max(1, lasted)))
        : Optional.empty();
  }

  private static long handled(ControlReply.Engine engine) {
    return engine.asked() + engine.costs().told();
  }

  /// Findings that nobody could read any more. An attack makes many too, so there have to be more
  /// than one in a second.
  private Optional<String> flood(ControlReply.Engine now, long nowNanos) {
    long lasted = nowNanos - sinceNanos;
    long found = now.found() - before.found();
    double usual = (double) before.found() / Math.max(1, beforeNanos) * lasted;
    return found > TimeUnit.NANOSECONDS.toSeconds(lasted) && Backtest.isDrift(found, (long) usual)
        ? Optional.of(
            "finds much more than before: findings=%d usual=%d seconds=%d"
                .formatted(found, (long) usual, TimeUnit.NANOSECONDS.toSeconds(lasted)))
        : Optional.empty();
  }

  /// Why an engine that holds so much is not to have its content, or nothing if it may.
  static Optional<String> tooMuchMemory(long bytes, long mostBytes) {
    return bytes > mostBytes
        ? Optional.of("uses more memory than it says: bytes=" + bytes + " most=" + mostBytes)
        : Optional.empty();
  }

  private boolean isMuchMore(long denied, long answered) {
    double share = (double) denied / answered;
    double shareBefore = (double) before.denied() / Math.max(FEW_ANSWERS, before.answered());
    return share > TIMES * shareBefore;
  }

  /// Whether it has lasted for so long.
  boolean isOver(Duration length, long nowNanos) {
    return nowNanos - sinceNanos >= length.toNanos();
  }
}
