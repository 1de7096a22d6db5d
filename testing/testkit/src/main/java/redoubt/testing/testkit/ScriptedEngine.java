package redoubt.testing.testkit;

import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import redoubt.agent.decision.EngineLink;
import redoubt.agent.decision.Inquiry;
import redoubt.agent.decision.Subject;
import redoubt.agent.hook.Operation;
import redoubt.core.model.EngineId;
import redoubt.core.model.EngineMode;
import redoubt.core.model.EngineOpinion;
import redoubt.core.model.EventClass;
import redoubt.core.model.Verdict;
import redoubt.testing.testkit.EngineScript.Reply;

/// An engine without a process: it does what its script says, when its script says so, and like a
/// real one it holds each operation that it was asked about until it has answered or died. Not
/// thread-safe.
public final class ScriptedEngine implements EngineLink {
  /// Which of its events an engine has not answered; `epoch` is the one it was asked under.
  private record Asked(int slot, long epoch) {}

  private final EngineId id;
  private final SimulatedTime time;
  private final Consumer<Operation> release;
  private final Map<Inquiry, Asked> pending = new LinkedHashMap<>();
  private Set<EventClass> classes = EnumSet.allOf(EventClass.class);
  private EngineScript script;
  private EngineMode mode;
  private boolean alive = true;
  private boolean demoted;
  private int credits = Integer.MAX_VALUE;
  private long epoch = 1;
  private int askedCount;
  private int toldCount;

  ScriptedEngine(
      EngineId id,
      EngineMode mode,
      EngineScript script,
      SimulatedTime time,
      Consumer<Operation> release) {
    this.id = id;
    this.mode = mode;
    this.script = script;
    this.time = time;
    this.release = release;
  }

  /// The owner switches what its DENY is worth.
  public void setMode(EngineMode newMode) {
    mode = newMode;
  }

  /// It behaves differently from now on.
  public void setScript(EngineScript newScript) {
    script = newScript;
  }

  /// It judges these classes of events only.
  public void judgeOnly(Set<EventClass> judged) {
    classes = Set.copyOf(judged);
  }

  /// Whether the platform still waits for it.
  public void setDemoted(boolean isDemoted) {
    demoted = isDemoted;
  }

  /// How many events it takes at once.
  public void setCredits(int most) {
    credits = most;
  }

  /// Its process ends: whatever was with it will not be answered.
  public void die() {
    alive = false;
    Map<Inquiry, Asked> lost = new LinkedHashMap<>(pending);
    pending.clear();
    lost.forEach((inquiry, asked) -> {
      inquiry.missing(asked.slot(), EngineOpinion.Cause.GONE);
      release.accept(inquiry.operation());
    });
  }

  /// It runs again, with other content: earlier verdicts no longer count.
  public void restartWithNewContent() {
    alive = true;
    epoch++;
  }

  /// How many events it was asked about.
  public int askedCount() {
    return askedCount;
  }

  /// How many operations it was told of without being asked.
  public int toldCount() {
    return toldCount;
  }

  @Override
  public EngineId id() {
    return id;
  }

  @Override
  public EngineMode mode() {
    return mode;
  }

  @Override
  public boolean judges(EventClass eventClass) {
    return classes.contains(eventClass);
  }

  @Override
  public boolean observes(EventClass eventClass) {
    return alive;
  }

  @Override
  public long epoch() {
    return epoch;
  }

  @Override
  public void ask(Inquiry inquiry, int slot) {
    askedCount++;
    if (!alive) {
      inquiry.missing(slot, EngineOpinion.Cause.GONE);
      return;
    }
    if (pending.size() >= credits) {
      inquiry.missing(slot, EngineOpinion.Cause.NO_CREDIT);
      return;
    }
    switch (script.reply(inquiry)) {
      case Reply.Unreachable(EngineOpinion.Cause cause) -> inquiry.missing(slot, cause);
      case Reply.Silence _ -> hold(inquiry, slot);
      case Reply.Abstain(long afterNanos) -> {
        hold(inquiry, slot);
        time.after(afterNanos, () -> abstain(inquiry));
      }
      case Reply.Answer answer -> {
        hold(inquiry, slot);
        time.after(answer.afterNanos(), () -> answer(inquiry, answer));
      }
    }
    if (demoted) {
      inquiry.missing(slot, EngineOpinion.Cause.DEMOTED);
    }
  }

  private void hold(Inquiry inquiry, int slot) {
    inquiry.operation().retain();
    pending.put(inquiry, new Asked(slot, epoch));
  }

  private void abstain(Inquiry inquiry) {
    Asked asked = pending.remove(inquiry);
    if (asked != null) {
      inquiry.missing(asked.slot(), EngineOpinion.Cause.ABSTAINED);
      release.accept(inquiry.operation());
    }
  }

  private void answer(Inquiry inquiry, Reply.Answer answer) {
    Asked asked = pending.remove(inquiry);
    if (asked != null) {
      if (answer.verdict() == Verdict.DENY) {
        inquiry.wishQuarantine(asked.slot());
      }
      inquiry.answered(
          asked.slot(),
          asked.epoch(),
          answer.verdict(),
          answer.scope(),
          answer.lifetimeNanos(),
          "scripted",
          "rule-of-" + id,
          "content-" + asked.epoch());
      release.accept(inquiry.operation());
    }
  }

  @Override
  public void tell(Subject subject) {
    toldCount++;
  }

  @Override
  public EngineOpinion.Cause missed(Inquiry inquiry) {
    return pending.containsKey(inquiry) ? EngineOpinion.Cause.DEADLINE : EngineOpinion.Cause.GONE;
  }

  /// The operations that it has not answered.
  public List<Operation> held() {
    return pending.keySet().stream().map(Inquiry::operation).toList();
  }
}
