package redoubt.agent.decision;

import redoubt.core.model.Verdict;
import redoubt.core.model.VerdictScope;

/// One engine's earlier verdict on a content.
///
/// @param epoch the engine's [EngineLink#epoch] when it judged
/// @param verdict what it said
/// @param scope for what else it stands, never [VerdictScope#EVENT]
/// @param expiresNanos when it ends, on the monotonic clock
/// @param uid the user it was asked for, counts with [VerdictScope#FILE_AND_ACTOR]
/// @param actorImage the program it was asked for, counts with [VerdictScope#FILE_AND_ACTOR]
/// @param reason why
/// @param rule what matched
/// @param contentVersion the content it judged with
public record CachedVerdict(
    long epoch,
    Verdict verdict,
    VerdictScope scope,
    long expiresNanos,
    int uid,
    String actorImage,
    String reason,
    String rule,
    String contentVersion) {
  /// Whether it still counts for anybody.
  boolean current(long engineEpoch, long nowNanos) {
    return epoch == engineEpoch && expiresNanos - nowNanos > 0;
  }

  /// Whether it counts for this actor, whose image is only known off the answer path. An actor
  /// whose image is unknown is nobody's equal.
  boolean covers(int askingUid, String askingImage) {
    return scope == VerdictScope.FILE
        || (uid == askingUid && !askingImage.isEmpty() && actorImage.equals(askingImage));
  }
}
