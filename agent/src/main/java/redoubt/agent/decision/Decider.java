package redoubt.agent.decision;

import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import redoubt.agent.health.Counter;
import redoubt.agent.health.Counters;
import redoubt.agent.health.Notices;
import redoubt.agent.health.TimeSource;
import redoubt.agent.hook.Kernel;
import redoubt.agent.hook.Operation;
import redoubt.agent.hook.OperationHandler;
import redoubt.agent.hook.Responder;
import redoubt.core.model.DecisionBasis;
import redoubt.core.model.EngineMode;
import redoubt.core.model.EngineOpinion;
import redoubt.core.model.PlatformNotice;
import redoubt.core.model.Verdict;
import redoubt.core.model.VerdictScope;

/// Decides each operation: at once where everything is known, else through an [Inquiry].
///
/// The order of precedence: not a regular file, protected, no enforcing engine, known verdicts.
/// What can be answered is answered on the reading thread; whatever is left to find out is found
/// out afterwards, by examiners and engines, and recorded the same way. Thread-safe.
final class Decider implements OperationHandler, Inquiry.Bench {
  private final Kernel kernel;
  private final Responder responder;
  private final Supplier<Panel> panel;
  private final Guardrails guardrails;
  private final ProvenanceSource provenances;
  private final VerdictCache cache;
  private final DecisionLimits limits;
  private final FairQueue<Inquiry> examinations;
  private final FairQueue<Inquiry> patience;
  private final DeadlineKeeper deadlines;
  private final Recorder recorder;
  private final FileQuarantine quarantine;
  private final Counters counters;
  private final Notices notices;
  private final TimeSource time;
  private final WaitingRoom waiting;
  private final MissPolicy missPolicy;

  /// Whose turn it is to be asked first.
  private final AtomicInteger turns = new AtomicInteger();

  Decider(
      Kernel kernel,
      Responder responder,
      Supplier<Panel> panel,
      Guardrails guardrails,
      ProvenanceSource provenances,
      VerdictCache cache,
      DecisionLimits limits,
      FairQueue<Inquiry> examinations,
      FairQueue<Inquiry> patience,
      DeadlineKeeper deadlines,
      Recorder recorder,
      FileQuarantine quarantine,
      Counters counters,
      Notices notices,
      TimeSource time) {
    this.kernel = kernel;
    this.responder = responder;
    this.panel = panel;
    this.guardrails = guardrails;
    this.provenances = provenances;
    this.cache = cache;
    this.limits = limits;
    this.examinations = examinations;
    this.patience = patience;
    this.deadlines = deadlines;
    this.recorder = recorder;
    this.quarantine = quarantine;
    this.counters = counters;
    this.notices = notices;
    this.time = time;
    this.waiting = new WaitingRoom(limits.mostWaiting(), limits.mostQueuedPerActor());
    this.missPolicy = new MissPolicy(limits.onMiss());
  }

  /// Decides on the reading thread: does not block, opens nothing, allocates next to nothing.
  @Override
  public void handle(Operation operation) {
    Panel engines = panel.get();
    if (!operation.file().regular()) {
      responder.answer(operation, Verdict.ALLOW, DecisionBasis.NOT_JUDGED);
      recorder.record(operation, null, engines);
      return;
    }
    CacheEntry entry = cache.find(operation.file());
    Known known = known(operation, entry, engines);
    boolean isProtected =
        guardrails.isProtected(
            operation.file().device(), operation.file().inode(), operation.file().birthNanos());
    if (isProtected) {
      responder.answer(operation, Verdict.ALLOW, DecisionBasis.PROTECTED);
    } else if (!engines.enforces(operation.eventClass())) {
      responder.answer(operation, Verdict.ALLOW, DecisionBasis.NO_ENFORCER);
    } else if (known == Known.ALLOWED) {
      responder.answer(operation, Verdict.ALLOW, DecisionBasis.CACHE);
    }
    if (known == Known.ALLOWED) {
      counters.add(Counter.CACHE_HITS);
      recorder.record(operation, entry, engines);
    } else {
      inquire(operation, engines, isProtected, entry);
    }
  }

  /// How much the cache says about an operation.
  private enum Known {
    /// Every engine that judges such events has judged this content, and none denies it.
    ALLOWED,
    /// Something is left to find out: an engine's verdict, or whether an exception outweighs a
    /// DENY.
    NOT_ENOUGH
  }

  private static Known known(Operation operation, @Nullable CacheEntry entry, Panel engines) {
    if (entry == null) {
      return Known.NOT_ENOUGH;
    }
    for (int slot = 0; slot < engines.slots(); slot++) {
      EngineLink link = engines.link(slot);
      if (link == null || !link.judges(operation.eventClass())) {
        continue;
      }
      CachedVerdict verdict = entry.verdict(slot, link.epoch(), operation.readNanos());
      if (verdict == null
          || verdict.scope() != VerdictScope.FILE
          || verdict.verdict() == Verdict.DENY) {
        return Known.NOT_ENOUGH;
      }
    }
    return Known.ALLOWED;
  }

  private void inquire(
      Operation operation, Panel engines, boolean isProtected, @Nullable CacheEntry entry) {
    Inquiry inquiry =
        new Inquiry(
            operation,
            engines.judging(operation.eventClass()),
            isProtected,
            operation.readNanos() + limits.softDeadlineNanos(),
            this);
    counters.add(Counter.CACHE_MISSES);
    operation.retain();
    FairQueue.Offered offered = waiting.enter(operation.uid());
    if (offered == FairQueue.Offered.TAKEN) {
      offered = examinations.offer(operation.uid(), inquiry);
    }
    if (offered != FairQueue.Offered.TAKEN) {
      overload(
          inquiry,
          entry,
          offered == FairQueue.Offered.ACTOR_FULL
              ? EngineOpinion.Cause.ACTOR_THROTTLED
              : EngineOpinion.Cause.NO_CREDIT);
    }
    deadlines.watch(inquiry);
  }

  /// Too much waits already, in all or of this actor: what is known counts, else the owner's miss
  /// policy answers at once and the file is examined when there is time.
  private void overload(Inquiry inquiry, @Nullable CacheEntry entry, EngineOpinion.Cause cause) {
    counters.add(Counter.OVERLOAD);
    Operation operation = inquiry.operation();
    if (entry != null && settleAllFromCache(inquiry, entry)) {
      letGo(inquiry);
      return;
    }
    Verdict verdict = inquiry.hasEnforcer() ? missPolicy.verdict(time.nanos()) : Verdict.ALLOW;
    responder.answer(operation, verdict, DecisionBasis.OVERLOAD);
    for (int slot = 0; slot < inquiry.slots(); slot++) {
      inquiry.missing(slot, cause);
    }
    weigh(inquiry);
    if (patience.offer(operation.uid(), inquiry) != FairQueue.Offered.TAKEN) {
      counters.add(Counter.UNSCANNED_FILES);
      letGo(inquiry);
    }
  }

  /// A flood must not let through what an engine is known to deny.
  ///
  /// @return whether every engine's verdict was known
  private boolean settleAllFromCache(Inquiry inquiry, CacheEntry entry) {
    inquiry.examined(kernel.path(inquiry.operation().descriptor()), entry.sha256(), false, false);
    boolean all = true;
    for (int slot = 0; slot < inquiry.slots(); slot++) {
      EngineLink engine = inquiry.engine(slot);
      all &= engine == null || settleFromCache(inquiry, slot, engine, entry);
    }
    return all;
  }

  /// Hands an examined inquiry to every engine that has not judged the content before: to another
  /// one first each time, so that none has a head start, whoever made it.
  void deliver(Inquiry inquiry, @Nullable CacheEntry entry) {
    int first = inquiry.slotOf(turns.getAndIncrement());
    for (int i = 0; i < inquiry.slots(); i++) {
      int slot = (first + i) % inquiry.slots();
      EngineLink engine = inquiry.engine(slot);
      if (engine != null && !settleFromCache(inquiry, slot, engine, entry)) {
        if (engine.wantsProvenance()) {
          inquiry.findProvenance(provenances);
        }
        engine.ask(inquiry, slot);
      }
    }
    inquiry.markDelivered();
    weigh(inquiry);
  }

  private boolean settleFromCache(
      Inquiry inquiry, int slot, EngineLink engine, @Nullable CacheEntry entry) {
    CachedVerdict verdict =
        entry == null ? null : entry.verdict(slot, engine.epoch(), time.nanos());
    if (verdict == null || !verdict.covers(inquiry.operation().uid(), inquiry.actorImage())) {
      return false;
    }
    inquiry.settle(slot, Recorder.opinionOf(engine, verdict));
    return true;
  }

  /// Answers if the opinions so far allow it, and writes the inquiry up when it is complete.
  @Override
  public void weigh(Inquiry inquiry) {
    Operation operation = inquiry.operation();
    if (!operation.claimed()) {
      Verdict onMiss = missPolicy.verdict(time.nanos());
      switch (Combination.rule(inquiry, onMiss, this::exceptionFor)) {
        case Ruling.Open _ -> {}
        case Ruling.Allow allow -> {
          inquiry.setException(allow.exception());
          answer(operation, Verdict.ALLOW, allow.basis());
        }
        case Ruling.Deny deny -> answer(operation, Verdict.DENY, deny.basis());
      }
    }
    if (inquiry.complete() && operation.answered()) {
      conclude(inquiry);
    }
  }

  private void answer(Operation operation, Verdict verdict, DecisionBasis basis) {
    if (responder.answer(operation, verdict, basis)) {
      switch (basis) {
        case MISS_POLICY -> {
          counters.add(Counter.MISS_POLICY);
          missPolicy.missed(time.nanos());
        }
        case ENGINES -> missPolicy.judged();
        case EXCEPTION -> counters.add(Counter.EXCEPTIONS_USED);
        default -> {}
      }
    }
  }

  private String exceptionFor(Inquiry inquiry, EngineLink engine) {
    return guardrails.exceptionFor(inquiry, engine.id(), time.wallMillis());
  }

  /// The soft deadline has passed: whoever is silent has no opinion.
  void expire(Inquiry inquiry) {
    for (int slot = 0; slot < inquiry.slots(); slot++) {
      EngineLink engine = inquiry.engine(slot);
      if (engine != null && inquiry.opinion(slot) == null) {
        inquiry.missing(
            slot, inquiry.delivered() ? engine.missed(inquiry) : EngineOpinion.Cause.NOT_DELIVERED);
      }
    }
    weigh(inquiry);
  }

  private void conclude(Inquiry inquiry) {
    if (inquiry.conclude()) {
      waiting.leave(inquiry.operation().uid());
      if (inquiry.digest() == null) {
        releaseLease(inquiry);
      }
      refuseDenialsOfProtected(inquiry);
      passQuarantineWishes(inquiry);
      recorder.record(inquiry, panel.get());
    }
  }

  /// Gives the file's lease back, once: a writer may go on.
  void releaseLease(Inquiry inquiry) {
    if (inquiry.takeLeaseOff()) {
      responder.releaseLease(inquiry.operation());
    }
  }

  /// An examiner is done with an inquiry: what it held for the examination is given back.
  void letGo(Inquiry inquiry) {
    if (inquiry.concluded()) {
      releaseLease(inquiry);
    }
    responder.release(inquiry.operation());
  }

  private void refuseDenialsOfProtected(Inquiry inquiry) {
    if (!inquiry.protectedFile()) {
      return;
    }
    for (EngineOpinion opinion : inquiry.opinions()) {
      if (opinion instanceof EngineOpinion.Answered answered
          && answered.verdict() == Verdict.DENY) {
        counters.add(Counter.PROTECTED_REFUSALS);
        notices.report(
            PlatformNotice.Kind.PROTECTED_REFUSAL,
            answered.engine().value(),
            "refused to deny a protected file: path="
                + inquiry.path()
                + " rule="
                + answered.rule());
      }
    }
  }

  private void passQuarantineWishes(Inquiry inquiry) {
    if (!inquiry.wishesQuarantine()) {
      return;
    }
    for (int slot = 0; slot < inquiry.slots(); slot++) {
      if (inquiry.opinion(slot) instanceof EngineOpinion.Answered opinion
          && wishCounts(inquiry, slot, opinion)) {
        quarantine.wished(inquiry, opinion);
        return;
      }
    }
  }

  private boolean wishCounts(Inquiry inquiry, int slot, EngineOpinion.Answered opinion) {
    EngineLink engine = inquiry.engine(slot);
    return engine != null
        && inquiry.wishesQuarantine(slot)
        && opinion.mode() == EngineMode.ENFORCE
        && engine.mode() == EngineMode.ENFORCE
        && !inquiry.protectedFile()
        && exceptionFor(inquiry, engine).isEmpty();
  }

  /// A verdict after the answer still counts: it is cached, and a DENY may end what was let start.
  @Override
  public void late(Inquiry inquiry, int slot, EngineOpinion.Answered opinion) {
    counters.add(Counter.LATE_VERDICTS);
    EngineLink engine = inquiry.engine(slot);
    Operation operation = inquiry.operation();
    if (engine == null
        || opinion.verdict() != Verdict.DENY
        || inquiry.protectedFile()
        || engine.mode() != EngineMode.ENFORCE
        || operation.answer() == Verdict.DENY
        || !exceptionFor(inquiry, engine).isEmpty()) {
      return;
    }
    recorder.lateDenial(inquiry, opinion);
    if (wishCounts(inquiry, slot, opinion)) {
      quarantine.wished(inquiry, opinion);
    }
    if (limits.killLate() && stillRuns(inquiry) && kernel.kill(operation.pidfd()) >= 0) {
      counters.add(Counter.KILLED_LATE);
      notices.report(
          PlatformNotice.Kind.KILLED_LATE,
          opinion.engine().value(),
          "ended a process that a late verdict denies: pid="
              + operation.pid()
              + " path="
              + inquiry.path()
              + " rule="
              + opinion.rule());
    }
  }

  /// Whether the process still runs what it was let execute; behind a script runs its interpreter.
  private boolean stillRuns(Inquiry inquiry) {
    return inquiry.script() || kernel.image(inquiry.operation().pid()).equals(inquiry.path());
  }

  @Override
  public void remember(Inquiry inquiry, int slot, CachedVerdict verdict) {
    cache.judge(inquiry.file(), slot, verdict);
  }

  @Override
  public long nanos() {
    return time.nanos();
  }

  /// How many operations wait for engines or examiners.
  public int waiting() {
    return waiting.size();
  }
}
