package redoubt.agent;

import java.io.IOException;
import java.nio.file.Files;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import org.jspecify.annotations.Nullable;
import redoubt.agent.account.HotSpots;
import redoubt.agent.activation.ContentDesk;
import redoubt.agent.breaker.VerdictBreaker;
import redoubt.agent.confinement.Spawner;
import redoubt.agent.control.ControlServer;
import redoubt.agent.decision.Decisions;
import redoubt.agent.decision.FileQuarantine;
import redoubt.agent.engine.Engines;
import redoubt.agent.health.Counters;
import redoubt.agent.health.LossWatch;
import redoubt.agent.health.TimeSource;
import redoubt.agent.hook.Coverage;
import redoubt.agent.hook.CoverageWatch;
import redoubt.agent.hook.Deadman;
import redoubt.agent.hook.DescriptorBudget;
import redoubt.agent.hook.FanotifyKernel;
import redoubt.agent.hook.HookLoop;
import redoubt.agent.hook.HookReaders;
import redoubt.agent.hook.HookThreads;
import redoubt.agent.hook.KernelDeadman;
import redoubt.agent.hook.OperationHandler;
import redoubt.agent.hook.Responder;
import redoubt.agent.journal.Entry;
import redoubt.agent.journal.HostFacts;
import redoubt.agent.journal.Journal;
import redoubt.agent.journal.JournalLimits;
import redoubt.agent.kernel.KernelMeasure;
import redoubt.agent.policy.ExceptionsFile;
import redoubt.agent.policy.KnownFiles;
import redoubt.agent.process.SelfProcesses;
import redoubt.agent.provenance.Provenances;
import redoubt.agent.quarantine.QuarantineDesk;
import redoubt.agent.quarantine.Vault;
import redoubt.agent.response.ResponseDesk;
import redoubt.agent.scan.ScanDesk;
import redoubt.agent.seal.SealedInstallation;
import redoubt.core.linux.Descriptors;
import redoubt.core.linux.KernelTimer;
import redoubt.core.linux.OverlayProbe;
import redoubt.core.linux.ProcessStatus;
import redoubt.core.linux.Scheduling;
import redoubt.core.model.PlatformNotice;

/// The running agent: its parts, the order in which they start, and the order in which they stop.
///
/// Starting: what forks comes first, then whatever loads classes, then the engines, then a warm-up,
/// and the marks last, so that nobody waits for an agent that is not ready. Stopping is the other
/// way round: the hook is let go first.
final class Agent {
  /// Less than the command line waits for an answer.
  private static final Duration RELOAD_PATIENCE = Duration.ofSeconds(3);

  private static final Duration ENGINES_PATIENCE = Duration.ofSeconds(10);
  private static final Duration STOP_LIMIT = Duration.ofSeconds(5);
  private static final int REALTIME_PRIORITY = 10;

  private static final int RECORDER_NICE = 5;
  private static final int JOURNAL_NICE = 10;

  private final AgentPaths paths;
  private final Settings settings;
  private final RunMarker marker;
  private final HostFacts host;
  private final Journal journal;
  private final Counters counters = new Counters();
  private final LossWatch losses = new LossWatch(counters, this::notice);
  private final TimeSource time = TimeSource.system();
  private final HotSpots hotSpots = new HotSpots(time);
  private final KnownFiles known = KnownFiles.ofHost();
  private final VerdictBreaker breaker =
      new VerdictBreaker(known::isRootOnly, known::isPackaged, new BreakerOutlet(this), time);
  private final AnchorLog anchors;
  private final SelfProcesses self = new SelfProcesses(ProcessStatus::uniqueId);
  private final FanotifyKernel kernel;
  private final DescriptorBudget budget;
  private final Responder responder;
  private final PolicyGuardrails guardrails;
  private final SealGuard seal;
  private final HostPasts pasts;

  /// Reads every file of a sealed installation, while everything else starts.
  private final Thread sealChecker;

  private final EngineSetup setup;
  private final Provenances provenances;
  private final HostNetwork network;
  private final QuarantineDesk quarantine;
  private final Decisions decisions;
  private final Sensors sensors;
  private final Coverage coverage;
  private final CoverageWatch coverageWatch;
  private final ResponseDesk responses;
  private final Engines engines;
  private final ContentHost content;
  private final ScanDesk scans;
  private final ScheduledScans scheduled;
  private final HookReaders readers;
  private final CountDownLatch stopRequested = new CountDownLatch(1);
  private final long startedMillis = time.wallMillis();
  private volatile long protectedSinceMillis;
  private volatile boolean makesRoom;
  private volatile @Nullable ControlServer control;

  /// Builds the agent; starts its journal and its spawner, and opens its hook without a mark.
  ///
  /// @throws IOException if a directory or the spawner cannot be used
  /// @throws redoubt.core.linux.LinuxException if the kernel refuses the hook
  Agent(
      AgentPaths paths,
      Settings settings,
      Groundwork groundwork,
      RunMarker marker,
      boolean observeOnly)
      throws IOException {
    this.paths = paths;
    this.settings = settings;
    AgentOptions options = settings.now();
    this.marker = marker;
    Descriptors.raiseLimit();
    Spawner spawner = Spawner.open(paths.spawner(), paths.run());
    self.add((int) ProcessHandle.current().pid());
    self.add(spawner.pid());
    spawner.onExit(this::spawnerEnded);
    groundwork.runCommandsWith(Groundwork.commandsOf(spawner, paths.commandOutput("packages")));
    host = HostFactsReader.read(startedMillis);
    journal =
        Journal.open(
            paths.journal(),
            JournalLimits.DEFAULT,
            host,
            () -> Scheduling.background(JOURNAL_NICE));
    ContentDesk desk = ContentHost.openDesk(paths, settings, this::notice, time);
    boolean observe = observeOnly || desk.observesOnly();
    network =
        HostNetwork.of(
            spawner, paths, options, observe, self, FleetView.of(this, host), this::notice, time);
    guardrails = new PolicyGuardrails(groundwork, paths.state(), this::notice);
    seal =
        new SealGuard(
            new SealedInstallation(
                paths.home(), paths.state(), paths.java(), paths.register(), known::isManaged),
            this::notice,
            time);
    pasts = new HostPasts(paths.recording(), guardrails::findProtectedFiles, time);
    sealChecker = RuntimeThreads.background("seal", seal::check);
    setup = new EngineSetup(paths, settings::now, groundwork, seal::mayStart, desk, this::notice);
    anchors = new AnchorLog(AnchorLog.KERNEL_LOG, journal::head, time);
    groundwork.awaitChildren();
    kernel = FanotifyKernel.open(HookThreads.begin(), !observe);
    readers = new HookReaders(kernel.threads());
    budget = DescriptorBudget.ofProcess();
    responder = new Responder(kernel, budget, counters, time);
    coverage =
        new Coverage(
            kernel,
            options.fileSystems(),
            options.opens(),
            options.kernelMeasures().contains(KernelMeasure.DENY),
            options.fileSystems().isEmpty() && OverlayProbe.lowerEventsReported().orElse(false),
            counters,
            this::notice);
    coverageWatch = new CoverageWatch(coverage);
    provenances =
        new Provenances(
            kernel,
            groundwork.shippedFiles(),
            ExceptionsFile.trustIn(paths.state()),
            this::notice,
            time);
    quarantine =
        QuarantineDesk.open(
            Vault.in(paths.state()),
            new QuarantineRules(guardrails, known, kernel, paths.ownPlaces()),
            responder::release,
            counters,
            this::notice,
            time);
    decisions =
        new Decisions(
            kernel,
            responder,
            guardrails,
            provenances,
            options.limits(),
            new DecisionOutlet(
                journal, hotSpots, breaker, pasts, counters, coverageWatch::executed),
            observe ? FileQuarantine.none() : quarantine,
            counters,
            this::notice,
            time);
    sensors = new Sensors(coverage, self, decisions::digestOf, pasts, counters, this::notice, time);
    responses =
        ResponseDesk.open(
            sensors.tree(),
            self,
            guardrails::isProtected,
            Files.createDirectories(paths.run()),
            paths.collections(),
            quarantine::putAway,
            counters,
            this::notice,
            time);
    engines =
        new Engines(
            spawner,
            setup.settings(provenances::generation),
            self,
            decisions::seat,
            responder::release,
            new ReportOutlet(journal, sensors, responses),
            counters,
            this::notice,
            time);
    content = new ContentHost(desk, engines, setup, pasts, spawner, paths, self, this, time);
    scheduled = ScheduledScans.of(this, spawner);
    scans =
        new ScanDesk(
            kernel,
            responder,
            budget,
            decisions::panel,
            guardrails,
            finding -> journal.offer(new Entry.Finding(finding)),
            quarantine,
            counters,
            time);
  }

  /// Without its spawner the agent can start no engine, and after its hook is open it must not fork
  /// another: it ends, the kernel lets everybody go on, and the supervisor starts both again.
  private void spawnerEnded() {
    if (stopRequested.getCount() > 0) {
      System.err.println("redoubt: the spawner has ended: the agent is started again");
      Runtime.getRuntime().halt(Main.SPAWNER_GONE);
    }
  }

  /// Starts everything and places the marks.
  void start() throws IOException {
    sensors.serve(engines);
    engines.apply(setup.usable(), settings::modeOf, setup::contentFor);
    // While the engines start:
    guardrails.prepare();
    provenances.reload();
    Warmup warmup = new Warmup(paths.state(), kernel.threads(), guardrails, host);
    warmup.run(Warmup.AGENT);
    Waits.end(sealChecker);
    endUnsealed();
    if (!engines.awaitReady(ENGINES_PATIENCE.toNanos())) {
      notice(
          PlatformNotice.Kind.ENGINE_GONE,
          "engines",
          "not every engine was ready in time: protection starts without it");
    }
    network.blocking().begin();
    warmup.run(Warmup.ENGINES, engines.links());
    engines.forgetStatistics();
    RuntimeThreads.arrange(REALTIME_PRIORITY);
    // What the start left behind is collected now, and not under the first operations.
    System.gc();
    decisions.start(
        () -> Scheduling.realtime(REALTIME_PRIORITY), () -> Scheduling.background(RECORDER_NICE));
    // Two, so that one can answer what the other asks.
    readers.start(() -> Scheduling.realtime(REALTIME_PRIORITY), loop(), loop());
    marker.gap().ifPresent(gap -> notice(PlatformNotice.Kind.GAP, "agent", gap));
    placeMarks();
    // Who decides what comes into force is known before anything does.
    network.fleet().begin();
    content.begin();
    control = ControlServer.open(paths.controlSocket(), new Control(this));
  }

  /// The files of a sealed installation are read while its engines start; one that is not what was
  /// sealed is ended before it was asked anything.
  private void endUnsealed() throws IOException {
    if (!seal.isWhole()) {
      engines.apply(setup.usable(), settings::modeOf, setup::contentFor);
    }
  }

  private void watchSeal() {
    try {
      if (seal.watch()) {
        endUnsealed();
      }
    } catch (IOException | IllegalArgumentException e) {
      notice(PlatformNotice.Kind.TAMPERED, "engines", String.valueOf(e.getMessage()));
    }
  }

  private OperationHandler handler() {
    return options().kernelMeasures().contains(KernelMeasure.DENY)
        ? decisions.handlerWithoutModules(coverage::isOnlyForModules)
        : decisions.handler();
  }

  private HookLoop loop() {
    return new HookLoop(
        kernel.openSource(),
        handler(),
        responder,
        budget,
        self,
        kernel.isPermission()
            ? new KernelDeadman(options().hardDeadline(), options().limits().softDeadline())
            : Deadman.none(),
        decisions::overdue,
        counters,
        time);
  }

  private void placeMarks() {
    if (coverage.isLimited()) {
      coverage.markNamed();
    } else {
      coverage.markAll("/proc/self/mountinfo", "");
      RuntimeThreads.background("own-mounts", coverageWatch::followOwnMounts);
      RuntimeThreads.background("namespaces", coverageWatch::followNamespaces);
    }
    if (options().scanWritten()) {
      sensors.scanWritten(scans, kernel, known::isRootOnly);
    }
    sensors.cover();
    RuntimeThreads.background(
        "housekeeping",
        new Housekeeping(
            stopRequested,
            List.of(
                guardrails::refresh,
                provenances::refresh,
                breaker::check,
                losses::report,
                sensors::check,
                network.blocking()::check,
                KernelGuard.ofHost(options().kernelMeasures(), this::notice, time)::check,
                anchors::keep,
                content::check,
                pasts::keep,
                scheduled::check,
                this::watchSeal)));
    UnavailableException.unless(coverage);
    protectedSinceMillis = time.wallMillis();
    notice(PlatformNotice.Kind.STARTED, "agent", RunSummary.started(this));
  }

  /// Waits until somebody asks the agent to stop.
  ///
  /// @return whether the supervisor is to start another release
  boolean awaitStop() {
    Waits.latch(stopRequested);
    return makesRoom;
  }

  /// Asks the agent to stop; does not wait.
  void requestStop(String reason) {
    notice(PlatformNotice.Kind.STOPPED, "agent", reason);
    stopRequested.countDown();
  }

  /// Asks the agent to stop so that another release runs; does not wait.
  void makeRoom(String reason) {
    makesRoom = true;
    requestStop(reason);
  }

  /// Stops: lets go of everybody who waits, then ends what is left. If that takes too long, the
  /// kernel ends the process.
  void stop() {
    if (stopRequested.getCount() > 0) {
      requestStop("asked by a signal");
    }
    KernelTimer limit = KernelTimer.killing();
    limit.arm(STOP_LIMIT.toNanos());
    kernel.close();
    readers.stop();
    Optional.ofNullable(control).ifPresent(ControlServer::close);
    sensors.close();
    network.close();
    content.close();
    engines.close();
    responses.close();
    quarantine.close();
    decisions.stop();
    losses.report();
    pasts.close();
    journal.close();
    anchors.write();
    marker.end();
    limit.disarm();
  }

  /// Makes the running engines those that the owner has registered now, and waits a few seconds for
  /// those that are started.
  ///
  /// @return what changed, for people
  /// @throws IOException if the register cannot be read; then nothing changes
  List<String> reloadEngines() throws IOException {
    List<String> changes = engines.apply(setup.registered(), settings::modeOf, setup::contentFor);
    sensors.follow();
    if (!changes.isEmpty()) {
      engines.awaitReady(RELOAD_PATIENCE.toNanos());
    }
    return changes;
  }

  /// Writes down what the operator should know.
  void notice(PlatformNotice.Kind kind, String subject, String message) {
    journal.offer(new Entry.Notice(new PlatformNotice(time.wallMillis(), kind, subject, message)));
  }

  AgentPaths paths() {
    return paths;
  }

  ResponseDesk responses() {
    return responses;
  }

  HostNetwork network() {
    return network;
  }

  QuarantineDesk quarantine() {
    return quarantine;
  }

  SealGuard seal() {
    return seal;
  }

  AgentOptions options() {
    return settings.now();
  }

  /// Takes the configuration that the command line proposes.
  Reconfiguration reconfiguration() {
    return new Reconfiguration(this, settings, setup);
  }

  boolean observing() {
    return !kernel.isPermission();
  }

  Engines engines() {
    return engines;
  }

  ContentHost content() {
    return content;
  }

  ScanDesk scans() {
    return scans;
  }

  Coverage coverage() {
    return coverage;
  }

  VerdictBreaker breaker() {
    return breaker;
  }

  HotSpots hotSpots() {
    return hotSpots;
  }

  Counters counters() {
    return counters;
  }

  PolicyGuardrails guardrails() {
    return guardrails;
  }

  Provenances provenances() {
    return provenances;
  }

  Journal journal() {
    return journal;
  }

  long startedMillis() {
    return startedMillis;
  }

  long protectedSinceMillis() {
    return protectedSinceMillis;
  }
}
