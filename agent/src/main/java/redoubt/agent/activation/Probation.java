package redoubt.agent.activation;

import java.time.Duration;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import redoubt.agent.admission.Backtest;
import redoubt.core.wire.ControlReply;

/// Whether an engine does with its new content what it did with the one before. Immutable.
///
/// Figures are the engine's own since the agent's start, of which only differences count.
///
/// @param mostBytes how much memory the engine may have with this content
/// @param sinceNanos when it began
/// @param beforeNanos over how long `before` was counted
/// @param before what the engine had done until then
record Probation(long mostBytes, long sinceNanos, long beforeNanos, ControlReply.Engine before) {
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

  /// Misses below which their share says nothing.
  static final long FEW_MISSES = 5;

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
    return tooMuchMemory(bytes, mostBytes).or(() -> flood(now, nowNanos));
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
