package redoubt.agent;

import java.io.IOException;
import java.nio.file.Files;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.random.RandomGenerator;
import redoubt.agent.activation.ActivationHost;
import redoubt.agent.activation.ContentDesk;
import redoubt.agent.activation.ContentIntake;
import redoubt.agent.admission.Admission;
import redoubt.agent.admission.AdmissionReport;
import redoubt.agent.admission.Backtest;
import redoubt.agent.admission.HostPast;
import redoubt.agent.admission.Tryouts;
import redoubt.agent.confinement.EngineSandbox;
import redoubt.agent.confinement.EngineUsers;
import redoubt.agent.confinement.Spawner;
import redoubt.agent.engine.EngineContent;
import redoubt.agent.engine.EngineTrial;
import redoubt.agent.engine.Engines;
import redoubt.agent.fleet.FleetDesk;
import redoubt.agent.health.Notices;
import redoubt.agent.health.TimeSource;
import redoubt.agent.platform.PlatformDesk;
import redoubt.agent.platform.PlatformHost;
import redoubt.agent.platform.Slots;
import redoubt.agent.policy.ExceptionsFile;
import redoubt.agent.process.SelfProcesses;
import redoubt.agent.registry.EngineManifest;
import redoubt.agent.registry.Register;
import redoubt.agent.rollout.DirectedIntake;
import redoubt.agent.rollout.FleetUpdates;
import redoubt.agent.rollout.HostSymptoms;
import redoubt.agent.slot.SpawnedSlotMaker;
import redoubt.agent.supply.Supply;
import redoubt.agent.supply.UpdateDesk;
import redoubt.agent.updates.UpdatesFile;
import redoubt.core.content.BundleFile;
import redoubt.core.content.ContentException;
import redoubt.core.content.PlatformRelease;
import redoubt.core.content.life.Release;
import redoubt.core.linux.Scheduling;
import redoubt.core.model.EngineId;
import redoubt.core.model.PlatformNotice;
import redoubt.core.wire.BundleName;
import redoubt.core.wire.ControlReply;

/// Lets the content desk have its way with the engines of this agent.
final class ContentHost implements ActivationHost, PlatformHost {
  /// How long this host must have been protected for what it started with to be no longer in doubt.
  private static final Duration SETTLED = Duration.ofSeconds(60);

  /// The agent answers for everybody and so runs ahead of others; what tries content gives way.
  private static final int TRYING_NICE = 5;

  private final ContentDesk desk;
  private final Engines engines;
  private final EngineSetup setup;
  private final HostPasts pasts;
  private final Admission admission;
  private final Backtest backtest;
  private final Supply supply;
  private final UpdateDesk updates;
  private final PlatformDesk platform;
  private final ContentIntake intake;
  private final FleetUpdates fleet;
  private final AgentPaths paths;
  private final Agent agent;
  private final TimeSource time;
  private boolean settled;

  ContentHost(
      ContentDesk desk,
      Engines engines,
      EngineSetup setup,
      HostPasts pasts,
      Spawner spawner,
      AgentPaths paths,
      SelfProcesses self,
      Agent agent,
      TimeSource time) {
    this.desk = desk;
    engines.watchedBy(desk.faults());
    this.engines = engines;
    this.setup = setup;
    this.paths = paths;
    this.agent = agent;
    this.time = time;
    Tryouts tryouts =
        new Tryouts(
            spawner,
            new Tryouts.Place(
                paths.engineSockets(),
                paths.home(),
                paths.java(),
                paths.engineGroups() + "-admission",
                EngineUsers.TRIED,
                Version.text(),
                agent.options().helloLimit()),
            self,
            time);
    this.pasts = pasts;
    admission = new Admission(tryouts);
    backtest = new Backtest(tryouts);
    supply =
        Supply.of(
            paths.trust(),
            paths.supply(),
            paths.commandOutput("courier"),
            spawner,
            new EngineSandbox(paths.java(), paths.home()),
            time);
    platform =
        new PlatformDesk(
            paths.state(),
            paths.home(),
            Slots.in(paths.platform()),
            () -> agent.options().contentStages(),
            new SpawnedSlotMaker(
                spawner, paths.home().resolve("libexec/redoubt-slot"), paths.commandOutput("slot")),
            agent::notice,
            time,
            making -> Thread.ofPlatform().name("platform").daemon().start(making));
    FleetDesk membership = agent.network().fleet();
    ContentIntake routes = new ContentRoutes(desk, platform);
    intake = new DirectedIntake(routes, membership);
    fleet =
        new FleetUpdates(
            membership,
            routes,
            supply,
            this::running,
            new HostSymptoms(agent.counters()::snapshot, desk::isUnsettled),
            paths.fleet(),
            agent::notice,
            time,
            fetch -> Thread.ofPlatform().name("fleet-updates").daemon().start(fetch));
    membership.serve(
        fleet,
        new FleetPolicy(
            ExceptionsFile.ofFleetIn(paths.state()), agent.guardrails(), agent::notice, time));
    updates =
        new UpdateDesk(
            new UpdatesFile(paths.state()),
            supply,
            intake,
            agent::notice,
            time,
            RandomGenerator.getDefault(),
            look -> Thread.ofPlatform().name("content-updates").daemon().start(look));
  }

  /// Begins with what is on disk. While a release of the platform is on trial it is to blame for
  /// starts that fail, and no content.
  static ContentDesk openDesk(
      AgentPaths paths, Settings settings, Notices notices, TimeSource time) {
    boolean isOnTrial = Slots.in(paths.platform()).isOnTrial(paths.home());
    return ContentDesk.open(
        paths.state(), () -> settings.now().contentStages(), !isOnTrial, notices, time);
  }

  private List<BundleName> running() {
    List<BundleName> all = new ArrayList<>(desk.running());
    platform
        .life(PlatformRelease.ENGINE)
        .active()
        .ifPresent(release -> all.add(release.named(PlatformRelease.ENGINE)));
    return all;
  }

  @Override
  public boolean mayActivate(EngineId id, Release release) {
    return fleet.mayActivate(id, release);
  }

  /// Where bundles of every kind are handed in.
  ContentIntake intake() {
    return intake;
  }

  Supply supply() {
    return supply;
  }

  UpdateDesk updates() {
    return updates;
  }

  /// What was on its way when the agent ended goes on.
  void begin() {
    try {
      Files.writeString(paths.protecting(), paths.home() + "\n");
    } catch (IOException e) {
      // The supervisor takes a release that does not say so for one that does not protect.
      agent.notice(
          PlatformNotice.Kind.CONTENT,
          PlatformRelease.ENGINE.value(),
          "it cannot be said that this agent protects: " + e.getMessage());
    }
    desk.serve(this);
    platform.serve(this);
  }

  void close() {
    platform.close();
    desk.close();
  }

  @Override
  public Optional<EngineManifest> manifest(EngineId engine) {
    return engines.manifest(engine).or(() -> setup.entry(engine).map(Register.Entry::manifest));
  }

  @Override
  public EngineManifest released(EngineId engine, Release release)
      throws IOException, ContentException {
    return setup.released(engine, release);
  }

  @Override
  public Optional<String> objectionToReleases(EngineId engine) {
    return setup
        .entry(engine)
        .flatMap(entry ->
            switch (entry.source()) {
              case BUNDLE -> Optional.empty();
              case INSTALLATION ->
                  Optional.of(
                      "this engine comes with the installation, whose releases are those of "
                          + PlatformRelease.ENGINE);
              case OWNER ->
                  Optional.of(
                      "an engine by that name is registered: redoubt engines remove " + engine);
            });
  }

  @Override
  public boolean isRegistered(EngineId engine) {
    return setup.entry(engine).isPresent();
  }

  @Override
  public boolean runs(EngineId engine) {
    return engines.manifest(engine).isPresent();
  }

  @Override
  public Optional<String> start(EngineId engine) {
    try {
      agent.reloadEngines();
    } catch (IOException | IllegalArgumentException e) {
      return Optional.of(String.valueOf(e.getMessage()));
    }
    return engines.awaitReady(engine)
        ? Optional.empty()
        : Optional.of("the engine does not get ready: redoubt engines shows how it stands");
  }

  @Override
  public AdmissionReport admit(BundleFile bundle, EngineManifest engine) throws IOException {
    return apart(() -> admission.admit(bundle, engine, _ -> {}));
  }

  @Override
  public HostPast past(EngineManifest engine) throws IOException {
    return apart(() -> pasts.past(!engine.asks().judge().isEmpty()));
  }

  @Override
  public Backtest.Shown backtest(
      BundleFile bundle, EngineManifest engine, HostPast past, Duration ahead) throws IOException {
    return apart(() -> backtest.run(bundle, engine, past, ahead));
  }

  /// Does what nobody waits for, in a thread of its own: a thread that gives way hands that on to
  /// whatever it starts, and what takes over or begins to sense must not give way.
  private static <T> T apart(Callable<T> work) throws IOException {
    FutureTask<T> task = new FutureTask<>(work);
    Thread.ofPlatform()
        .name("content-try")
        .daemon()
        .start(() -> {
          Scheduling.background(TRYING_NICE);
          task.run();
        });
    try {
      return task.get();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException("interrupted while content is tried", e);
    } catch (ExecutionException e) {
      if (e.getCause() instanceof IOException cannot) {
        throw cannot;
      }
      if (e.getCause() instanceof RuntimeException bug) {
        throw bug;
      }
      throw new IllegalStateException("content cannot be tried", e.getCause());
    }
  }

  @Override
  public Optional<EngineTrial> beginTrial(EngineId engine, EngineContent content) {
    return engines.beginTrial(engine, content);
  }

  @Override
  public Optional<String> handOver(EngineId engine, EngineContent content, boolean urgent) {
    return engines.handOver(engine, content, urgent);
  }

  @Override
  public void withdraw(EngineId engine) {
    engines.withdraw(engine);
  }

  @Override
  public void end(EngineId engine) {
    try {
      agent.reloadEngines();
    } catch (IOException | IllegalArgumentException e) {
      agent.notice(PlatformNotice.Kind.CONTENT, engine.value(), String.valueOf(e.getMessage()));
    }
  }

  @Override
  public Optional<EngineContent> other(EngineId engine) {
    return engines.manifest(engine).flatMap(setup::withoutBundle);
  }

  @Override
  public Optional<String> objection(EngineId engine) {
    return manifest(engine).flatMap(setup::named);
  }

  @Override
  public List<ControlReply.Engine> figures() {
    return engines.status();
  }

  @Override
  public List<String> readyEngines() {
    return engines.status().stream()
        .filter(engine -> engine.state().equals("ready"))
        .map(ControlReply.Engine::id)
        .toList();
  }

  @Override
  public Optional<String> objection() {
    return agent.seal().status().state().equals("none")
        ? Optional.empty()
        : Optional.of("this installation is sealed: redoubt seal remove, then seal the release");
  }

  @Override
  public void protectReleases() {
    agent.guardrails().rescan();
  }

  @Override
  public void restart(String reason) {
    agent.makeRoom(reason);
  }

  /// Looks at what is on probation, and after a while says that this host has settled. Called every
  /// two seconds.
  void check() {
    desk.check();
    platform.check();
    updates.check();
    fleet.check();
    long since = agent.protectedSinceMillis();
    if (!settled && since != 0 && time.wallMillis() - since >= SETTLED.toMillis()) {
      settled = true;
      desk.settled();
    }
  }
}
