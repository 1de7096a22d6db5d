package redoubt.agent;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.LockSupport;
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
import redoubt.agent.hook.FanotifyKernel;
import redoubt.agent.hook.HookLoop;
import redoubt.agent.hook.HookThreads;
import redoubt.agent.hook.Responder;
import redoubt.agent.journal.Entry;
import redoubt.agent.journal.HostFacts;
import redoubt.agent.journal.Journal;
import redoubt.agent.journal.JournalLimits;
import redoubt.agent.process.SelfProcesses;
import redoubt.core.disk.FolderTree;
import redoubt.core.linux.Descriptors;
import redoubt.core.linux.ExecCheck;
import redoubt.core.linux.LinuxException;
import redoubt.core.model.DecisionRecord;
import redoubt.core.model.EngineId;
import redoubt.core.model.EngineMode;
import redoubt.core.model.EngineOpinion;
import redoubt.core.model.EventClass;
import redoubt.core.model.Finding;
import redoubt.core.model.Verdict;
import redoubt.core.model.VerdictScope;

/// Runs the answer path thousands of times before anybody waits for it, so that every class is
/// loaded and every method compiled when the first real operation comes, in the agent and in its
/// engines.
///
/// It is the real path, journal included: a permission group of its own with one mark, on one file
/// of the agent's own that nobody else uses; one thread asks whether it may execute the file, again
/// and again, and another decides. Where the kernel cannot be asked that, it opens the file.
final class Warmup {
  /// Before there is an engine.
  static final Plan AGENT = new Plan(50, 6_000, Duration.ofMillis(400));

  /// With the engines.
  static final Plan ENGINES = new Plan(250, 4_000, Duration.ofMillis(350));

  private static final int MOST_EVENTS = 64;

  /// How long the deciding thread looks away when there is nothing to do.
  private static final long PAUSE_NANOS = 10_000L;

  private final Path directory;
  private final HookThreads threads;
  private final Guardrails guardrails;
  private final HostFacts host;

  /// @param parent where a directory of our own can be made
  /// @param threads those that will read from the hook
  /// @param guardrails the ones that will be used
  /// @param host what records are formatted with
  Warmup(Path parent, HookThreads threads, Guardrails guardrails, HostFacts host) {
    this.directory = parent.resolve("warmup");
    this.threads = threads;
    this.guardrails = guardrails;
    this.host = host;
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
      // A start that was cut short left it behind.
      FolderTree.delete(directory);
      Files.createDirectories(directory);
      try (Journal journal =
          Journal.open(directory.resolve("journal"), JournalLimits.DEFAULT, host, () -> {})) {
        decideRepeatedly(Target.in(directory), plan, engines, journal);
      } finally {
        FolderTree.delete(directory);
      }
    } catch (IOException | LinuxException e) {
      System.err.println("redoubt: the answer path starts cold: " + e.getMessage());
    }
  }

  /// The file that is used again and again.
  ///
  /// @param path where it is
  /// @param execs whether the kernel can be asked for an exec of it
  private record Target(Path path, boolean execs) {
    static Target in(Path directory) throws IOException {
      Path file = directory.resolve("program");
      Files.writeString(file, "warm");
      Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rwx------"));
      return new Target(file, ExecCheck.of(file.toString()) == 0);
    }

    void change(int round) throws IOException {
      Files.writeString(path, "warm " + round);
    }

    void use() {
      if (execs) {
        ExecCheck.of(path.toString());
      } else {
        Descriptors.close(Descriptors.openReadOnly(path.toString()));
      }
    }
  }

  private void decideRepeatedly(
      Target target, Plan plan, List<? extends EngineLink> engines, Journal journal) {
    FanotifyKernel kernel = FanotifyKernel.open(threads, true);
    AtomicBoolean done = new AtomicBoolean();
    AtomicBoolean ended = new AtomicBoolean();
    Thread opener =
        Thread.ofPlatform().name("warmup").daemon().unstarted(() -> use(target, plan, done));
    try {
      kernel.markFile(target.path().toString(), !target.execs());
      Counters counters = new Counters();
      TimeSource time = TimeSource.system();
      DescriptorBudget budget = new DescriptorBudget(2 * MOST_EVENTS, 0, MOST_EVENTS);
      Responder responder = new Responder(kernel, budget, counters, time);
      Decisions decisions =
          new Decisions(
              kernel,
              responder,
              guardrails,
              ProvenanceSource.none(),
              DecisionLimits.DEFAULTS,
              new Journaling(journal),
              FileQuarantine.none(),
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
      threads.start(
          "warmup-reader",
          () -> {
            while (!ended.get()) {
              loop.turn(1);
            }
          });
      opener.start();
      long endNanos = System.nanoTime() + plan.limit().toNanos();
      while (opener.isAlive() && System.nanoTime() - endNanos < 0) {
        stepOrPause(decisions);
      }
      done.set(true);
      while (decisions.waiting() > 0) {
        stepOrPause(decisions);
      }
    } finally {
      done.set(true);
      ended.set(true);
      kernel.close();
    }
  }

  private static void stepOrPause(Decisions decisions) {
    if (!decisions.step()) {
      LockSupport.parkNanos(PAUSE_NANOS);
    }
  }

  /// A file that was changed a moment ago is never answered from the cache.
  private static void use(Target target, Plan plan, AtomicBoolean done) {
    try {
      for (int i = 0; i < plan.changing() && !done.get(); i++) {
        target.change(i);
        target.use();
      }
      Thread.sleep(Duration.ofMillis(25));
      for (int i = 0; i < plan.unchanged() && !done.get(); i++) {
        target.use();
      }
    } catch (IOException e) {
      System.err.println("redoubt: the answer path stays cool: " + e.getMessage());
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
    }
  }

  private record Journaling(Journal journal) implements Recorder.Outlet {
    @Override
    public void decision(DecisionRecord decision) {
      journal.offer(new Entry.Decision(decision));
    }

    @Override
    public void finding(Finding finding) {
      journal.offer(new Entry.Finding(finding));
    }

    @Override
    public void executed(int pid) {}
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
