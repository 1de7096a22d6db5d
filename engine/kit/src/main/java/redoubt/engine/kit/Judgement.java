package redoubt.engine.kit;

import java.time.Duration;
import redoubt.core.model.Verdict;
import redoubt.core.model.VerdictScope;

/// What an engine says of one event. Immutable.
public sealed interface Judgement {
  /// The engine knows.
  ///
  /// @param verdict what it says
  /// @param scope for what else it stands; [VerdictScope#EVENT] is never cached
  /// @param lifetime how long the platform may cache it, whole seconds, at most 30 days
  /// @param reason why, for people; what is beyond 512 characters is cut
  /// @param rule what matched, empty for nothing; what is beyond 256 characters is cut
  /// @param quarantine with DENY: whether the file should be put away, if the owner granted that
  record Decided(
      Verdict verdict,
      VerdictScope scope,
      Duration lifetime,
      String reason,
      String rule,
      boolean quarantine)
      implements Judgement {
    private static final Duration LONGEST = Duration.ofDays(30);

    /// @throws IllegalArgumentException if the lifetime is negative or too long
    public Decided {
      if (lifetime.isNegative() || lifetime.compareTo(LONGEST) > 0) {
        throw new IllegalArgumentException("lifetime must be 0 to 30 days: lifetime=" + lifetime);
      }
    }

    /// The same, to be cached for `lifetime` for whatever `scope` names.
    public Decided cached(VerdictScope scope, Duration lifetime) {
      return new Decided(verdict, scope, lifetime, reason, rule, quarantine);
    }

    /// The same, with the reason for people.
    public Decided because(String reason) {
      return new Decided(verdict, scope, lifetime, reason, rule, quarantine);
    }

    /// The same, with the rule or list entry that matched.
    public Decided matching(String rule) {
      return new Decided(verdict, scope, lifetime, reason, rule, quarantine);
    }

    /// The same, with the wish that the file be put away.
    public Decided wishingQuarantine() {
      return new Decided(verdict, scope, lifetime, reason, rule, true);
    }
  }

  /// The engine does not know and will not say later.
  ///
  /// @param reason why, for people; what is beyond 512 characters is cut
  record Abstained(String reason) implements Judgement {}

  /// ALLOW for this event only.
  static Decided allow() {
    return new Decided(Verdict.ALLOW, VerdictScope.EVENT, Duration.ZERO, "", "", false);
  }

  /// DENY for this event only.
  static Decided deny() {
    return new Decided(Verdict.DENY, VerdictScope.EVENT, Duration.ZERO, "", "", false);
  }

  /// No verdict.
  static Abstained abstain(String reason) {
    return new Abstained(reason);
  }
}
