package redoubt.agent;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import redoubt.agent.decision.DecisionLimits;
import redoubt.agent.decision.Decisions;
import redoubt.agent.decision.EngineLink;
import redoubt.agent.decision.Guardrails;
import redoubt.agent.decision.Inquiry;
import redoubt.agent.decision.Recorder;
import redoubt.agent.decision.Subject;
import redoubt.agent.health.Counters;
import redoubt.agent.health.TimeSource;
import redoubt.agent.hook.Deadman;
import redoubt.agent.hook.DescriptorBudget;
import redoubt.agent.hook.FanotifyKernel;
import redoubt.agent.hook.HookLoop;
import redoubt.agent.hook.Responder;
import redoubt.agent.process.SelfProcesses;
import redoubt.core.linux.Descriptors;
import redoubt.core.linux.LinuxException;
import redoubt.core.model.EngineId;
import redoubt.core.model.EngineMode;
import redoubt.core.model.EngineOpinion;
import redoubt.core.model.EventClass;
import redoubt.core.model.Verdict;
import redoubt.core.model.VerdictScope;

/// Runs the answer path thousands of times before anybody waits for it, so that every class is
/// loaded and every method compiled when the first real operation comes, in the agent and in its
/// engines.
///
/// It is the real path: a permission group of its own with one mark, on one file of the agent's own
/// that nobody else opens; one thread opens it again and again, and another decides.
final class Warmup {
  private static final int MOST_EVENTS = 64;

  private final Path directory;
  private final Guardrails guardrails;

  /// @param directory where a file of our own can be made
  /// @param guardrails the ones that will be used
  Warmup(Path directory, Guardrails guardrails) {
    this.directory = directory;
    this.guardrails = guardrails;
  }

  /// What the warm-up consists of.
  ///
  /// @param changing how often the file is changed before it is opened, so that engines are asked
  /// @param unchanged how often it is opened as it is after that, so that the cache answers
  /// @param limit how long all of it may take
  record Plan(int changing, int unchanged, Duration limit) {}

  /// Warms up without engines, while they start.
  void run(Plan plan) {
    run(plan, List.of(new AllowEverything()));
  }

  /// Warms up with the host's engines. Does nothing where it may not.
  void run(Plan plan, List<? extends EngineLink> engines) {
    try {
      Path file = Files.createTempFile(directory, "warmup", "");
      try {
        decideRepeatedly(file, plan, engines);
      } finally {
        Files.delete(file);
      }
    } catch (IOException | LinuxException e) {
      System.err.println("redoubt: the answer path starts cold: " + e.getMessage());
    }
  }

  private void decideRepeatedly(Path file, Plan plan, List<? extends EngineLink> engines) {
    FanotifyKernel kernel = FanotifyKernel.permission();
    AtomicBoolean done = new AtomicBoolean();
    Thread opener =
        Thread.ofPlatform().name("warmup").daemon().unstarted(() -> open(file, plan, done));
    try {
      kernel.markFile(file.toString(), true);
      Counters counters = new Counters();
      TimeSource time = TimeSource.system();
      DescriptorBudget budget = new DescriptorBudget(2 * MOST_EVENTS, 0, MOST_EVENTS);
      Responder responder = new Responder(kernel, budget, counters, time);
      Decisions decisions =
          new Decisions(
              kernel,
              responder,
              guardrails,
              DecisionLimits.DEFAULTS,
              Recorder.Outlet.none(),
              counters,
              (_, _, _) -> {},
              time);
      for (int slot = 0; slot < engines.size(); slot++) {
        decisions.seat(slot, engines.get(slot));
      }
      HookLoop loop =
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
      opener.start();
      long endNanos = System.nanoTime() + plan.limit().toNanos();
      while (opener.isAlive() && System.nanoTime() - endNanos < 0) {
        loop.turn(1);
        decisions.step();
      }
      done.set(true);
      while (decisions.waiting() > 0) {
        loop.turn(1);
        decisions.step();
      }
    } finally {
      done.set(true);
      kernel.close();
    }
  }

  /// A file that was changed a moment ago is never answered from the cache.
  private static void open(Path file, Plan plan, AtomicBoolean done) {
    String path = file.toString();
    try {
      for (int i = 0; i < plan.changing() && !done.get(); i++) {
        Files.writeString(file, "warm " + i);
        Descriptors.close(Descriptors.openReadOnly(path));
      }
      Thread.sleep(Duration.ofMillis(25));
      for (int i = 0; i < plan.unchanged() && !done.get(); i++) {
        Descriptors.close(Descriptors.openReadOnly(path));
      }
    } catch (IOException e) {
      System.err.println("redoubt: the answer path stays cool: " + e.getMessage());
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
    }
  }

  /// Judges at once, as an engine would that answers before it is asked twice.
  private static final class AllowEverything implements EngineLink {
    private final EngineId id = new EngineId("warmup");

    @Override
    public EngineId id() {
      return id;
    }

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
          slot, 1, Verdict.ALLOW, VerdictScope.FILE, Duration.ofHours(1).toNanos(), "", "", "");
    }

    @Override
    public void tell(Subject subject) {}

    @Override
    public EngineOpinion.Cause missed(Inquiry inquiry) {
      return EngineOpinion.Cause.DEADLINE;
    }
  }
}
