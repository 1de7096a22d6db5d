package redoubt.agent.engine;

import java.util.EnumSet;
import java.util.Set;
import java.util.concurrent.atomic.AtomicLong;
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
import redoubt.core.model.PlatformNotice;
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
  private final EngineManifest manifest;
  private final EngineSettings settings;
  private final Consumer<Operation> release;
  private final Counters counters;
  private final Notices notices;
  private final TimeSource time;
  private final EngineConduct conduct;
  private final LatencyWindow latencies = new LatencyWindow();
  private final AtomicLong asked = new AtomicLong();
  private final AtomicLong answered = new AtomicLong();
  private final AtomicLong missed = new AtomicLong();
  private final AtomicLong denied = new AtomicLong();
  private final AtomicLong dropped = new AtomicLong();
  private final AtomicLong filtered = new AtomicLong();

  private volatile EngineMode mode;
  private volatile boolean tripped;
  private volatile EngineRights rights;
  private volatile Set<EventClass> judged = Set.of();
  private volatile Set<EventClass> observed = Set.of();

  /// Of those observed, what the process has said it needs; kept while it is started again.
  private volatile Set<EventClass> needed = Set.of();

  private volatile @Nullable EngineConnection connection;
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
    this.notices = notices;
    this.time = time;
    this.conduct = new EngineConduct(time);
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

  /// What the next process is to judge with; null for nothing.
  void setContent(@Nullable EngineContent verified) {
    content = verified;
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
    asked.incrementAndGet();
    EngineConnection current = connection;
    boolean demoted = conduct.demoted();
    EngineOpinion.Cause cause =
        current == null ? EngineOpinion.Cause.GONE : current.ask(inquiry, slotOfInquiry, !demoted);
    if (demoted && cause != EngineOpinion.Cause.GONE) {
      cause = EngineOpinion.Cause.DEMOTED;
    }
    if (cause == EngineOpinion.Cause.NO_CREDIT || cause == EngineOpinion.Cause.ACTOR_THROTTLED) {
      dropped.incrementAndGet();
    }
    if (cause != null) {
      inquiry.missing(slotOfInquiry, cause);
    }
  }

  @Override
  public void tell(Subject subject) {
    EngineConnection current = connection;
    if (current != null && !current.tell(subject)) {
      dropped.incrementAndGet();
    }
  }

  /// Tells what has happened on the host, if the engine wants to hear of it and needs it. May be
  /// dropped, and is then counted; may be kept back until [#flush].
  void tell(FoldedEvent event) {
    EngineConnection current = connection;
    if (current == null || !observed.contains(event.event().eventClass())) {
      return;
    }
    switch (current.activity().offer(event)) {
      case TAKEN -> {}
      case UNNEEDED -> filtered.incrementAndGet();
      case DROPPED -> dropped.incrementAndGet();
    }
  }

  /// Passes on what was kept back.
  void flush() {
    EngineConnection current = connection;
    if (current != null) {
      current.activity().flush();
    }
  }

  /// The engine is to blame only if it answered nothing in time while it had the event; else the
  /// actor's load is, and that actor is throttled.
  @Override
  public EngineOpinion.Cause missed(Inquiry inquiry) {
    missed.incrementAndGet();
    EngineConnection current = connection;
    EngineConnection.Asked with = current == null ? null : current.find(inquiry);
    if (current == null || with == null) {
      return EngineOpinion.Cause.GONE;
    }
    if (conduct.workedSince(with.askedNanos())) {
      current.throttle(inquiry.operation().uid());
    } else {
      note(conduct.missed());
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
  /// @return whether these are others than before
  synchronized boolean ready(
      EngineConnection ready, Terms agreed, long entries, Set<EventClass> classes) {
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
    Terms before = serving;
    EngineContent old = before == null ? null : before.content();
    EngineContent next = agreed.content();
    return old != null && next != null && !old.sha256().equals(next.sha256());
  }

  /// Whether this is the connection over which the engine is asked.
  boolean isServedBy(@Nullable EngineConnection one) {
    return one != null && connection == one;
  }

  private synchronized void leave(EngineConnection lost) {
    if (connection == lost) {
      connection = null;
    }
  }

  /// The connection is no more: every event with it has no opinion.
  void gone(EngineConnection lost) {
    leave(lost);
    for (EngineConnection.Asked asked : lost.close()) {
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
    took(asked);
    if (verdict.verdict() == Verdict.DENY) {
      denied.incrementAndGet();
    }
    Inquiry inquiry = asked.inquiry();
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
      answered.incrementAndGet();
    } else {
      tookNanos(time.nanos() - asked.sentNanos());
    }
  }

  /// Notes how long the engine took for an answer, or for a ping.
  void tookNanos(long nanos) {
    if (nanos <= settings.softDeadline().toNanos()) {
      answered.incrementAndGet();
      latencies.add(nanos);
      note(conduct.timely());
    }
  }

  /// Starts the statistics anew.
  void forgetStatistics() {
    asked.set(0);
    answered.set(0);
    missed.set(0);
    denied.set(0);
    dropped.set(0);
    filtered.set(0);
    latencies.clear();
  }

  boolean demoted() {
    return conduct.demoted();
  }

  boolean silentFor(long nanos) {
    return !conduct.workedSince(time.nanos() - nanos);
  }

  private void note(EngineConduct.Change change) {
    switch (change) {
      case NONE -> {}
      case DEMOTED -> {
        counters.add(Counter.ENGINE_DEMOTIONS);
        notices.report(
            PlatformNotice.Kind.ENGINE_DEMOTED,
            id().value(),
            "no longer waited for: missed its deadline "
                + EngineConduct.MISSES
                + " times and answered nothing in between");
      }
      case RECOVERED ->
          notices.report(
              PlatformNotice.Kind.ENGINE_RECOVERED,
              id().value(),
              "waited for again: kept its deadlines");
    }
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
        asked.get(),
        answered.get(),
        missed.get(),
        denied.get(),
        latencies.micros(0.5),
        latencies.micros(0.99),
        new ControlReply.Costs(
            usage.cpuMicros(),
            usage.residentBytes(),
            usage.processes(),
            dropped.get(),
            filtered.get()),
        manifest.asks().words(),
        rights.words());
  }
}
