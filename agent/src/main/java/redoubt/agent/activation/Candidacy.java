package redoubt.agent.activation;

import java.io.IOException;
import java.time.Instant;
import java.util.Locale;
import java.util.Optional;
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
import redoubt.core.content.life.Life;
import redoubt.core.content.life.Release;
import redoubt.core.wire.ControlReply;

/// One candidate's way from its being taken to its being in force: admission, trial, take-over. For
/// one [#run], which blocks.
final class Candidacy {
  private final ActivationHost host;
  private final EngineLife life;
  private final Release release;
  private final EngineManifest manifest;
  private final Stages stages;
  private final BooleanSupplier closing;
  private final TimeSource time;
  private final Consumer<String> report;

  /// @param closing whether the agent ends
  /// @param report takes what people should know
  Candidacy(
      ActivationHost host,
      EngineLife life,
      Release release,
      EngineManifest manifest,
      Stages stages,
      BooleanSupplier closing,
      TimeSource time,
      Consumer<String> report) {
    this.host = host;
    this.life = life;
    this.release = release;
    this.manifest = manifest;
    this.stages = stages;
    this.closing = closing;
    this.time = time;
    this.report = report;
  }

  /// What came of the take-over.
  ///
  /// @param ran whether the engine ran before
  /// @param before what the engine had done until then, if it ran
  /// @param failure why the engine has not got the content; empty if it has
  record Ended(
      BundleFile bundle,
      boolean ran,
      Optional<ControlReply.Engine> before,
      Optional<String> failure) {}

  static boolean isOf(Life life, Release release) {
    return life.candidate().filter(on -> on.release().equals(release)).isPresent();
  }

  /// A release for people.
  static String text(Release release) {
    return release.vendor() + "/" + release.name() + " version=" + release.version();
  }

  /// Goes the way.
  ///
  /// @return nothing if it ended before the take-over: the bundle was refused, or something else
  ///   has taken its place
  /// @throws IOException if a stage could not be gone through, which is no fault of the bundle's
  /// @throws ContentException if the bundle is not what it was
  Optional<Ended> run() throws IOException, ContentException {
    if (!isOf(life.life(), release)) {
      return Optional.empty();
    }
    BundleFile bundle = life.open(release);
    if ((stages.has(Stage.ADMISSION) && !isAdmitted(bundle)) || !advance(Life.Stage.ADMITTED)) {
      return Optional.empty();
    }
    return host.runs(life.engine()) ? takeOver(bundle) : start(bundle);
  }

  private boolean isAdmitted(BundleFile bundle) throws IOException {
    AdmissionReport admission = host.admit(bundle, manifest);
    if (closing.getAsBoolean()) {
      return false; // It is tried again at the next start.
    }
    if (admission.admitted()) {
      report.accept("admitted: " + text(release) + " vectors=" + admission.vectors());
      return true;
    }
    AdmissionReport.Problem first = admission.problems().getFirst();
    String step = first.step().name().toLowerCase(Locale.ROOT);
    refuse("at admission (" + step + "): " + first.text());
    return false;
  }

  private Instant now() {
    return Instant.ofEpochMilli(time.wallMillis());
  }

  private void refuse(String reason) {
    life.stepBack(was -> was.refused(release.digest(), reason, now()));
    report.accept("refused: " + text(release) + " reason=" + reason);
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

  /// @param content what a process beside the one that serves gets; null if none serves
  private ContentTrial.Outcome trial(BundleFile bundle, @Nullable EngineContent content)
      throws IOException, ContentException {
    if (!stages.has(Stage.TRIAL)) {
      return ContentTrial.Outcome.NOTHING;
    }
    Optional<Release> active = life.life().active();
    Optional<BundleFile> before =
        active.isEmpty() ? Optional.empty() : Optional.of(life.open(active.get()));
    report.accept("on trial: " + text(release) + " seconds=" + stages.trial().toSeconds());
    return new ContentTrial(
            host,
            bundle,
            manifest,
            stages.trial(),
            () -> !closing.getAsBoolean() && isOf(life.life(), release),
            time,
            report)
        .run(before, content);
  }

  /// @return whether it is to be in force now, which is on disk then
  private boolean passed(ContentTrial.Outcome outcome) throws IOException {
    if (closing.getAsBoolean()) {
      throw new IOException("the agent ends");
    }
    outcome.refusal().ifPresent(why -> refuse("at trial: " + why));
    return outcome.refusal().isEmpty() && advance(Life.Stage.PROBATION);
  }

  /// An engine that runs for the first time has no process beside one that serves.
  private Optional<Ended> start(BundleFile bundle) throws IOException, ContentException {
    if (!passed(trial(bundle, null))) {
      return Optional.empty();
    }
    life.revive();
    return Optional.of(new Ended(bundle, false, Optional.empty(), host.start(life.engine())));
  }

  private Optional<Ended> takeOver(BundleFile bundle) throws IOException, ContentException {
    EngineContent content = EngineLife.sealed(bundle);
    Optional<EngineTrial> process = Optional.empty();
    boolean given = false;
    try {
      ContentTrial.Outcome outcome = trial(bundle, content);
      process = outcome.process();
      Optional<ControlReply.Engine> before = host.figures(life.engine());
      if (!passed(outcome)) {
        return Optional.empty();
      }
      life.revive();
      life.gives(content);
      Optional<String> failure =
          process.isPresent()
              ? process.get().takeOver()
              : host.handOver(life.engine(), content, false);
      given = failure.isEmpty();
      return Optional.of(new Ended(bundle, true, before, failure));
    } finally {
      if (given) {
        life.gave(release, content);
      } else {
        process.ifPresent(tried -> tried.end("it does not take over"));
        life.letGo(content);
      }
    }
  }
}
