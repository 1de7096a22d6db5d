package redoubt.agent.activation;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.SynchronousQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.function.BiFunction;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import redoubt.agent.engine.EngineContent;
import redoubt.agent.engine.EngineFaults;
import redoubt.agent.health.Notices;
import redoubt.agent.health.TimeSource;
import redoubt.core.content.BundleFile;
import redoubt.core.content.ContentException;
import redoubt.core.content.life.Life;
import redoubt.core.content.life.LifeFolders;
import redoubt.core.content.life.Release;
import redoubt.core.model.EngineId;
import redoubt.core.model.PlatformNotice;
import redoubt.core.wire.BundleName;
import redoubt.core.wire.ControlReply;

/// Brings bundles into force on this host, and takes them back.
///
/// Whatever it does, the content that an engine has stays in force until other content is, and each
/// step is on disk before it is done: the agent may be killed at any moment. Thread-safe.
public final class ContentDesk implements ContentIntake, AutoCloseable {
  private static final int WAITING = 16;

  private final EngineLives lives;
  private final Reinstatement reinstatement;
  private final Supplier<Stages> stages;
  private final Notices notices;
  private final TimeSource time;
  private final long begunNanos;

  /// A thread for each bundle that is on its way: those of one engine go one after the other.
  private final ThreadPoolExecutor trying =
      new ThreadPoolExecutor(
          0,
          WAITING,
          1,
          TimeUnit.SECONDS,
          new SynchronousQueue<>(),
          Thread.ofPlatform().name("content").daemon().factory());

  private final boolean counts;
  private volatile boolean closing;
  private volatile boolean hasSettled;
  private volatile @Nullable ActivationHost host;

  private ContentDesk(
      EngineLives lives,
      Supplier<Stages> stages,
      boolean counts,
      Notices notices,
      TimeSource time) {
    this.lives = lives;
    this.stages = stages;
    this.counts = counts;
    this.notices = notices;
    this.time = time;
    begunNanos = time.nanos();
    reinstatement = new Reinstatement(lives, this::served, this::report, time);
  }

  /// Begins a start of the agent: counts it for each engine, and finds what it is to begin with.
  /// What cannot be read or written is reported, and keeps nothing from starting.
  ///
  /// @param stages what a bundle goes through
  /// @param counts whether this start is one of the content's: not while somebody else is to blame
  ///   for what goes wrong
  public static ContentDesk open(
      Path state, Supplier<Stages> stages, boolean counts, Notices notices, TimeSource time) {
    EngineLives lives = new EngineLives(new LifeFolders(state));
    ContentDesk desk = new ContentDesk(lives, stages, counts, notices, time);
    try {
      lives.begin(desk.now(), desk::report);
      lives
          .all()
          .forEach(life -> life.whatPlanMeans().ifPresent(text -> desk.report(life.id(), text)));
      if (!counts) {
        desk.changeAll((was, _) -> was.stopped());
      }
    } catch (IOException e) {
      desk.report("engines", "the content of this host cannot be read: " + e.getMessage());
    }
    return desk;
  }

  private Instant now() {
    return Instant.ofEpochMilli(time.wallMillis());
  }

  private void report(EngineId engine, String text) {
    report(engine.value(), text);
  }

  private void report(String subject, String text) {
    notices.report(PlatformNotice.Kind.CONTENT, subject, text);
  }

  /// Whether nothing is to be decided by this agent.
  public boolean observesOnly() {
    return lives.all().stream().anyMatch(life -> life.plan() == Life.Plan.OBSERVE_ONLY);
  }

  /// Whether an engine may be started.
  public boolean mayStart(EngineId engine) {
    return lives.of(engine).stream().allMatch(life -> life.plan() == Life.Plan.CONTENT);
  }

  @Override
  public Life life(EngineId engine) {
    EngineLife known = lives.find(engine);
    return known == null ? Life.EMPTY : known.life();
  }

  /// Who is to hear of engines that fail.
  public EngineFaults faults() {
    return reinstatement;
  }

  /// All bundles that are in force.
  public List<BundleName> running() {
    return lives.running();
  }

  /// Whether this host runs without an engine or decides nothing, because it did not settle.
  public boolean isUnsettled() {
    return lives.all().stream().anyMatch(life -> life.plan() != Life.Plan.CONTENT);
  }

  /// The engines for which a bundle is in force.
  public Set<EngineId> inForce() {
    return lives.inForce();
  }

  /// What an engine is to judge with, if a bundle is in force for it.
  public Optional<EngineContent> active(EngineId engine) {
    return reinstatement.active(engine);
  }

  /// What an engine that came as a bundle has with it, for as long as it has nothing else.
  public Optional<EngineContent> own(EngineId engine) {
    return reinstatement.own(engine);
  }

  /// Names who carries out what is decided from now on, and begins to watch what is on probation.
  public void serve(ActivationHost served) {
    host = served;
    for (EngineLife life : lives.all()) {
      if (life.plan() == Life.Plan.CONTENT) {
        goOn(served, life);
      }
    }
  }

  /// What was on its way when the agent ended goes on.
  private void goOn(ActivationHost served, EngineLife life) {
    Optional<Life.Candidate> candidate = life.life().candidate();
    if (life.isOnProbation()) {
      watch(life);
    } else if (candidate.isPresent() && candidate.get().stage() != Life.Stage.TRIED) {
      trying.execute(() -> bring(served, life, candidate.get().release()));
    }
  }

  /// What was tried and waits to be let in goes on when it may.
  private void letIn(ActivationHost served, EngineLife life) {
    life.waiting()
        .filter(_ -> !closing && trying.getActiveCount() < WAITING)
        .filter(_ -> !lives.content(life).bringing().isLocked())
        .filter(release -> served.mayActivate(life.id(), release))
        .ifPresent(release -> trying.execute(() -> bring(served, life, release)));
  }

  private @Nullable ActivationHost served() {
    return closing ? null : host;
  }

  private ActivationHost host() throws RefusedException {
    ActivationHost now = served();
    if (now == null) {
      throw new RefusedException("the agent is starting or stopping");
    }
    return now;
  }

  @Override
  public Offer.Taken activate(Offer offer) throws IOException, RefusedException {
    ActivationHost served = host();
    if (trying.getActiveCount() >= WAITING) {
      throw new RefusedException("too many bundles wait: most=" + WAITING);
    }
    try {
      BundleFile bundle = offer.open();
      EngineId id = bundle.manifest().engine();
      Optional<EngineId> released = id.released();
      Optional<String> objection =
          released.isPresent() ? served.objectionToReleases(released.get()) : objection(served, id);
      if (objection.isPresent()) {
        throw new RefusedException(objection.get());
      }
      EngineLife life = lives.make(id);
      lives.make(life.engine());
      Release release = life.offer(bundle, now());
      report(id, "taken: " + release.words() + " " + offer.origin());
      trying.execute(() -> bring(served, life, release));
      return new Offer.Taken(id, release);
    } catch (ContentException e) {
      throw new RefusedException(e.getMessage());
    }
  }

  private static Optional<String> objection(ActivationHost served, EngineId engine) {
    return served.manifest(engine).isEmpty()
        ? Optional.of("this host has no such engine: engine=" + engine)
        : served.objection(engine);
  }

  private void bring(ActivationHost served, EngineLife life, Release release) {
    EngineLife first = lives.content(life);
    first.bringing().lock();
    try {
      Candidacy candidacy =
          new Candidacy(
              served, lives, life, release, stages.get(), this::isClosing, time, reporter(life));
      candidacy.run().ifPresent(ended -> begun(life, release, ended));
    } catch (ContentException | IOException e) {
      giveUp(life, release, String.valueOf(e.getMessage()));
    } catch (RuntimeException e) {
      // Whatever a bundle makes this thread stumble over ends the bundle's way, not the agent.
      giveUp(life, release, e.toString());
    } finally {
      first.bringing().unlock();
    }
  }

  private boolean isClosing() {
    return closing;
  }

  private Consumer<String> reporter(EngineLife life) {
    return text -> report(life.id(), text);
  }

  /// The engine has the content, or could not be given it.
  private void begun(EngineLife life, Release release, Candidacy.Ended ended) {
    if (closing) {
      return;
    }
    if (ended.failure().isPresent()) {
      // Whose fault that is is not known.
      giveUp(life, release, "it could not take over: " + ended.failure().get());
      if (!ended.ran()) {
        reinstatement.restore(life);
      }
    } else if (!life.isOnProbation()) {
      reinstatement.restore(life); // It was taken back meanwhile.
    } else if (stages.get().has(Stages.Stage.PROBATION)) {
      watch(life, ended.bundle(), ended.before().or(() -> figures(life.engine())));
      report(
          life.id(),
          "in force: "
              + release.words()
              + " probationSeconds="
              + stages.get().probation().toSeconds());
    } else {
      confirm(life);
      report(life.id(), "in force: " + release.words() + ", without probation");
    }
  }

  /// What could not be tried may come again.
  private void giveUp(EngineLife life, Release release, String reason) {
    if (closing) {
      return; // It is tried again at the next start.
    }
    life.stepBack(was -> Candidacy.isOf(was, release) ? was.lost(release) : was);
    report(life.id(), "given up: " + release.words() + " reason=" + reason);
  }

  /// @param before what the engine had done until it had that content
  private void watch(EngineLife life, BundleFile bundle, Optional<ControlReply.Engine> before) {
    long mostBytes = bundle.manifest().limits().memoryBytes();
    long now = time.nanos();
    before.ifPresent(until -> {
      long usual = lives.content(life).usualMicros();
      life.watch(new Probation(mostBytes, now, now - begunNanos, usual, until));
    });
  }

  private void watch(EngineLife life) {
    try {
      EngineLife shown = lives.shown(life);
      BundleFile bundle = shown.open(shown.life().active().orElseThrow());
      watch(life, bundle, figures(life.engine()));
    } catch (IOException | ContentException e) {
      report(life.id(), "it is not watched: " + e.getMessage());
    }
  }

  private Optional<ControlReply.Engine> figures(EngineId engine) {
    ActivationHost served = host;
    return served == null ? Optional.empty() : served.figures(engine);
  }

  /// Looks at what is on probation; called every two seconds or so.
  public void check() {
    for (EngineLife life : lives.all()) {
      if (!life.writeAgain()) {
        report(life.id(), "the state of its content cannot be written: is the disk full?");
      }
      if (life.owes()) {
        reinstatement.restore(life);
      }
      ActivationHost served = host;
      if (served != null) {
        letIn(served, life);
      }
      if (life.wantsLook(time.nanos())) {
        figures(life.engine()).ifPresent(now -> life.look(now, time.nanos()));
      }
      life.probation()
          .ifPresent(begun -> figures(life.engine()).ifPresent(now -> check(life, begun, now)));
    }
  }

  private void check(EngineLife life, Probation begun, ControlReply.Engine now) {
    Probation seen = begun.warmed(now, stages.get().probation(), time.nanos());
    life.watchOn(begun, seen);
    Optional<String> objection = seen.objection(now, time.nanos());
    if (objection.isPresent()) {
      rollBack(life, objection.get());
    } else if (begun.isOver(stages.get().probation(), time.nanos())) {
      lives.content(life).learn(seen, now, time.nanos());
      confirm(life);
    }
  }

  private void confirm(EngineLife life) {
    try {
      life.confirm().good().ifPresent(good -> report(life.id(), "good: " + good.words()));
    } catch (IOException e) {
      report(life.id(), "the state of its content cannot be written: " + e.getMessage());
    }
  }

  private void rollBack(EngineLife life, String reason) {
    if (reinstatement.takeBack(life, true, reason).isPresent()) {
      reinstatement.restore(life);
    }
  }

  @Override
  public Release rollBack(EngineId engine, String reason) throws RefusedException {
    host();
    EngineLife life = lives.find(engine);
    if (life == null) {
      throw new RefusedException("no bundle is in force for this engine: engine=" + engine);
    }
    Release bad =
        reinstatement
            .takeBack(life, false, reason)
            .orElseThrow(() -> new RefusedException("there is nothing to fall back to"));
    reinstatement.restore(life);
    return bad;
  }

  /// The host has run well for a while: what it started with is not to blame for what comes.
  public void settled() {
    hasSettled = true;
    changeAll((was, plan) -> was.settled(plan));
  }

  private void changeAll(BiFunction<Life, Life.Plan, Life> step) {
    for (EngineLife life : lives.all()) {
      try {
        life.change(was -> step.apply(was, life.plan()));
      } catch (IOException e) {
        report(life.id(), "the state of its content cannot be written: " + e.getMessage());
      }
    }
  }

  /// The agent ends in order.
  @Override
  public void close() {
    closing = true;
    trying.shutdown();
    if (!hasSettled && counts) {
      changeAll((was, _) -> was.stopped());
    }
  }
}
