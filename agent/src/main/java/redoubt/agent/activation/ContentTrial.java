package redoubt.agent.activation;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import redoubt.agent.admission.Backtest;
import redoubt.agent.admission.HostPast;
import redoubt.agent.engine.EngineContent;
import redoubt.agent.engine.EngineTrial;
import redoubt.agent.engine.ShadowFigures;
import redoubt.agent.health.TimeSource;

/// The trial of a bundle: this host's past is put to its engine, with its clock at several times,
/// and a second process of it hears for a while what the one that serves hears.
///
/// The runs are spread over the time of the trial, so that it takes little of the host. For one
/// [#run], which blocks.
final class ContentTrial {
  /// How long a process may take, at the end, for what it still has to do.
  private static final Duration LAST = Duration.ofSeconds(5);

  private static final long LOOK_MILLIS = 500;

  /// How many events that it could not take say nothing.
  private static final long FEW_DROPPED = 200;

  /// What share of the events it may be: one in so many.
  private static final long DROPPED_ONE_IN = 10;

  private final ActivationHost host;
  private final Proposal proposed;
  private final Duration length;
  private final BooleanSupplier goesOn;
  private final TimeSource time;
  private final Consumer<String> report;

  /// @param length how long it hears without a vote
  /// @param goesOn whether anybody still wants to know
  /// @param report takes what people should know
  ContentTrial(
      ActivationHost host,
      Proposal proposed,
      Duration length,
      BooleanSupplier goesOn,
      TimeSource time,
      Consumer<String> report) {
    this.host = host;
    this.proposed = proposed;
    this.length = length;
    this.goesOn = goesOn;
    this.time = time;
    this.report = report;
  }

  /// What came of it.
  ///
  /// @param refusal why the bundle is not to be used, if it is not
  /// @param process the one that was tried and may take over, if there is one
  record Outcome(Optional<String> refusal, Optional<EngineTrial> process) {
    /// There was no trial.
    static final Outcome NOTHING = passed(null);

    private static Outcome refused(String why) {
      return new Outcome(Optional.of(why), Optional.empty());
    }

    private static Outcome passed(@Nullable EngineTrial process) {
      return new Outcome(Optional.empty(), Optional.ofNullable(process));
    }
  }

  /// Runs it.
  ///
  /// @param before what is in force, if a bundle is
  /// @param content what the second process gets; null if no engine serves beside which it could
  /// @throws IOException if it could not be tried, or nobody wants to know any more: neither is a
  ///   fault of the bundle
  Outcome run(Optional<Proposal> before, @Nullable EngineContent content) throws IOException {
    Deque<Duration> clocks = new ArrayDeque<>(clocks());
    try (HostPast past = host.past(proposed.engine())) {
      Optional<String> refusal = compare(past, before, clocks.removeFirst());
      if (refusal.isPresent()) {
        return Outcome.refused(refusal.get());
      }
      if (content != null && !length.isZero()) {
        return shadow(past, clocks, content);
      }
      while (!clocks.isEmpty()) {
        Optional<String> late = backtest(past, clocks.removeFirst());
        if (late.isPresent()) {
          return Outcome.refused(late.get());
        }
      }
      return Outcome.passed(null);
    }
  }

  private List<Duration> clocks() {
    if (Backtest.canSetClocks()) {
      return Backtest.CLOCKS;
    }
    report.accept("tried at today's date only: install the package libfaketime");
    return List.of(Duration.ZERO);
  }

  private Optional<String> compare(HostPast past, Optional<Proposal> before, Duration ahead)
      throws IOException {
    requireWanted();
    Backtest.Shown shown = backtest(proposed, past, ahead);
    requireWanted();
    if (shown.problem() != null) {
      return Optional.of(shown.problem().text());
    }
    report.accept(
        "this host's past: files=%d events=%d findings=%d"
            .formatted(shown.asked(), shown.told(), shown.found()));
    if (before.isEmpty() || shown.found() <= Backtest.FEW_FINDINGS) {
      return shown.driftFrom(Backtest.Shown.NOTHING);
    }
    Backtest.Shown usual =
        backtest(before.get(), new HostPast(List.of(), past.events(), () -> {}), ahead);
    // What fails on it itself says nothing of what is usual.
    return usual.problem() == null ? shown.driftFrom(usual) : Optional.empty();
  }

  private Backtest.Shown backtest(Proposal one, HostPast past, Duration ahead) throws IOException {
    return host.backtest(one.content(), one.engine(), past, ahead);
  }

  private Optional<String> backtest(HostPast past, Duration ahead) throws IOException {
    requireWanted();
    int number = Backtest.CLOCKS.indexOf(ahead) - 1;
    Backtest.Shown shown = backtest(proposed, past.part(number, Backtest.CLOCKS.size() - 1), ahead);
    requireWanted();
    return Optional.ofNullable(shown.problem())
        .map(problem -> "with the clock " + text(ahead) + " ahead: " + problem.text());
  }

  private static String text(Duration ahead) {
    return ahead.toDays() > 0 ? ahead.toDays() + " d" : ahead.toHours() + " h";
  }

  private Outcome shadow(HostPast past, Deque<Duration> clocks, EngineContent content)
      throws IOException {
    @Nullable EngineTrial process = host.beginTrial(proposed.engine().id(), content).orElse(null);
    if (process == null) {
      return Outcome.passed(null); // The engine was ended meanwhile: nobody serves.
    }
    boolean passed = false;
    try {
      Optional<String> refusal = process.awaitReady();
      requireWanted(process);
      if (refusal.isEmpty()) {
        report.accept("a second process hears what happens here, without a vote");
        refusal = watched(process, past, clocks);
      }
      passed = refusal.isEmpty();
      return passed ? Outcome.passed(process) : Outcome.refused(refusal.get());
    } finally {
      if (!passed) {
        process.end("its trial is over");
      }
    }
  }

  private Optional<String> watched(EngineTrial process, HostPast past, Deque<Duration> clocks)
      throws IOException {
    Set<String> run = past.programs().stream().map(HostPast.File::path).collect(Collectors.toSet());
    long begun = time.nanos();
    int parts = clocks.size() + 1;
    while (true) {
      Optional<String> objection = objection(process, run);
      requireWanted(process);
      if (objection.isPresent()) {
        return objection;
      }
      long passed = time.nanos() - begun;
      if (!clocks.isEmpty() && passed >= length.toNanos() / parts * (parts - clocks.size())) {
        Optional<String> late = backtest(past, clocks.removeFirst());
        if (late.isPresent()) {
          return late;
        }
      } else if (clocks.isEmpty() && passed >= length.toNanos()) {
        return last(process, run);
      }
      pause();
    }
  }

  /// What it still has to do it must get done.
  private Optional<String> last(EngineTrial process, Set<String> run) throws IOException {
    process.rest();
    long end = time.nanos() + LAST.toNanos();
    while (!process.isIdle()) {
      requireWanted(process);
      if (time.nanos() - end > 0) {
        return process
            .ending()
            .map(ContentTrial::failed)
            .or(() -> Optional.of("the engine does not get done with what it was asked and told"));
      }
      pause();
    }
    Optional<String> objection = objection(process, run);
    requireWanted(process);
    process
        .figures()
        .ifPresent(figures ->
            report.accept(
                "heard without a vote: questions=%d events=%d denials=%d findings=%d"
                    .formatted(
                        figures.answered(), figures.told(), figures.denied(), figures.found())));
    return objection;
  }

  private static String failed(String how) {
    return "the engine failed on what happens here: " + how;
  }

  private Optional<String> objection(EngineTrial process, Set<String> run) {
    return process
        .ending()
        .map(ContentTrial::failed)
        .or(() -> process.figures().flatMap(figures -> objection(figures, run)));
  }

  /// @param run the programs that ran here before the trial
  private Optional<String> objection(ShadowFigures figures, Set<String> run) {
    for (Map.Entry<String, String> denial : figures.denials().entrySet()) {
      if (run.contains(denial.getKey())) {
        return Optional.of(
            "denies %s, which runs on this host: rule=%s"
                .formatted(denial.getKey(), denial.getValue()));
      }
    }
    if (figures.denied() >= Probation.FEW_DENIALS
        && figures.denied() * Probation.ONE_IN > figures.answered()) {
      return Optional.of(
          "denies much: denied=" + figures.denied() + " answered=" + figures.answered());
    }
    long mostLate = Probation.FEW_MISSES * (1 + figures.missedByServing());
    if (figures.late() > mostLate && figures.late() * Probation.ONE_IN > figures.answered()) {
      return Optional.of(
          "answers too late: late=" + figures.late() + " answered=" + figures.answered());
    }
    if (figures.dropped() > FEW_DROPPED && figures.dropped() * DROPPED_ONE_IN > figures.told()) {
      return Optional.of("cannot keep up with what happens here: dropped=" + figures.dropped());
    }
    return Probation.tooMuchMemory(
            figures.residentBytes(), proposed.content().manifest().limits().memoryBytes())
        .or(() -> drift(figures.found(), figures.foundByServing()));
  }

  private static Optional<String> drift(long found, long before) {
    return Backtest.isDrift(found, before)
        ? Optional.of(
            "finds much more than what is in force: findings=" + found + " before=" + before)
        : Optional.empty();
  }

  private void requireWanted() throws IOException {
    if (!goesOn.getAsBoolean()) {
      throw new IOException("it is not wanted any more");
    }
  }

  private void requireWanted(EngineTrial process) throws IOException {
    requireWanted();
    if (process.isWithdrawn()) {
      throw new IOException("its process had to make room");
    }
  }

  private static void pause() throws IOException {
    try {
      TimeUnit.MILLISECONDS.sleep(LOOK_MILLIS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException("the agent ends", e);
    }
  }
}
