package redoubt.agent.activation;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;
import redoubt.agent.admission.AdmissionReport;
import redoubt.agent.admission.Backtest;
import redoubt.agent.admission.HostPast;
import redoubt.agent.engine.EngineContent;
import redoubt.agent.engine.EngineTrial;
import redoubt.agent.engine.ShadowFigures;
import redoubt.agent.health.TimeSource;
import redoubt.agent.registry.EngineManifest;
import redoubt.core.content.BundleFile;
import redoubt.core.content.ContentException;
import redoubt.core.content.life.LifeFolders;
import redoubt.core.content.life.Release;
import redoubt.core.model.EngineId;
import redoubt.core.model.EngineMode;
import redoubt.core.model.FileIdentity;
import redoubt.core.model.Sha256;
import redoubt.core.wire.ControlReply;

/// A host that does as it is told. Thread-safe.
final class MadeHost implements ActivationHost {
  static final EngineId ENGINE = new EngineId("made");

  /// A program that runs there.
  private static final HostPast.File RUNS =
      new HostPast.File(
          "/usr/bin/known", new FileIdentity(1, 2, 3, 4, 5, 6), Sha256.ofText("known"), true, true);

  private final Path folder;

  /// Takes a word when a bundle is being admitted.
  private final List<String> notices;

  final List<String> handed = new CopyOnWriteArrayList<>();
  final List<EngineContent> contents = new ArrayList<>();
  volatile List<AdmissionReport.Problem> problems = List.of();
  volatile Optional<String> failure = Optional.empty();
  final List<String> backtested = new CopyOnWriteArrayList<>();
  final Map<Duration, Backtest.Shown> shown = new ConcurrentHashMap<>();
  final MadeProcess process = new MadeProcess();
  volatile boolean untriable;
  volatile boolean waits;
  volatile boolean registered = true;

  /// Whether bundles that were tried may come into force.
  volatile boolean lets = true;

  /// The name of bundles that are not admitted.
  volatile String problemOf = "";

  /// The names of bundles that were to be admitted.
  final List<String> admitted = new CopyOnWriteArrayList<>();

  volatile String state = "ready";
  final AtomicLong passed = new AtomicLong();

  final TimeSource time =
      new TimeSource() {
        @Override
        public long nanos() {
          return passed.get();
        }

        @Override
        public long wallMillis() {
          return 1_000_000 + passed.get() / 1_000_000;
        }
      };

  void pass(Duration time) {
    passed.addAndGet(time.toNanos());
  }

  @Override
  public Optional<EngineManifest> manifest(EngineId engine) {
    try {
      return Optional.of(EngineManifest.read(folder.resolve("made.engine"), folder, folder));
    } catch (IOException e) {
      throw new IllegalStateException(e);
    }
  }

  @Override
  public EngineManifest released(EngineId engine, Release release)
      throws IOException, ContentException {
    try {
      return EngineManifest.ofRelease(
          new LifeFolders(folder).program(engine, release),
          engine,
          Optional.of(release.digest()),
          folder,
          folder);
    } catch (IllegalArgumentException e) {
      throw new ContentException(String.valueOf(e.getMessage()), e);
    }
  }

  @Override
  public Optional<String> objectionToReleases(EngineId engine) {
    return Optional.empty();
  }

  @Override
  public boolean mayActivate(EngineId id, Release release) {
    return lets;
  }

  @Override
  public boolean isRegistered(EngineId engine) {
    return registered;
  }

  @Override
  public boolean runs(EngineId engine) {
    return true;
  }

  @Override
  public Optional<String> start(EngineId engine) {
    throw new IllegalStateException("it runs");
  }

  @Override
  public AdmissionReport admit(BundleFile bundle, EngineManifest engine) throws IOException {
    if (untriable) {
      throw new IOException("no room");
    }
    List<AdmissionReport.Problem> found =
        bundle.manifest().name().equals(problemOf)
            ? List.of(new AdmissionReport.Problem(AdmissionReport.Step.VECTORS, "wrong"))
            : problems;
    admitted.add(bundle.manifest().name());
    notices.add("waiting");
    while (waits) {
      Thread.onSpinWait();
    }
    return new AdmissionReport(found, "1", 1, 1, 1, new AdmissionReport.Costs(1, 1, 1, 1));
  }

  @Override
  public HostPast past(EngineManifest engine) {
    return new HostPast(List.of(RUNS), Collections::emptyIterator, () -> {});
  }

  @Override
  public Backtest.Shown backtest(
      BundleFile bundle, EngineManifest engine, HostPast past, Duration ahead) {
    backtested.add(bundle.manifest().version() + "+" + ahead.toHours());
    return shown.getOrDefault(ahead, Backtest.Shown.NOTHING);
  }

  @Override
  public Optional<EngineTrial> beginTrial(EngineId engine, EngineContent content) {
    return Optional.of(process.with(content));
  }

  @Override
  public synchronized Optional<String> handOver(
      EngineId engine, EngineContent content, boolean urgent) {
    if (failure.isEmpty()) {
      contents.add(content);
      handed.add(content.version());
    }
    return failure;
  }

  synchronized EngineContent last() {
    return contents.getLast();
  }

  @Override
  public void withdraw(EngineId engine) {
    handed.add("nothing");
  }

  @Override
  public void end(EngineId engine) {
    handed.add("nothing");
  }

  @Override
  public Optional<String> objection(EngineId engine) {
    return Optional.empty();
  }

  @Override
  public Optional<EngineContent> other(EngineId engine) {
    return Optional.empty();
  }

  @Override
  public List<ControlReply.Engine> figures() {
    return List.of(
        new ControlReply.Engine(
            ENGINE.value(),
            "Made",
            "acme",
            "1",
            EngineMode.ENFORCE,
            state,
            1,
            1,
            0,
            "content",
            "",
            "",
            1,
            0,
            0,
            0,
            0,
            0,
            0,
            1,
            1,
            new ControlReply.Costs(0, 0, 1, 0, 0, 0),
            List.of(),
            List.of(),
            null));
  }

  /// @param folder has its engine
  MadeHost(Path folder, List<String> notices) {
    this.folder = folder;
    this.notices = notices;
  }

  /// A process on trial that does as it is told.
  final class MadeProcess implements EngineTrial {
    volatile @Nullable EngineContent content;
    volatile Optional<String> unready = Optional.empty();
    volatile Optional<String> ended = Optional.empty();
    volatile boolean withdrawn;
    volatile boolean idle = true;
    volatile boolean rested;
    volatile Runnable onIdle = () -> {};
    volatile boolean over;
    volatile ShadowFigures figures = shadowed(0, 0, Map.of());

    MadeProcess with(EngineContent tried) {
      content = tried;
      return this;
    }

    @Override
    public Optional<String> awaitReady() {
      return unready;
    }

    @Override
    public Optional<String> ending() {
      return ended;
    }

    @Override
    public boolean isWithdrawn() {
      return withdrawn;
    }

    @Override
    public Optional<ShadowFigures> figures() {
      return Optional.of(figures);
    }

    @Override
    public void rest() {
      rested = true;
    }

    @Override
    public boolean isIdle() {
      onIdle.run();
      pass(Duration.ofSeconds(2));
      return idle;
    }

    @Override
    public Optional<String> takeOver() {
      EngineContent taken = content;
      contents.add(taken == null ? last() : taken);
      handed.add("tried " + last().version());
      return Optional.empty();
    }

    @Override
    public void end(String reason) {
      over = true;
    }
  }

  static ShadowFigures shadowed(long late, long dropped, Map<String, String> denials) {
    return new ShadowFigures(
        100, 100, late, 0, 100, dropped, 0, 0, denials.size(), denials, 1 << 20);
  }
}
