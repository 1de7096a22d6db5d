package redoubt.agent.decision;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.LongPredicate;
import org.jspecify.annotations.Nullable;
import redoubt.agent.health.Counters;
import redoubt.agent.health.Notices;
import redoubt.agent.health.TimeSource;
import redoubt.agent.hook.Kernel;
import redoubt.agent.hook.OperationHandler;
import redoubt.agent.hook.Responder;
import redoubt.agent.process.ProcessImages;
import redoubt.core.model.FileIdentity;
import redoubt.core.model.Sha256;

/// The decision room as one part: builds its pieces, runs its threads, and offers what other rooms
/// need of it.
public final class Decisions {
  /// The most contents whose verdicts are remembered.
  private static final int CACHE_ENTRIES = 16_384;

  private static final int PROMPT_EXAMINERS = 2;

  /// The most padded files that are hashed late, in all and of one user.
  private static final int PATIENT_CAPACITY = 256;

  private static final int PATIENT_PER_ACTOR = 32;

  private final Kernel kernel;
  private final Responder responder;
  private final Guardrails guardrails;
  private final Counters counters;
  private final AtomicReference<Panel> panel = new AtomicReference<>(Panel.empty());
  private final DeadlineKeeper deadlines;
  private final VerdictCache cache;
  private final RecentDigests recent = new RecentDigests();
  private final Recorder recorder;
  private final Decider decider;
  private final List<Examiner> examiners = new ArrayList<>();
  private final FairQueue<Inquiry> examinations;
  private final FairQueue<Inquiry> patience;
  private final List<Thread> threads = new ArrayList<>();

  /// Builds the room; no thread runs yet.
  public Decisions(
      Kernel kernel,
      Responder responder,
      Guardrails guardrails,
      ProvenanceSource provenances,
      DecisionLimits limits,
      Recorder.Outlet outlet,
      FileQuarantine quarantine,
      Counters counters,
      Notices notices,
      TimeSource time) {
    this.kernel = kernel;
    this.responder = responder;
    this.guardrails = guardrails;
    this.counters = counters;
    cache = new VerdictCache(CACHE_ENTRIES);
    examinations = new FairQueue<>(limits.mostWaiting(), limits.mostQueuedPerActor());
    patience = new FairQueue<>(PATIENT_CAPACITY, PATIENT_PER_ACTOR);
    deadlines = new DeadlineKeeper(time);
    recorder =
        new Recorder(
            kernel,
            responder,
            new ProcessImages(kernel::image),
            outlet,
            guardrails,
            counters,
            time);
    decider =
        new Decider(
            kernel,
            responder,
            panel::get,
            guardrails,
            provenances,
            cache,
            limits,
            examinations,
            patience,
            deadlines,
            recorder,
            quarantine,
            counters,
            notices,
            time);
    deadlines.start(decider);
    for (int i = 0; i < PROMPT_EXAMINERS; i++) {
      examiners.add(
          new Examiner(kernel, cache, recent, decider, examinations, patience, counters, time));
    }
    examiners.add(new Examiner(kernel, cache, recent, decider, patience, null, counters, time));
  }

  /// Where operations are handed in.
  public OperationHandler handler() {
    return decider;
  }

  /// Where operations are handed in if the owner wants that nobody opens a module of the kernel.
  ///
  /// @param onlyForModules whether opens on a device are seen only for the sake of that
  public OperationHandler handlerWithoutModules(LongPredicate onlyForModules) {
    return new ModuleGate(
        decider, kernel, responder, recorder, guardrails, onlyForModules, counters);
  }

  /// The digest of a content that was examined lately, or whose verdicts are remembered; null if it
  /// is not known. For reports: a young file may have changed without another identity.
  public @Nullable Sha256 digestOf(FileIdentity file) {
    Sha256 digest = recent.find(file);
    return digest != null ? digest : cache.digestOf(file);
  }

  /// Puts an engine into a slot of its own, for as long as the agent runs.
  public void seat(int slot, @Nullable EngineLink link) {
    panel.updateAndGet(seated -> seated.with(slot, link));
  }

  /// The engines as they are now.
  public Panel panel() {
    return panel.get();
  }

  /// Whether an operation still waits long after its soft deadline: something is stalled.
  public boolean overdue(long nowNanos) {
    return deadlines.overdue(nowNanos);
  }

  /// How many operations wait for engines or examiners.
  public int waiting() {
    return decider.waiting();
  }

  /// Starts the room's threads; `prepare` runs first on each, to set its priority.
  ///
  /// @param prepareAnswering for threads that may answer the kernel
  /// @param prepareRecording for the thread that writes up
  public void start(Runnable prepareAnswering, Runnable prepareRecording) {
    for (int i = 0; i < examiners.size(); i++) {
      run("examiner-" + i, prepareAnswering, examiners.get(i));
    }
    run("deadlines", prepareAnswering, deadlines);
    run("recorder", prepareRecording, recorder);
  }

  private void run(String name, Runnable prepare, Runnable work) {
    threads.add(
        Thread.ofPlatform()
            .name(name)
            .daemon()
            .start(() -> {
              prepare.run();
              work.run();
            }));
  }

  /// Does, on the calling thread, one round of what the room's examiners and its recorder would do.
  /// For a simulation that owns time and order; never used together with [#start].
  ///
  /// @return whether anything was done
  public boolean step() {
    boolean progress = false;
    for (Inquiry next = examinations.poll(); next != null; next = examinations.poll()) {
      examiners.getFirst().examine(next);
      progress = true;
    }
    for (Inquiry next = patience.poll(); next != null; next = patience.poll()) {
      examiners.getLast().examine(next);
      progress = true;
    }
    return recorder.drain() > 0 || progress;
  }

  /// Does, on the calling thread, what the deadlines' thread would do now. For a simulation, as
  /// [#step]; may be called while a step is under way.
  public void keepDeadlines() {
    deadlines.expireDue();
  }

  /// Stops the threads; waits at most a second for the recorder to finish.
  public void stop() {
    deadlines.stop();
    recorder.stop();
    for (Thread thread : threads) {
      if (thread.getName().startsWith("examiner")) {
        thread.interrupt();
      }
    }
    for (Thread thread : threads) {
      try {
        thread.join(1_000);
      } catch (InterruptedException _) {
        Thread.currentThread().interrupt();
        return;
      }
    }
  }
}
