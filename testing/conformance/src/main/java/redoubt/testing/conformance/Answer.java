package redoubt.testing.conformance;

import org.jspecify.annotations.Nullable;
import redoubt.core.wire.EngineMessage.EventVerdict;

/// What an engine said of one event.
///
/// @param eventId the event
/// @param verdict its verdict, or null if it abstained
/// @param waitedMillis from sending the event to receiving the answer
record Answer(long eventId, @Nullable EventVerdict verdict, long waitedMillis) {
  /// What it comes to, for comparing: `ALLOW`, `DENY` or `abstained`.
  String opinion() {
    return verdict == null ? "abstained" : verdict.verdict().name();
  }
}
