package redoubt.core.wire;

import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import redoubt.core.model.EventClass;
import redoubt.core.model.EventFilter;
import redoubt.core.model.Finding;
import redoubt.core.model.FindingLevel;
import redoubt.core.model.ResponseAction;
import redoubt.core.model.Verdict;
import redoubt.core.model.VerdictScope;

/// What an engine says to the agent. Every message travels as one datagram with a sequence number,
/// from 1, without gaps, in its envelope. No descriptor ever travels in this direction.
public sealed interface EngineMessage {
  /// The first message: who the engine is and what it asks for.
  ///
  /// @param oldestVersion the oldest protocol version that it speaks
  /// @param newestVersion the newest protocol version that it speaks
  /// @param name the product's name
  /// @param vendor who makes it
  /// @param engineVersion the product's version
  /// @param schemaHash the digest of the content schema that it interprets, hexadecimal, empty if
  ///   it interprets no content
  /// @param authClasses classes that it wants to judge
  /// @param notifyClasses classes that it wants to hear of
  /// @param provenance whether it wants to be told where the files that it judges come from
  record Hello(
      int oldestVersion,
      int newestVersion,
      String name,
      String vendor,
      String engineVersion,
      String schemaHash,
      Set<EventClass> authClasses,
      Set<EventClass> notifyClasses,
      boolean provenance)
      implements EngineMessage {
    public Hello {
      authClasses = Set.copyOf(authClasses);
      notifyClasses = Set.copyOf(notifyClasses);
    }

    /// One that does not ask where files come from.
    public Hello(
        int oldestVersion,
        int newestVersion,
        String name,
        String vendor,
        String engineVersion,
        String schemaHash,
        Set<EventClass> authClasses,
        Set<EventClass> notifyClasses) {
      this(
          oldestVersion,
          newestVersion,
          name,
          vendor,
          engineVersion,
          schemaHash,
          authClasses,
          notifyClasses,
          false);
    }
  }

  /// The content of the last [AgentMessage.LoadContent] is in force.
  ///
  /// @param version the content's version
  /// @param entries how many rules or entries it has
  record ContentLoaded(String version, long entries) implements EngineMessage {}

  /// The content was refused; the content before it, if any, stays in force.
  ///
  /// @param version the content's version
  /// @param problems what is wrong with it, each `place: problem`, at most 64
  record ContentRefused(String version, List<String> problems) implements EngineMessage {
    public ContentRefused {
      problems = List.copyOf(problems);
    }
  }

  /// The engine judges from now on.
  ///
  /// @param credits how many events may be sent before more credits come
  record Ready(int credits) implements EngineMessage {}

  /// More events may be sent.
  ///
  /// @param credits how many, added to those left
  record Credits(int credits) implements EngineMessage {}

  /// Answers to events, in any order. Each answer gives back one credit.
  ///
  /// @param verdicts 1 to [WireLimits#ANSWERS_PER_MESSAGE]
  record Verdicts(List<EventVerdict> verdicts) implements EngineMessage {
    public Verdicts {
      verdicts = List.copyOf(verdicts);
    }
  }

  /// One answer.
  ///
  /// @param eventId the event's id
  /// @param verdict what the engine says
  /// @param scope for what else it stands
  /// @param lifetimeSeconds how long it may be cached, 0 to [WireLimits#LIFETIME_SECONDS]
  /// @param reason why, for people
  /// @param rule what matched, empty for nothing
  /// @param contentVersion the content that it judged with
  /// @param quarantine with DENY: whether the file should be put away
  record EventVerdict(
      long eventId,
      Verdict verdict,
      VerdictScope scope,
      int lifetimeSeconds,
      String reason,
      String rule,
      String contentVersion,
      boolean quarantine) {
    /// A verdict without a wish.
    public EventVerdict(
        long eventId,
        Verdict verdict,
        VerdictScope scope,
        int lifetimeSeconds,
        String reason,
        String rule,
        String contentVersion) {
      this(eventId, verdict, scope, lifetimeSeconds, reason, rule, contentVersion, false);
    }
  }

  /// The engine has no verdict on these events and will send none: the agent waits for it no
  /// longer, charges no miss, and goes on as its owner's miss policy says. Each event gives back
  /// one credit.
  ///
  /// @param eventIds 1 to [WireLimits#ANSWERS_PER_MESSAGE]
  /// @param reason why, for people
  record Abstained(List<Long> eventIds, String reason) implements EngineMessage {
    public Abstained {
      eventIds = List.copyOf(eventIds);
    }
  }

  /// Something to report beside verdicts.
  ///
  /// @param eventId the event that it belongs to, 0 if none
  /// @param rule what matched
  /// @param title one line for people
  /// @param level how much it matters, or null if the engine does not grade
  /// @param techniques techniques of MITRE ATT&CK, at most [WireLimits#TECHNIQUES]
  /// @param reasons what was found where, at most [WireLimits#REASONS]
  /// @param hostEventId the event of the host that it belongs to, which is not handled yet; 0 if
  ///   none
  /// @param wishes what should be done about the process of that event of the host; what the owner
  ///   has not granted is not done
  /// @param generations whom the wishes are about: how many generations above that process, 0 for
  ///   itself
  record Report(
      long eventId,
      String rule,
      String title,
      @Nullable FindingLevel level,
      List<String> techniques,
      List<Finding.Reason> reasons,
      long hostEventId,
      Set<ResponseAction> wishes,
      int generations)
      implements EngineMessage {
    public Report {
      techniques = List.copyOf(techniques);
      reasons = List.copyOf(reasons);
      wishes = Set.copyOf(wishes);
    }

    /// A report without grade and details.
    public Report(long eventId, String rule, String title) {
      this(eventId, rule, title, null, List.of(), List.of(), 0, Set.of(), 0);
    }
  }

  /// Everything that the engine had to say of events of the host was said; makes room for others.
  ///
  /// @param throughId the last event that was handled; all before it were too
  record Handled(long throughId) implements EngineMessage {}

  /// Which events of the host the engine needs, or a part of that; takes the place of what it said
  /// before.
  ///
  /// @param more whether the next such message is another part of the same filter
  /// @param alternatives of which at least one must hold; in all parts together at most
  ///   [WireLimits#FILTER_ALTERNATIVES] with [WireLimits#FILTER_TEXTS] texts
  record Filter(boolean more, List<EventFilter.Alternative> alternatives) implements EngineMessage {
    public Filter {
      alternatives = List.copyOf(alternatives);
    }

    /// Looks whether a whole filter keeps to [WireLimits].
    ///
    /// @throws IllegalArgumentException if it does not
    public static void check(EventFilter filter) {
      FilterFormat.checkWhole(filter);
    }

    /// The messages that say a whole filter.
    ///
    /// @throws IllegalArgumentException if it is larger than [WireLimits] allow
    public static List<Filter> parts(EventFilter filter) {
      return FilterFormat.parts(filter);
    }
  }

  /// Answers [AgentMessage.Ping].
  record Pong(long nonce) implements EngineMessage {}
}
