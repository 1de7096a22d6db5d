package redoubt.agent.activation;

import java.io.IOException;
import java.time.Instant;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import redoubt.agent.activation.Stages.Stage;
import redoubt.agent.admission.AdmissionReport;
import redoubt.agent.engine.EngineContent;
import redoubt.agent.engine.EngineTrial;
import redoubt.agent.health.TimeSource;
import redoubt.agent.registry.EngineManifest;
import redoubt.core.content.BundleFile;
import redoubt.core.content.ContentException;
import redoubt.core.content.ProgramFolder;
import redoubt.core.content.life.Life;
import redoubt.core.content.life.Release;
import redoubt.core.model.EngineId;
import redoubt.core.wire.ControlReply;

/// One candidate's way from its being taken to its being in force: admission, trial, take-over. It
/// is content for an engine, or a release of the engine itself. For one [#run], which blocks.
final class Candidacy {
  private static final long LOOK_NANOS = 500_000_000L;

  private final ActivationHost host;
  private final EngineLives lives;
  private final EngineLife life;

  /// That of the engine's content, which is another one if the candidate is a release.
  private final EngineLife content;

  private final Release release;
  private final Stages stages;
  private final BooleanSupplier closing;
  private final TimeSource time;
  private final Consumer<String> report;

  /// @param life the candidate's
  /// @param closing whether the agent ends
  /// @param report takes what people should know
  Candidacy(
      ActivationHost host,
      EngineLives lives,
      EngineLife life,
      Release release,
      Stages stages,
      BooleanSupplier closing,
      TimeSource time,
      Consumer<String> report) {
    this.host = host;
    this.lives = lives;
    this.life = life;
    content = lives.content(life);
    this.release = release;
    this.stages = stages;
    this.closing = closing;
    this.time = time;
    this.report = report;
  }

  /// What came of the take-over.
  ///
  /// @param bundle what the engine has, or was to have
  /// @param ran whether the engine ran before
  /// @param before what the engine had done until then, if it ran
  /// @param failure why the engine has not got the content; empty if it has
  record Ended(
      BundleFile bundle,
      boolean ran,
      Optional<ControlReply.Engine> before,
      Optional<String> failure) {}

  /// Whether a release is on its way and not in force yet.
  private boolean isOnItsWay() {
    return life.life()
        .candidate()
        .filter(on -> on.release().equals(release) && on.stage() != Life.Stage.PROBATION)
        .isPresent();
  }

  /// Whether it was tried already and waits to be let in.
  private boolean isTried() {
    return life.waiting().filter(release::equals).isPresent();
  }

  static boolean isOf(Life life, Release release) {
    return life.candidate().filter(on -> on.release().equals(release)).isPresent();
  }

  /// Goes the way.
  ///
  /// @return nothing if it ended before the take-over: the bundle was refused, something else has
  ///   taken its place, or it waits to be let in: then it goes this way once more when it may
  /// @throws IOException if a stage could not be gone through, which is no fault of the bundle's
  /// @throws ContentException if the bundle is not what it was
  Optional<Ended> run() throws IOException, ContentException {
    if (!isOnItsWay()) {
      return Optional.empty();
    }
    awaitBeside();
    BundleFile bundle = life.open(release);
    Optional<Proposal> proposed = proposed(bundle);
    if (proposed.isEmpty() || !(isTried() || passesAdmission(bundle, proposed.get()))) {
      return Optional.empty();
    }
    return host.runs(life.engine()) ? takeOver(bundle, proposed.get()) : start(proposed.get());
  }

  /// Two on probation at a time, and nobody knew whose fault it was: the engine's or its content's.
  private void awaitBeside() throws IOException {
    Optional<EngineLife> beside = lives.beside(life).filter(EngineLife::isOnProbation);
    beside.ifPresent(other ->
        report.accept(
            "waits: " + release.words() + " until the probation is over of " + other.id()));
    while (beside.isPresent() && beside.get().isOnProbation()) {
      if (closing.getAsBoolean() || !isOf(life.life(), release)) {
        throw new IOException("it is not wanted any more");
      }
      LockSupport.parkNanos(this, LOOK_NANOS);
    }
  }

  private boolean isRelease() {
    return life != content;
  }

  /// What the engine would be; empty if it could be nothing.
  private Optional<Proposal> proposed(BundleFile bundle) throws IOException, ContentException {
    EngineId engine = life.engine();
    if (!isRelease()) {
      EngineManifest manifest =
          host.manifest(engine)
              .orElseThrow(
                  () -> new ContentException("this host has no such engine: engine=" + engine));
      return Optional.of(new Proposal(manifest, bundle));
    }
    ProgramFolder.bring(bundle, lives.folders().program(engine, release));
    Optional<Release> active = content.life().active();
    BundleFile with = active.isPresent() ? content.open(active.get()) : bundle;
    try {
      return Optional.of(new Proposal(host.released(engine, release), with));
    } catch (ContentException e) {
      refuse("at admission (engine): " + e.getMessage());
      return Optional.empty();
    }
  }

  /// What the engine is now, if a bundle has to do with it.
  private Optional<Proposal> before() throws IOException, ContentException {
    EngineId engine = life.engine();
    EngineLife shown = lives.shown(life);
    Optional<Release> active = shown.life().active();
    Optional<EngineManifest> manifest = host.manifest(engine);
    return active.isPresent() && manifest.isPresent()
        ? Optional.of(new Proposal(manifest.get(), shown.open(active.get())))
        : Optional.empty();
  }

  /// A release must bear its own vectors, and those of the content that is in force.
  private boolean passesAdmission(BundleFile bundle, Proposal proposed) throws IOException {
    if (stages.has(Stage.ADMISSION)) {
      boolean isAdmitted =
          isAdmitted(bundle, proposed.engine())
              && (!proposed.hasContentBeside(bundle)
                  || isAdmitted(proposed.content(), proposed.engine()));
      if (!isAdmitted) {
        return false;
      }
    }
    return advance(Life.Stage.ADMITTED);
  }

  private boolean isAdmitted(BundleFile bundle, EngineManifest engine) throws IOException {
    AdmissionReport admission = host.admit(bundle, engine);
    if (closing.getAsBoolean()) {
      return false; // It is tried again at the next start.
    }
    if (admission.admitted()) {
      report.accept(
          "admitted: " + Release.words(bundle.manifest()) + " vectors=" + admission.vectors());
      return true;
    }
    AdmissionReport.Problem first = admission.problems().getFirst();
    String step = first.step().name().toLowerCase(Locale.ROOT);
    String with =
        bundle.manifest().program().isEmpty() && isRelease()
            ? Release.words(bundle.manifest()) + ": "
            : "";
    refuse("at admission (" + step + "): " + with + first.text());
    return false;
  }

  private Instant now() {
    return Instant.ofEpochMilli(time.wallMillis());
  }

  private void refuse(String reason) {
    life.stepBack(was -> was.refused(release.digest(), reason, now()));
    report.accept("refused: " + release.words() + " reason=" + reason);
  }

  /// The candidate has passed what comes before a stage; on disk when this returns.
  ///
  /// @return whether it is still the candidate
  private boolean advance(Life.Stage to) throws IOException {
    return isOf(life.change(was -> advanced(was, to)), release);
  }

  private Life advanced(Life was, Life.Stage to) {
    Life further = was;
    while (isOf(further, release) && further.candidate().orElseThrow().stage().compareTo(to) < 0) {
      further = further.passed(now());
    }
    return further;
  }

  /// @param beside what a process beside the one that serves gets; null if none serves
  private ContentTrial.Outcome trial(Proposal proposed, @Nullable EngineContent beside)
      throws IOException, ContentException {
    if (!stages.has(Stage.TRIAL) || isTried()) {
      return ContentTrial.Outcome.NOTHING;
    }
    Optional<Proposal> before = before();
    report.accept("on trial: " + release.words() + " seconds=" + stages.trial().toSeconds());
    return new ContentTrial(
            host,
            proposed,
            stages.trial(),
            () -> !closing.getAsBoolean() && isOf(life.life(), release),
            time,
            report)
        .run(before, beside);
  }

  /// @return whether it is to be in force now, which is on disk then
  private boolean passed(ContentTrial.Outcome outcome) throws IOException {
    if (closing.getAsBoolean()) {
      throw new IOException("the agent ends");
    }
    outcome.refusal().ifPresent(why -> refuse("at trial: " + why));
    if (outcome.refusal().isPresent()) {
      return false;
    }
    if (!host.mayActivate(life.id(), release)) {
      if (!isTried() && advance(Life.Stage.TRIED)) {
        report.accept("waits to be let in: " + release.words());
      }
      return false;
    }
    return advance(Life.Stage.PROBATION);
  }

  /// An engine that runs for the first time has no process beside one that serves.
  private Optional<Ended> start(Proposal proposed) throws IOException, ContentException {
    if (!passed(trial(proposed, null))) {
      return Optional.empty();
    }
    lives.of(life.engine()).forEach(EngineLife::revive);
    return Optional.of(
        new Ended(proposed.content(), false, Optional.empty(), host.start(life.engine())));
  }

  /// What the engine is to have: a release what its engine has now.
  private EngineContent sealed(BundleFile bundle, Proposal proposed)
      throws IOException, ContentException {
    if (!isRelease()) {
      return EngineLife.sealed(bundle);
    }
    Optional<EngineContent> other =
        proposed.hasContentBeside(bundle) ? Optional.empty() : host.other(life.engine());
    EngineContent had = other.isPresent() ? other.get() : EngineLife.sealed(proposed.content());
    return had.withProgram(proposed.engine());
  }

  private Optional<Ended> takeOver(BundleFile bundle, Proposal proposed)
      throws IOException, ContentException {
    EngineContent next = sealed(bundle, proposed);
    Optional<EngineTrial> process = Optional.empty();
    boolean given = false;
    try {
      ContentTrial.Outcome outcome = trial(proposed, next);
      process = outcome.process();
      Optional<ControlReply.Engine> before = host.figures(life.engine());
      if (!passed(outcome)) {
        return Optional.empty();
      }
      lives.of(life.engine()).forEach(EngineLife::revive);
      life.gives(next);
      Optional<String> failure =
          process.isPresent()
              ? process.get().takeOver()
              : host.handOver(life.engine(), next, false);
      given = failure.isEmpty();
      return Optional.of(new Ended(proposed.content(), true, before, failure));
    } finally {
      if (!given) {
        process.ifPresent(tried -> tried.end("it does not take over"));
        life.letGo(next);
      } else if (life.isActive(release)) {
        // What was taken back is let go when something else has taken its place.
        content.gave(next);
      }
    }
  }
}
