package redoubt.agent.activation;

import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import redoubt.agent.bounded.CountWindow;
import redoubt.agent.engine.EngineContent;
import redoubt.core.content.BundleFile;
import redoubt.core.content.ContentException;
import redoubt.core.content.ProgramFolder;
import redoubt.core.content.life.Life;
import redoubt.core.content.life.LifeFolders;
import redoubt.core.content.life.LifeStore;
import redoubt.core.content.life.Release;
import redoubt.core.linux.Descriptors;
import redoubt.core.linux.LinuxException;
import redoubt.core.model.EngineId;
import redoubt.core.wire.ControlReply;

/// The life of an engine's content, or of its releases, while the agent runs: what is on disk, and
/// what is in memory of it. Thread-safe.
final class EngineLife {
  /// So many faults of an engine within [#WEARING] speak against what it judges with, however long
  /// that was good.
  static final int MOST_FAULTS = 4;

  /// As long as an engine's faults add up before it is left alone.
  static final Duration WEARING = Duration.ofMinutes(10);

  private static final long APART_NANOS = Duration.ofSeconds(10).toNanos();

  private final EngineId id;
  private final LifeFolders folders;
  private final LifeStore store;
  private Life life;
  private Life.Plan plan;

  /// What the engine was last given; its memory is let go when it has something else.
  private @Nullable EngineContent given;

  /// The engine's faults with that.
  private CountWindow faults = new CountWindow(WEARING);

  /// What is on probation with it, from before it has it; or was, until something else is good.
  private @Nullable EngineContent tried;

  /// Whether the state is not on disk as it is.
  private boolean unwritten;

  /// Whether the engine is still to be given what is in force.
  private boolean owed;

  private boolean restoring;

  /// What the engine had done at the last look, while nothing was on probation.
  private Probation.@Nullable Look looked;

  /// How much processor time an event took one process of it, between two looks.
  private long usualMicros = Probation.UNKNOWN;

  /// Whoever has it brings a bundle of this engine on its way.
  private final ReentrantLock bringing = new ReentrantLock();

  private @Nullable Probation probation;

  /// @param plan what was done at this start of the agent
  EngineLife(EngineId id, LifeFolders folders, Life life, Life.Plan plan) {
    this.id = id;
    this.folders = folders;
    this.store = folders.of(id);
    this.life = life;
    this.plan = plan;
  }

  /// Begins a start of the agent: counts it. What cannot be read or written keeps nothing from
  /// starting.
  ///
  /// @param problems takes what was found broken, for people
  static EngineLife begin(
      EngineId id, LifeFolders folders, Instant now, Consumer<String> problems) {
    LifeStore store = folders.of(id);
    try {
      LifeStore.Begun begun = store.begin(now);
      begun.problems().forEach(problems);
      EngineLife life = new EngineLife(id, folders, begun.start().life(), begun.start().plan());
      life.bringProgram(begun.bundle(), problems);
      return life;
    } catch (IOException e) {
      // A full disk must not take the content away too.
      problems.accept("this start is not counted: " + e.getMessage());
    }
    Life known = Life.EMPTY;
    try {
      known = store.read().life();
    } catch (IOException e) {
      problems.accept("the state of its content cannot be read: " + e.getMessage());
    }
    return new EngineLife(id, folders, known, Life.Plan.CONTENT);
  }

  /// Whose it is: that of the engine, or of its releases.
  EngineId id() {
    return id;
  }

  /// The engine whose life it is.
  EngineId engine() {
    return id.released().orElse(id);
  }

  private boolean isOfReleases() {
    return id.released().isPresent();
  }

  /// The files of the release that is in force are there and whole, or it is given up.
  ///
  /// @param opened its bundle, if it was opened already
  private synchronized void bringProgram(Optional<BundleFile> opened, Consumer<String> problems) {
    Optional<BundleFile> known = opened;
    while (isOfReleases() && life.active().isPresent()) {
      Release active = life.active().get();
      try {
        BundleFile bundle = known.isPresent() ? known.get() : store.open(active);
        ProgramFolder.bring(bundle, folders.program(engine(), active));
        return;
      } catch (IOException | ContentException e) {
        problems.accept(String.valueOf(e.getMessage()));
        stepBack(was -> was.lost(active));
        known = Optional.empty();
      }
    }
  }

  ReentrantLock bringing() {
    return bringing;
  }

  synchronized Life.Plan plan() {
    return plan;
  }

  /// What people should know of the plan; nothing if all is as usual.
  synchronized Optional<String> whatPlanMeans() {
    return switch (plan) {
      case CONTENT -> Optional.empty();
      case ENGINE_OFF ->
          Optional.of("the engine is not started: this host did not settle with its content");
      case OBSERVE_ONLY ->
          Optional.of("nothing is decided: this host did not settle without the engine either");
    };
  }

  /// Other content is in force than what this host did not settle with: the engine may start again.
  synchronized void revive() {
    plan = Life.Plan.CONTENT;
  }

  synchronized Life life() {
    return life;
  }

  synchronized Optional<Probation> probation() {
    return Optional.ofNullable(probation);
  }

  synchronized void watch(Probation begun) {
    probation = begun;
  }

  /// Whether it is time for another look at what the engine did, for later. Nobody asks the life of
  /// its releases.
  synchronized boolean wantsLook(long nowNanos) {
    return !isOfReleases()
        && !isOnProbation()
        && (looked == null || nowNanos - looked.nanos() >= APART_NANOS);
  }

  /// Keeps such a look. What a start takes says nothing, so both looks must be at one process.
  synchronized void look(ControlReply.Engine figures, long nowNanos) {
    if (looked != null && looked.figures().pid() == figures.pid()) {
      long micros = Probation.microsAnEvent(looked.figures(), figures);
      usualMicros = micros == Probation.UNKNOWN ? usualMicros : micros;
    }
    looked = new Probation.Look(nowNanos, figures);
  }

  /// What the engine did on a probation that went well is usual from now on.
  synchronized void learn(Probation passed, ControlReply.Engine figures, long nowNanos) {
    looked = passed.warm();
    look(figures, nowNanos);
  }

  /// How much processor time an event took the engine of late, in microseconds, or
  /// [Probation#UNKNOWN].
  synchronized long usualMicros() {
    return usualMicros;
  }

  /// More is known of a probation, unless it is over.
  synchronized void watchOn(Probation begun, Probation seen) {
    if (begun.equals(probation)) {
      probation = seen;
    }
  }

  /// The probation is over.
  ///
  /// @throws IOException if that is not on disk; then it is not
  synchronized Life confirm() throws IOException {
    Life now = isOnProbation() ? change(Life::confirmed) : life;
    probation = null;
    tried = null;
    tidy();
    return now;
  }

  /// Changes the life to less than it was. That counts whether it can be written or not.
  synchronized void stepBack(UnaryOperator<Life> step) {
    life = step.apply(life);
    unwritten = true;
    writeAgain();
  }

  /// Tries once more to write what could not be written.
  ///
  /// @return whether all is on disk
  synchronized boolean writeAgain() {
    if (unwritten) {
      try {
        store.write(life);
        unwritten = false;
        tidy();
      } catch (IOException _) {
        return false;
      }
    }
    return true;
  }

  /// The engine is to be given what is in force, and somebody sees to it now.
  ///
  /// @return false if somebody does already
  synchronized boolean beginRestoring() {
    owed = true;
    boolean begins = !restoring;
    restoring = true;
    return begins;
  }

  /// @param done whether the engine has what is in force
  synchronized void endRestoring(boolean done) {
    restoring = false;
    owed = !done;
  }

  synchronized boolean owes() {
    return owed && !restoring;
  }

  /// Changes the life; what it is then is on disk when this returns.
  ///
  /// @throws IOException if it is not; then nothing has changed
  synchronized Life change(UnaryOperator<Life> step) throws IOException {
    Life next = step.apply(life);
    store.write(next);
    life = next;
    return next;
  }

  /// Takes a copy of a bundle as the candidate.
  ///
  /// @throws ContentException if it is none, or there is an objection to it
  /// @throws IOException if it cannot be copied
  synchronized Release offer(BundleFile bundle, Instant now) throws IOException, ContentException {
    Release release = store.take(bundle.file());
    Optional<String> objection = life.objection(release);
    if (objection.isPresent()) {
      tidy();
      throw new ContentException(objection.get());
    }
    change(was -> was.offered(release, now));
    tidy();
    return release;
  }

  /// The bundle of a release.
  ///
  /// @throws ContentException if it is not what it was
  synchronized BundleFile open(Release release) throws IOException, ContentException {
    return store.open(release);
  }

  /// Takes away the files of releases that no longer matter.
  synchronized void tidy() {
    try {
      store.clear();
      if (isOfReleases()) {
        ProgramFolder.clear(
            folders.programs(engine()),
            life.releases()
                .map(release -> release.digest().toString())
                .collect(Collectors.toUnmodifiableSet()));
      }
    } catch (IOException _) {
      // The next change tries again.
    }
  }

  /// What is in force, ready to be handed over; empty if nothing is. A bundle that the disk lost is
  /// given up.
  ///
  /// @param problems takes what was lost
  synchronized Optional<EngineContent> active(List<String> problems) {
    while (life.active().isPresent()) {
      Release active = life.active().get();
      try {
        return Optional.of(sealed(store.open(active)));
      } catch (LinuxException | IOException e) {
        problems.add(String.valueOf(e.getMessage()));
        return Optional.empty(); // No memory, no descriptor: no fault of the bundle's.
      } catch (ContentException e) {
        problems.add(String.valueOf(e.getMessage()));
        stepBack(was -> was.lost(active));
      }
    }
    return Optional.empty();
  }

  /// Puts the content of a bundle where an engine can have it.
  static EngineContent sealed(BundleFile bundle) throws IOException, ContentException {
    return EngineContent.of(bundle, "owner's word");
  }

  /// The engine is to have the content that is on probation.
  synchronized void gives(EngineContent content) {
    tried = content;
  }

  /// The engine does not have the candidate's content.
  synchronized void letGo(EngineContent content) {
    if (content.equals(tried)) {
      tried = null;
    }
    Descriptors.close(content.descriptor());
  }

  /// The engine has something else now: what it had before is let go.
  synchronized void gave(@Nullable EngineContent content) {
    EngineContent before = given;
    given = content;
    if (before != null && !before.equals(content)) {
      Descriptors.close(before.descriptor());
      faults = new CountWindow(WEARING);
    }
  }

  /// The engine failed.
  ///
  /// @param content what it judged with
  /// @return whether it did too often with what it was last given
  synchronized boolean isWornBy(EngineContent content, long nowNanos) {
    return content.equals(given) && faults.add(nowNanos) >= MOST_FAULTS;
  }

  /// Whether that is what is on probation, or was when it was taken back.
  synchronized boolean isTried(EngineContent content) {
    return content.equals(tried);
  }

  /// Whether a release is in force.
  synchronized boolean isActive(Release release) {
    return life.active().filter(release::equals).isPresent();
  }

  /// What was tried and waits to be let in.
  synchronized Optional<Release> waiting() {
    return life.tried();
  }

  /// Whether what is in force is on probation.
  synchronized boolean isOnProbation() {
    return life.onProbation().isPresent();
  }

  /// Takes back what is in force.
  ///
  /// @param onProbation whether only what is on probation is meant
  /// @return what has been taken back; empty if there is nothing, or nothing to fall back to
  synchronized Optional<Release> takeBack(boolean onProbation, String reason, Instant now) {
    Optional<Release> bad = life.active();
    boolean hasWay = isOfReleases() ? bad.isPresent() : life.before().isPresent();
    if (!isOnProbation() && (onProbation || !hasWay)) {
      return Optional.empty();
    }
    stepBack(was -> isOfReleases() ? was.withdrawn(reason, now) : was.rolledBack(reason, now));
    probation = null;
    return bad;
  }
}
