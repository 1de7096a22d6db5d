package redoubt.agent.engine;

import java.util.Collection;
import java.util.EnumSet;
import java.util.Set;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import redoubt.agent.confinement.EngineUsage;
import redoubt.agent.decision.EngineLink;
import redoubt.agent.decision.Inquiry;
import redoubt.agent.decision.Subject;
import redoubt.agent.health.Counter;
import redoubt.agent.health.Counters;
import redoubt.agent.health.Notices;
import redoubt.agent.health.TimeSource;
import redoubt.agent.hook.Operation;
import redoubt.agent.registry.EngineManifest;
import redoubt.agent.registry.EngineRights;
import redoubt.core.model.EngineId;
import redoubt.core.model.EngineMode;
import redoubt.core.model.EngineOpinion;
import redoubt.core.model.EventClass;
import redoubt.core.model.ResponseAction;
import redoubt.core.model.Verdict;
import redoubt.core.wire.AgentMessage;
import redoubt.core.wire.ControlReply;
import redoubt.core.wire.EngineMessage;

/// One registered engine's place on this host, whether or not its process runs: its slot, its mode,
/// its grants, its conduct, its statistics.
///
/// Decisions see it as an [EngineLink]; [EngineProcess] brings and takes its connection.
/// Thread-safe.
final class EngineSeat implements EngineLink {
  private final int slot;
  private volatile EngineManifest manifest;
  private final EngineSettings settings;
  private final Consumer<Operation> release;
  private final Counters counters;
  private final TimeSource time;
  private final EngineConduct conduct;
  private final ConductReports reports;
  private final EngineFigures figures = new EngineFigures();

  private volatile EngineMode mode;
  private volatile boolean tripped;
  private volatile EngineRights rights;
  private volatile Set<EventClass> judged = Set.of();
  private volatile Set<EventClass> observed = Set.of();

  /// Of those observed, what the process has said it needs; kept while it is started again.
  private volatile Set<EventClass> needed = Set.of();

  private volatile @Nullable EngineConnection connection;

  /// Of the process that is tried beside the one that serves.
  private volatile Shadow shadow = Shadow.NONE;

  private volatile @Nullable Terms terms;

  /// Those of the last process that judged.
  private volatile @Nullable Terms serving;

  private volatile @Nullable EngineContent content;
  private volatile long contentEntries;

  EngineSeat(
      int slot,
      EngineManifest manifest,
      EngineRights rights,
      EngineMode mode,
      EngineSettings settings,
      Consumer<Operation> release,
      Counters counters,
      Notices notices,
      TimeSource time) {
    this.slot = slot;
    this.manifest = manifest;
    this.rights = rights;
    this.mode = mode;
    this.settings = settings;
    this.release = release;
    this.counters = counters;
    this.time = time;
    this.conduct = new EngineConduct(time);
    this.reports = new ConductReports(manifest.id(), counters, notices);
  }

  int slot() {
    return slot;
  }

  EngineManifest manifest() {
    return manifest;
  }

  EngineRights rights() {
    return rights;
  }

  /// Changes what the engine may. It loses rights at once and has new ones from its next
  /// connection.
  ///
  /// @return whether that is something else than before
  synchronized boolean changeRights(EngineRights decided) {
    boolean changes = !rights.equals(decided);
    rights = decided;
    if (changes) {
      shadow = Shadow.NONE; // It has the rights of before.
    }
    judged = inBoth(judged, decided.judge());
    observed = inBoth(observed, decided.observe());
    needed = inBoth(needed, observed);
    return changes;
  }

  private static Set<EventClass> inBoth(Set<EventClass> one, Set<EventClass> other) {
    Set<EventClass> both = EnumSet.noneOf(EventClass.class);
    both.addAll(one);
    both.retainAll(other);
    return Set.copyOf(both);
  }

  @Nullable EngineContent content() {
    return content;
  }

  /// What the next process is to judge with, and to be; null for nothing.
  void setContent(@Nullable EngineContent verified) {
    content = verified;
    manifest = verified == null ? manifest : verified.program().orElse(manifest);
  }

  /// Switches what the engine's DENY is worth, at once, and tells it.
  void setMode(EngineMode newMode) {
    mode = newMode;
    EngineConnection current = connection;
    if (current != null) {
      current.send(new AgentMessage.ModeChanged(mode()));
    }
  }

  @Override
  public EngineId id() {
    return manifest.id();
  }

  @Override
  public EngineMode mode() {
    return tripped ? EngineMode.MONITOR : mode;
  }

  /// Takes away what the engine's DENY is worth, or gives it back, at once.
  void setTripped(boolean now) {
    tripped = now;
    EngineConnection current = connection;
    if (current != null) {
      current.send(new AgentMessage.ModeChanged(mode()));
    }
  }

  /// Classes once granted stay granted while the process is being started again, so that what it
  /// cannot judge meanwhile is recorded as missing, not as unasked.
  @Override
  public boolean judges(EventClass eventClass) {
    return judged.contains(eventClass);
  }

  @Override
  public boolean observes(EventClass eventClass) {
    return observed.contains(eventClass) && connection != null;
  }

  @Override
  public long epoch() {
    Terms now = terms;
    return now == null ? 1 : now.epochAt(settings.provenanceGeneration().getAsLong());
  }

  @Override
  public boolean wantsProvenance() {
    Terms now = terms;
    return now != null && now.hello().provenance();
  }

  @Override
  public void ask(Inquiry inquiry, int slotOfInquiry) {
    figures.asked.incrementAndGet();
    EngineConnection current = connection;
    boolean demoted = conduct.demoted();
    EngineOpinion.Cause cause =
        current == null ? EngineOpinion.Cause.GONE : current.ask(inquiry, slotOfInquiry, !demoted);
    if (demoted && cause != EngineOpinion.Cause.GONE) {
      cause = EngineOpinion.Cause.DEMOTED;
    }
    if (cause == EngineOpinion.Cause.NO_CREDIT || cause == EngineOpinion.Cause.ACTOR_THROTTLED) {
      figures.dropped.incrementAndGet();
    }
    if (cause != null) {
      inquiry.missing(slotOfInquiry, cause);
    }
    shadow.ask(inquiry);
  }

  @Override
  public void tell(Subject subject) {
    EngineConnection current = connection;
    if (current != null && !current.tell(subject)) {
      figures.dropped.incrementAndGet();
    }
  }

  /// Tells what has happened on the host, if the engine wants to hear of it and needs it. May be
  /// dropped, and is then counted; may be kept back until [#flush].
  void tell(FoldedEvent event) {
    shadow.tell(event);
    EngineConnection current = connection;
    if (current == null || !observed.contains(event.event().eventClass())) {
      return;
    }
    figures.became(current.activity().offer(event));
  }

  /// Passes on what was kept back.
  void flush() {
    EngineConnection current = connection;
    if (current != null) {
      current.activity().flush();
    }
    shadow.flush();
  }

  /// The engine is to blame only if it answered nothing in time while it had the event; else the
  /// actor's load is, and that actor is throttled.
  @Override
  public EngineOpinion.Cause missed(Inquiry inquiry) {
    figures.missed.incrementAndGet();
    EngineConnection current = connection;
    EngineConnection.Asked with = current == null ? null : current.find(inquiry);
    if (current == null || with == null) {
      return EngineOpinion.Cause.GONE;
    }
    if (conduct.workedSince(with.askedNanos())) {
      current.throttle(inquiry.operation().uid());
    } else {
      reports.note(conduct.missed());
    }
    return EngineOpinion.Cause.DEADLINE;
  }

  /// A handshaken connection is about to serve. Beside another that serves it changes nothing yet.
  synchronized void welcome(Terms offered) {
    if (connection == null) {
      enter(offered);
    }
  }

  private void enter(Terms offered) {
    terms = offered;
    judged = inBoth(offered.judged(), rights.judge());
    observed = inBoth(offered.observed(), rights.observe());
  }

  /// The process behind a connection needs events of these classes from now on. One that does not
  /// serve yet, or no more, changes nothing.
  ///
  /// @return whether these are others than before
  synchronized boolean needs(EngineConnection from, Set<EventClass> classes) {
    return connection == from && needsNow(classes);
  }

  private boolean needsNow(Set<EventClass> classes) {
    Set<EventClass> before = needed;
    needed = inBoth(classes, observed);
    return !needed.equals(before);
  }

  /// The classes of events that the process needs, as it last said.
  Set<EventClass> needed() {
    return needed;
  }

  /// The engine judges from now on, in place of whatever process of it did.
  ///
  /// @param agreed what it serves with
  /// @param entries how many entries its content has
  /// @param classes the classes of events that it needs
  /// @return whether these are others than before; not if the connection is no more
  synchronized boolean ready(
      EngineConnection ready, Terms agreed, long entries, Set<EventClass> classes) {
    shadow = Shadow.NONE;
    if (ready.isClosed()) {
      return false;
    }
    if (hasOtherContentThan(agreed)) {
      conduct.forget();
    }
    serving = agreed;
    enter(agreed);
    contentEntries = entries;
    boolean changed = needsNow(classes);
    connection = ready;
    return changed;
  }

  private boolean hasOtherContentThan(Terms agreed) {
    EngineContent old = serving == null ? null : serving.content();
    return old != null && agreed.content() != null && agreed.content().isOtherThan(old);
  }

  /// Whether this is the connection over which the engine is asked.
  boolean isServedBy(@Nullable EngineConnection one) {
    return one != null && connection == one;
  }

  /// The process behind a connection hears what the one that serves hears, until it serves itself
  /// or is gone.
  synchronized Shadow shadow(EngineConnection beside, Terms offered) {
    Shadow begun =
        new Shadow(
            beside,
            inBoth(offered.judged(), rights.judge()),
            inBoth(offered.observed(), rights.observe()),
            settings.softDeadline().toNanos(),
            time);
    if (!beside.isClosed()) {
      shadow = begun;
    }
    return begun;
  }

  private synchronized void leave(EngineConnection lost) {
    if (connection == lost) {
      connection = null;
    }
    if (shadow.isOf(lost)) {
      shadow = Shadow.NONE;
    }
  }

  /// The connection is no more: every event with it has no opinion.
  void gone(EngineConnection lost) {
    Collection<EngineConnection.Asked> left = lost.close();
    leave(lost);
    for (EngineConnection.Asked asked : left) {
      Inquiry inquiry = asked.inquiry();
      if (inquiry != null) {
        inquiry.missing(asked.slot(), EngineOpinion.Cause.GONE);
        release.accept(inquiry.operation());
      }
    }
  }

  /// Takes one verdict.
  ///
  /// @param under what it was judged with
  /// @return false if it answers nothing that was asked
  boolean verdict(EngineConnection from, Terms under, EngineMessage.EventVerdict verdict) {
    EngineConnection.Asked asked = from.answered(verdict.eventId());
    if (asked == null) {
      return false;
    }
    if (asked.isSample()) {
      shadow.answered(asked, verdict);
      return true;
    }
    took(asked);
    Inquiry inquiry = asked.inquiry();
    if (verdict.verdict() == Verdict.DENY) {
      figures.denies(inquiry != null && inquiry.protectedFile());
    }
    if (inquiry != null) {
      if (verdict.quarantine() && verdict.verdict() == Verdict.DENY) {
        wishQuarantine(inquiry, asked.slot());
      }
      inquiry.answered(
          asked.slot(),
          under.epochAt(inquiry.provenanceGeneration()),
          verdict.verdict(),
          verdict.scope(),
          verdict.lifetimeSeconds() * 1_000_000_000L,
          verdict.reason(),
          verdict.rule(),
          verdict.contentVersion());
      release.accept(inquiry.operation());
    }
    return true;
  }

  private void wishQuarantine(Inquiry inquiry, int slot) {
    if (rights.respond().contains(ResponseAction.QUARANTINE)) {
      inquiry.wishQuarantine(slot);
    } else {
      counters.add(Counter.RESPONSES_REFUSED);
    }
  }

  /// Takes word that there will be no verdict.
  ///
  /// @return false if it answers nothing that was asked
  boolean abstained(EngineConnection from, long eventId, String reason) {
    EngineConnection.Asked asked = from.answered(eventId);
    if (asked == null) {
      return false;
    }
    if (asked.isSample()) {
      shadow.answered(asked, null);
      return true;
    }
    took(asked);
    Inquiry inquiry = asked.inquiry();
    if (inquiry != null) {
      inquiry.missing(asked.slot(), EngineOpinion.Cause.ABSTAINED, reason);
      release.accept(inquiry.operation());
    }
    return true;
  }

  /// A scan has so much time that how long it took says nothing.
  private void took(EngineConnection.Asked asked) {
    if (asked.isScan()) {
      figures.answered.incrementAndGet();
    } else {
      tookNanos(time.nanos() - asked.sentNanos());
    }
  }

  /// Notes how long the engine took for an answer, or for a ping.
  void tookNanos(long nanos) {
    if (nanos <= settings.softDeadline().toNanos()) {
      figures.answered.incrementAndGet();
      figures.latencies.add(nanos);
      reports.note(conduct.timely());
    }
  }

  EngineFigures figures() {
    return figures;
  }

  boolean demoted() {
    return conduct.demoted();
  }

  boolean silentFor(long nanos) {
    return !conduct.workedSince(time.nanos() - nanos);
  }

  private String stateWhenConnected() {
    if (tripped) {
      return "tripped";
    }
    return conduct.demoted() ? "demoted" : "ready";
  }

  /// The engine's state for `status`.
  ///
  /// @param process what the process does, such as `starting`; `ready` if it is connected
  /// @param uid the user id of its processes
  /// @param usage what its processes use
  ControlReply.Engine status(String process, int pid, int uid, int restarts, EngineUsage usage) {
    Terms now = terms;
    EngineMessage.Hello from = now == null ? null : now.hello();
    EngineContent loaded = content;
    return new ControlReply.Engine(
        id().value(),
        from == null ? "" : from.name(),
        from == null ? "" : from.vendor(),
        from == null ? "" : from.engineVersion(),
        mode,
        connection == null ? process : stateWhenConnected(),
        pid,
        uid,
        restarts,
        loaded == null ? "" : loaded.name(),
        loaded == null ? "" : loaded.version(),
        loaded == null ? "" : loaded.trust(),
        contentEntries,
        figures.asked.get(),
        figures.answered.get(),
        figures.missed.get(),
        figures.denied.get(),
        figures.refused.get(),
        figures.found.get(),
        figures.latencies.micros(0.5),
        figures.latencies.micros(0.99),
        new ControlReply.Costs(
            usage.cpuMicros(),
            usage.residentBytes(),
            usage.processes(),
            figures.told.get(),
            figures.dropped.get(),
            figures.filtered.get()),
        manifest.asks().words(),
        rights.words(),
        manifest.release().orElse(null));
  }
}
