package redoubt.testing.benchmarks;

import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import redoubt.agent.decision.DecisionLimits;
import redoubt.agent.decision.Decisions;
import redoubt.agent.decision.EngineLink;
import redoubt.agent.decision.FileQuarantine;
import redoubt.agent.decision.Guardrails;
import redoubt.agent.decision.Inquiry;
import redoubt.agent.decision.ProvenanceSource;
import redoubt.agent.decision.Recorder;
import redoubt.agent.decision.Subject;
import redoubt.agent.health.Counters;
import redoubt.agent.health.TimeSource;
import redoubt.agent.hook.Deadman;
import redoubt.agent.hook.DescriptorBudget;
import redoubt.agent.hook.HookLoop;
import redoubt.agent.hook.Responder;
import redoubt.agent.process.SelfProcesses;
import redoubt.core.model.EngineId;
import redoubt.core.model.EngineMode;
import redoubt.core.model.EngineOpinion;
import redoubt.core.model.EventClass;
import redoubt.core.model.Verdict;
import redoubt.core.model.VerdictScope;

/// What one decision costs without the kernel, sockets and threads: from reading an event to its
/// decision record.
///
/// `known` is the second exec of a program: the cache answers. `unknown` is the first: lease,
/// digest of 4 KiB, as many engines as `engines` says, which answer at once.
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@SuppressWarnings("NullAway.Init") // JMH calls setUp before anything else
public class DecisionBenchmark {
  /// How many engines judge.
  @Param({"1", "3"})
  public int engines;

  private final EndlessKernel kernel = new EndlessKernel();
  private HookLoop loop;
  private Decisions decisions;

  /// Builds the decision path and lets it judge the program once.
  @Setup
  public void setUp() {
    Counters counters = new Counters();
    TimeSource time = TimeSource.system();
    DescriptorBudget budget = new DescriptorBudget(10_000, 0, 4_096);
    Responder responder = new Responder(kernel, budget, counters, time);
    decisions =
        new Decisions(
            kernel,
            responder,
            Guardrails.none(),
            ProvenanceSource.none(),
            DecisionLimits.DEFAULTS,
            Recorder.Outlet.none(),
            FileQuarantine.none(),
            counters,
            (_, _, _) -> {},
            time);
    for (int slot = 0; slot < engines; slot++) {
      decisions.seat(slot, new InstantEngine(new EngineId("instant-" + slot)));
    }
    loop =
        new HookLoop(
            kernel.openSource(),
            decisions.handler(),
            responder,
            budget,
            new SelfProcesses(_ -> 0),
            Deadman.none(),
            decisions::overdue,
            counters,
            time);
    unknown();
  }

  /// The cache answers.
  @Benchmark
  public long known() {
    loop.turn(0);
    decisions.step();
    return kernel.answers();
  }

  /// The content is new: it is hashed and every engine is asked.
  @Benchmark
  public long unknown() {
    kernel.changeContent();
    loop.turn(0);
    decisions.step();
    return kernel.answers();
  }

  private record InstantEngine(EngineId id) implements EngineLink {
    @Override
    public EngineMode mode() {
      return EngineMode.ENFORCE;
    }

    @Override
    public boolean judges(EventClass eventClass) {
      return true;
    }

    @Override
    public boolean observes(EventClass eventClass) {
      return false;
    }

    @Override
    public long epoch() {
      return 1;
    }

    @Override
    public void ask(Inquiry inquiry, int slot) {
      inquiry.answered(
          slot, 1, Verdict.ALLOW, VerdictScope.FILE, Duration.ofHours(1).toNanos(), "", "", "1");
    }

    @Override
    public void tell(Subject subject) {}

    @Override
    public EngineOpinion.Cause missed(Inquiry inquiry) {
      return EngineOpinion.Cause.DEADLINE;
    }
  }
}
