package redoubt.agent.journal;

import java.io.IOException;
import java.util.List;
import redoubt.core.model.Actor;
import redoubt.core.model.DecisionBasis;
import redoubt.core.model.DecisionRecord;
import redoubt.core.model.EngineOpinion;
import redoubt.core.model.EventClass;
import redoubt.core.model.Verdict;

/// Writes decision records as Process Activity (an exec) or File System Activity (an open), both
/// with the Security Control profile.
///
/// @param ids names the events
record DecisionEvent(EventIds ids) {
  String uid(DecisionRecord decision) {
    return ids.decision(decision.sequence());
  }

  void write(DecisionRecord decision, FieldWriter fields) throws IOException {
    Outcome outcome = Outcome.of(decision);
    OcsfType type =
        switch (decision.eventClass()) {
          case EXEC -> OcsfType.PROCESS_LAUNCH;
          case OPEN -> OcsfType.FILE_OPEN;
          default ->
              throw new IllegalArgumentException(
                  "nobody decides on such events: eventClass=" + decision.eventClass());
        };
    EventHead.write(type, type.activityName, outcome.severity, decision.timeMillis(), fields);
    fields.number("status_id", outcome.denied ? 2 : 1);
    fields.text("status", outcome.denied ? "Failure" : "Success");
    fields.text("message", message(decision));
    securityControl(decision, outcome, fields);
    actor(decision.actor(), fields);
    if (decision.eventClass() == EventClass.EXEC) {
      launched(decision, fields);
    } else {
      file(decision, fields);
    }
  }

  private static void securityControl(DecisionRecord decision, Outcome outcome, FieldWriter fields)
      throws IOException {
    fields.number("action_id", outcome.denied ? 2 : 1);
    fields.text("action", outcome.denied ? "Denied" : "Allowed");
    fields.number("disposition_id", outcome.dispositionId);
    fields.text("disposition", outcome.disposition);
    fields.flag("is_alert", outcome.alert);
    fields.object("policy");
    fields.text("name", "owner");
    fields.text("version", Long.toString(decision.policyGeneration()));
    fields.end();
  }

  private static void actor(Actor actor, FieldWriter fields) throws IOException {
    fields.object("actor");
    fields.object("process");
    processIds(actor, fields);
    fields.textUnlessEmpty("path", actor.imagePath());
    user(actor.effectiveUid(), fields);
    if (actor.parentPid() >= 0) {
      fields.object("parent_process");
      fields.number("pid", actor.parentPid());
      fields.textUnlessEmpty("path", actor.parentImagePath());
      fields.end();
    }
    fields.end();
    user(actor.uid(), fields);
    fields.end();
  }

  private static void processIds(Actor actor, FieldWriter fields) throws IOException {
    fields.number("pid", actor.pid());
    if (actor.uniqueId() != 0) {
      fields.text("uid", Long.toUnsignedString(actor.uniqueId()));
    }
  }

  private static void user(int uid, FieldWriter fields) throws IOException {
    if (uid != -1) {
      fields.object("user");
      fields.text("uid", Integer.toUnsignedString(uid));
      fields.end();
    }
  }

  /// The process as it is, or would have been, after the exec.
  private static void launched(DecisionRecord decision, FieldWriter fields) throws IOException {
    fields.number("launch_type_id", 3);
    fields.text("launch_type", "Exec");
    fields.object("process");
    processIds(decision.actor(), fields);
    file(decision, fields);
    fields.end();
  }

  private static void file(DecisionRecord decision, FieldWriter fields) throws IOException {
    boolean regular = decision.basis() != DecisionBasis.NOT_JUDGED;
    FileObject.write(decision.path(), decision.file(), decision.sha256(), regular, fields);
  }

  /// Writes what OCSF has no attribute for.
  void writeUnmapped(DecisionRecord decision, FieldWriter fields) throws IOException {
    fields.text("basis", decision.basis().name());
    fields.number("decision", decision.sequence());
    fields.number("latency_ns", decision.latencyNanos());
    fields.flag("stable", decision.stable());
    fields.textUnlessEmpty("exception", decision.exception());
    fields.text("file_change_ns", Long.toString(decision.file().changeNanos()));
    Actor actor = decision.actor();
    if (actor.gid() != -1) {
      fields.number("actor_gid", Integer.toUnsignedLong(actor.gid()));
    }
    if (actor.cgroupId() != 0) {
      fields.text("actor_cgroup", Long.toUnsignedString(actor.cgroupId()));
    }
    opinions(decision.opinions(), fields);
  }

  private static void opinions(List<EngineOpinion> opinions, FieldWriter fields)
      throws IOException {
    fields.list("opinions");
    int listed = fields.listed(opinions.size());
    for (int i = 0; i < listed; i++) {
      opinion(opinions.get(i), fields);
    }
    fields.endList();
    if (listed < opinions.size()) {
      fields.number("opinions_omitted", opinions.size() - listed);
    }
  }

  private static void opinion(EngineOpinion opinion, FieldWriter fields) throws IOException {
    fields.item();
    fields.text("engine", opinion.engine().value());
    fields.text("mode", opinion.mode().name());
    switch (opinion) {
      case EngineOpinion.Answered answered -> {
        fields.text("verdict", answered.verdict().name());
        fields.textUnlessEmpty("reason", answered.reason());
        fields.textUnlessEmpty("rule", answered.rule());
        fields.textUnlessEmpty("content_version", answered.contentVersion());
        fields.number("latency_ns", answered.latencyNanos());
        fields.flag("cached", answered.cached());
        fields.flag("late", answered.late());
      }
      case EngineOpinion.Missing missing -> {
        fields.text("missing", missing.cause().name());
        fields.textUnlessEmpty("reason", missing.reason());
      }
    }
    fields.end();
  }

  /// The sentence for people; without the path, which hostile users choose and `file` has.
  private static String message(DecisionRecord decision) {
    String what = decision.eventClass() == EventClass.EXEC ? "exec" : "open";
    return switch (decision.answer()) {
      case DENY -> what + " denied: " + decision.basis();
      case ALLOW -> what + " allowed: " + decision.basis();
    };
  }

  /// How the security control profile names the outcome.
  private enum Outcome {
    /// Nobody objected.
    ALLOWED(false, 1, "Allowed", false, Severity.INFORMATIONAL),
    /// Nobody objected, and somebody in enforce mode who should have been heard was not.
    ALLOWED_UNHEARD(false, 1, "Allowed", false, Severity.LOW),
    /// The owner's exception outweighed a DENY.
    EXONERATED(false, 10, "Exonerated", false, Severity.LOW),
    /// An engine objected, and its DENY did not count.
    DETECTED(false, 15, "Detected", true, Severity.MEDIUM),
    /// The kernel was told to deny.
    BLOCKED(true, 2, "Blocked", true, Severity.HIGH);

    final boolean denied;
    final int dispositionId;
    final String disposition;
    final boolean alert;
    final Severity severity;

    Outcome(
        boolean denied, int dispositionId, String disposition, boolean alert, Severity severity) {
      this.denied = denied;
      this.dispositionId = dispositionId;
      this.disposition = disposition;
      this.alert = alert;
      this.severity = severity;
    }

    static Outcome of(DecisionRecord decision) {
      if (decision.answer() == Verdict.DENY) {
        return BLOCKED;
      }
      return switch (decision.basis()) {
        case EXCEPTION -> EXONERATED;
        case MISS_POLICY, OVERLOAD -> objected(decision) ? DETECTED : ALLOWED_UNHEARD;
        case SELF, PROTECTED, CACHE, ENGINES, NO_ENFORCER, KERNEL_POLICY, NOT_JUDGED ->
            objected(decision) ? DETECTED : ALLOWED;
      };
    }

    private static boolean objected(DecisionRecord decision) {
      for (EngineOpinion opinion : decision.opinions()) {
        if (opinion instanceof EngineOpinion.Answered answered
            && answered.verdict() == Verdict.DENY) {
          return true;
        }
      }
      return false;
    }
  }
}
