package redoubt.testing.testkit;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.LongSupplier;
import redoubt.agent.decision.DecisionLimits;
import redoubt.agent.decision.Decisions;
import redoubt.agent.decision.FileQuarantine;
import redoubt.agent.decision.Inquiry;
import redoubt.agent.decision.ProvenanceSource;
import redoubt.agent.decision.Recorder;
import redoubt.agent.health.Counter;
import redoubt.agent.health.Counters;
import redoubt.agent.health.LossWatch;
import redoubt.agent.hook.DescriptorBudget;
import redoubt.agent.hook.HookLoop;
import redoubt.agent.hook.KernelDeadman;
import redoubt.agent.hook.Responder;
import redoubt.agent.process.SelfProcesses;
import redoubt.core.model.DecisionRecord;
import redoubt.core.model.EngineId;
import redoubt.core.model.EngineMode;
import redoubt.core.model.EngineOpinion;
import redoubt.core.model.EventClass;
import redoubt.core.model.Finding;
import redoubt.core.model.PlatformNotice;

/// One simulated host: the agent's own hook and decision rooms between a simulated kernel,
/// simulated time and scripted engines.
///
/// What threads would do is done by turns on the caller's thread: the reading thread and the
/// examiners wake up some time after there is work for them ([#setPace]), the deadlines' thread at
/// the very nanosecond. A run is over when nothing is left on the agenda. Not thread-safe.
public final class SimulatedHost {
  /// The longest that anybody may wait if the agent stalls.
  public static final Duration HARD_DEADLINE = Duration.ofSeconds(2);

  private static final long IDLE_NANOS = 400_000_000L;
  private static final long RETRY_NANOS = 10_000_000L;
  private static final int MOST_TURNS = 1_000_000;

  private final DecisionLimits limits;
  private final SimulatedTime time = new SimulatedTime();
  private final SimulatedKernel kernel;
  private final ScriptedOwner owner = new ScriptedOwner();
  private final Counters counters = new Counters();
  private final LossWatch losses = new LossWatch(counters, this::notice);
  private final List<PlatformNotice> notices = new ArrayList<>();
  private final List<DecisionRecord> records = new ArrayList<>();
  private final List<PutAway> putAway = new ArrayList<>();
  private final List<Finding> findings = new ArrayList<>();
  private final Responder responder;
  private final DescriptorBudget budget;
  private final Decisions decisions;
  private final HookLoop loop;
  private final List<ScriptedEngine> engines = new ArrayList<>();
  private LongSupplier pace = () -> 0;
  private long turnedNanos = time.nanos();
  private boolean readerPlanned;
  private boolean workPlanned;
  private boolean working;
  private boolean worked;
  private boolean deadlinesStalled;
  private boolean dead;

  /// A host whose agent knows its descriptor limit and has a queue without bound.
  public SimulatedHost(DecisionLimits limits, int descriptorLimit) {
    this(limits, descriptorLimit, SimulatedKernel.UNLIMITED);
  }

  /// @param descriptorLimit the descriptors for events, at least 2
  /// @param queueLimit the most events that wait to be read
  public SimulatedHost(DecisionLimits limits, int descriptorLimit, int queueLimit) {
    this.limits = limits;
    kernel = new SimulatedKernel(time, descriptorLimit, queueLimit);
    budget = new DescriptorBudget(descriptorLimit, 0, Integer.MAX_VALUE);
    responder = new Responder(kernel, budget, counters, time);
    decisions =
        new Decisions(
            kernel,
            responder,
            owner,
            ProvenanceSource.none(),
            limits,
            new Outlet(),
            new Quarantine(),
            counters,
            this::notice,
            time);
    loop =
        new HookLoop(
            kernel.openSource(),
            operation -> {
              // The deadlines' thread wakes up at the deadline.
              time.after(limits.softDeadline().toNanos(), () -> {});
              decisions.handler().handle(operation);
            },
            responder,
            budget,
            new SelfProcesses(_ -> 0),
            new SimulatedDeadman(time, timeToLive(limits).toNanos(), this::die),
            decisions::overdue,
            counters,
            time);
    loop.arm();
    time.follow(this::keepDeadlines);
    time.follow(this::keepReading);
  }

  private static Duration timeToLive(DecisionLimits limits) {
    return KernelDeadman.timeToLive(HARD_DEADLINE, limits.softDeadline());
  }

  /// Seats an engine in the next free slot.
  public ScriptedEngine seat(String id, EngineMode mode, EngineScript script) {
    return seat(engines.size(), id, mode, script);
  }

  /// Seats an engine in a slot.
  public ScriptedEngine seat(int slot, String id, EngineMode mode, EngineScript script) {
    ScriptedEngine engine =
        new ScriptedEngine(new EngineId(id), mode, script, time, responder::release);
    engines.add(engine);
    decisions.seat(slot, engine);
    return engine;
  }

  /// A process of `uid` asks to execute a file.
  public SimulatedOpener exec(SimulatedFile file, int uid) {
    return ask(file, EventClass.EXEC, uid, "/bin/sh");
  }

  /// A process of `uid` that runs `image` asks for a file.
  public SimulatedOpener ask(SimulatedFile file, EventClass eventClass, int uid, String image) {
    SimulatedOpener opener = kernel.ask(file, eventClass, uid, image);
    planReader(pace.getAsLong());
    return opener;
  }

  /// How long each thread takes to wake up when there is work for it.
  public void setPace(LongSupplier wakeUpNanos) {
    pace = wakeUpNanos;
  }

  /// The thread that answers for the silent does not run any more.
  public void stallDeadlines() {
    deadlinesStalled = true;
  }

  /// Lets everything happen that is to happen, to the end.
  ///
  /// @throws AssertionError if it does not end
  public void run() {
    for (int turns = 0; turns < MOST_TURNS; turns++) {
      long next = time.nanosToNext();
      if (next < 0) {
        losses.report();
        return;
      }
      if (next > IDLE_NANOS) {
        worked = false;
        time.advance(IDLE_NANOS);
      } else {
        worked = false;
        time.runNext();
      }
      if (!worked) {
        planWork();
      }
    }
    throw new AssertionError("the simulation does not end");
  }

  /// Runs to the end, lets the engines that are still silent die, and checks that nothing is left.
  ///
  /// @throws AssertionError if somebody waits or anything was not given back
  public void runToQuiet() {
    run();
    engines.forEach(ScriptedEngine::die);
    planWork();
    run();
    kernel.requireQuiet();
    if (budget.used() != 0 || decisions.waiting() != 0) {
      throw new AssertionError(
          "not given back: room=" + budget.used() + " waiting=" + decisions.waiting());
    }
  }

  private void planReader(long delayNanos) {
    if (!readerPlanned) {
      readerPlanned = true;
      time.after(delayNanos, this::turnReader);
    }
  }

  private void turnReader() {
    readerPlanned = false;
    turnedNanos = time.nanos();
    if (dead) {
      return;
    }
    int count = loop.turn(0);
    planWork();
    if (kernel.queued() > 0) {
      planReader(count > 0 ? pace.getAsLong() : RETRY_NANOS);
    }
  }

  private void planWork() {
    if (!workPlanned && !working) {
      workPlanned = true;
      time.after(pace.getAsLong(), this::work);
    }
  }

  /// One round of the examiners and the recorder. Reading takes time in which all else goes on, but
  /// no second round begins.
  private void work() {
    workPlanned = false;
    worked = true;
    if (dead || working) {
      return;
    }
    working = true;
    boolean progress = decisions.step();
    working = false;
    if (progress) {
      planWork();
    }
  }

  private void keepDeadlines() {
    if (!dead && !deadlinesStalled) {
      decisions.keepDeadlines();
    }
  }

  /// The reading thread never sleeps for longer than this, whatever the others do.
  private void keepReading() {
    if (time.nanos() - turnedNanos >= IDLE_NANOS) {
      turnReader();
    }
  }

  private void die() {
    dead = true;
    kernel.close();
  }

  /// A file that was put away on an engine's wish.
  ///
  /// @param path where it was
  /// @param isProtected whether nothing may deny it
  /// @param opinion the DENY
  public record PutAway(String path, boolean isProtected, EngineOpinion.Answered opinion) {}

  private final class Quarantine implements FileQuarantine {
    @Override
    public void wished(Inquiry inquiry, EngineOpinion.Answered opinion) {
      putAway.add(new PutAway(inquiry.path(), inquiry.protectedFile(), opinion));
    }

    @Override
    public String putAway(Inquiry inquiry, EngineOpinion.Answered opinion, int uid) {
      throw new AssertionError("nobody names a file here");
    }
  }

  /// The files that were put away.
  public List<PutAway> putAway() {
    return List.copyOf(putAway);
  }

  private void notice(PlatformNotice.Kind kind, String subject, String message) {
    notices.add(new PlatformNotice(time.wallMillis(), kind, subject, message));
  }

  /// The bounds that the agent was given.
  public DecisionLimits limits() {
    return limits;
  }

  public SimulatedTime time() {
    return time;
  }

  public SimulatedKernel kernel() {
    return kernel;
  }

  public ScriptedOwner owner() {
    return owner;
  }

  /// The engines in the order in which they were seated.
  public List<ScriptedEngine> engines() {
    return List.copyOf(engines);
  }

  /// What the agent counted.
  public long count(Counter counter) {
    return counters.value(counter);
  }

  /// The notices of one kind, oldest first.
  public List<PlatformNotice> notices(PlatformNotice.Kind kind) {
    return notices.stream().filter(notice -> notice.kind() == kind).toList();
  }

  /// The decision records, in the order in which they were written.
  public List<DecisionRecord> records() {
    return List.copyOf(records);
  }

  /// The record of what became of an opener's question.
  ///
  /// @throws AssertionError unless there is exactly one
  public DecisionRecord recordOf(SimulatedOpener opener) {
    List<DecisionRecord> own =
        records.stream().filter(record -> record.actor().pid() == opener.pid()).toList();
    if (own.size() != 1) {
      throw new AssertionError("one record expected: " + opener + " records=" + own);
    }
    return own.getFirst();
  }

  /// The findings, oldest first.
  public List<Finding> findings() {
    return List.copyOf(findings);
  }

  /// Whether the kernel ended the agent because it had stalled.
  public boolean isDead() {
    return dead;
  }

  /// Where the recorder hands what it has written up.
  private final class Outlet implements Recorder.Outlet {
    @Override
    public void decision(DecisionRecord decision) {
      records.add(decision);
    }

    @Override
    public void finding(Finding finding) {
      findings.add(finding);
    }

    @Override
    public void executed(int pid) {
      kernel.opener(pid);
    }
  }
}
