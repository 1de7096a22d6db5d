package redoubt.agent.platform;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Executor;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import redoubt.agent.activation.ContentIntake;
import redoubt.agent.activation.Offer;
import redoubt.agent.activation.RefusedException;
import redoubt.agent.activation.Stages;
import redoubt.agent.health.Notices;
import redoubt.agent.health.TimeSource;
import redoubt.agent.platform.Slots.Slot;
import redoubt.agent.slot.ReleaseRefusedException;
import redoubt.agent.slot.SlotMaker;
import redoubt.core.content.BundleFile;
import redoubt.core.content.ContentException;
import redoubt.core.content.PlatformRelease;
import redoubt.core.content.life.Life;
import redoubt.core.content.life.LifeFolders;
import redoubt.core.content.life.LifeStore;
import redoubt.core.content.life.Release;
import redoubt.core.model.EngineId;
import redoubt.core.model.PlatformNotice;
import redoubt.core.model.Sha256;

/// Brings releases of the platform itself into force, by the way that content goes too: made ready
/// beside what runs, tried on a file system of its own, on probation from the moment that it takes
/// over, and then good. Whatever fails leads back to the release that ran before, or to the
/// installation.
///
/// Which release runs is the supervisor's to say, by [Slots]; what became of it is found out at
/// each start. Thread-safe.
public final class PlatformDesk implements ContentIntake, AutoCloseable {
  /// After which an agent is no longer in doubt, as for content.
  private static final Duration SETTLING = Duration.ofSeconds(60);

  private final Path home;
  private final LifeFolders folders;
  private final Slots slots;
  private final Supplier<Stages> stages;
  private final SlotMaker maker;
  private final Notices notices;
  private final TimeSource time;
  private final Executor background;
  private Life life = Life.EMPTY;
  private boolean making;
  private boolean settled;
  private long protectsSinceNanos;
  private String said = "";
  private volatile boolean closing;
  private volatile @Nullable PlatformHost host;

  /// Begins a start of the agent: finds out what became of the release that was to run. What cannot
  /// be read or written is reported, and keeps nothing from starting.
  ///
  /// @param state the state directory
  /// @param home where the release that runs lies
  /// @param background takes what lasts minutes
  public PlatformDesk(
      Path state,
      Path home,
      Slots slots,
      Supplier<Stages> stages,
      SlotMaker maker,
      Notices notices,
      TimeSource time,
      Executor background) {
    this.home = home;
    folders = new LifeFolders(state);
    this.slots = slots;
    this.stages = stages;
    this.maker = maker;
    this.notices = notices;
    this.time = time;
    this.background = background;
    try {
      reconcile();
    } catch (IOException e) {
      report("what is known of releases cannot be read or written: " + e.getMessage());
    }
  }

  private Instant now() {
    return Instant.ofEpochMilli(time.wallMillis());
  }

  private void report(String text) {
    notices.report(PlatformNotice.Kind.CONTENT, PlatformRelease.ENGINE.value(), text);
  }

  /// What runs is what the supervisor has chosen: a release that should run and does not was given
  /// up by it.
  private void reconcile() throws IOException {
    LifeStore store = folders.of(PlatformRelease.ENGINE);
    LifeStore.Found found = store.read();
    found.problem().ifPresent(problem -> report(problem.getMessage()));
    life = found.life();
    Optional<Slot> slot = slots.at(home);
    Optional<Sha256> running = slot.isPresent() ? slots.release(slot.get()) : Optional.empty();
    Life next = life;
    while (next.candidate()
        .filter(on -> isOnItsWay(on) && isOf(on.release(), running))
        .isPresent()) {
      next = next.passed(now());
    }
    while (next.active().isPresent() && !isOf(next.active().get(), running)) {
      Release gone = next.active().get();
      boolean isThere = liesInASlot(gone);
      next =
          isThere
              ? next.refused(gone.digest(), "this host did not settle with it", now())
              : next.lost(gone);
      report(
          "fell back from "
              + gone.words()
              + (isThere ? ": this host did not settle with it" : ": its slot is gone"));
    }
    if (next.candidate().filter(PlatformDesk::isOnItsWay).isPresent()) {
      // To make one ready and to try it is work of the agent's: two starts that may fail.
      next = next.started(now()).life();
    }
    if (!next.equals(life)) {
      store.write(next);
      life = next;
      store.clear();
    }
  }

  private static boolean isOnItsWay(Life.Candidate candidate) {
    return candidate.stage() != Life.Stage.PROBATION;
  }

  private static boolean isOf(Release release, Optional<Sha256> running) {
    return running.filter(release.digest()::equals).isPresent();
  }

  private boolean liesInASlot(Release release) throws IOException {
    for (Slot slot : Slot.values()) {
      if (slots.release(slot).filter(release.digest()::equals).isPresent()) {
        return true;
      }
    }
    return false;
  }

  /// Names who is to be asked from now on: the host is protected. What was on its way goes on.
  public void serve(PlatformHost served) {
    synchronized (this) {
      host = served;
      protectsSinceNanos = time.nanos();
    }
    life(PlatformRelease.ENGINE)
        .candidate()
        .filter(on -> isOnItsWay(on) && on.stage() != Life.Stage.TRIED)
        .ifPresent(on -> begin(served, on.release()));
  }

  @Override
  public synchronized Life life(EngineId engine) {
    return life;
  }

  private PlatformHost host() throws RefusedException {
    PlatformHost now = host;
    if (now == null || closing) {
      throw new RefusedException("the agent is starting or stopping");
    }
    return now;
  }

  @Override
  public Offer.Taken activate(Offer offer) throws IOException, RefusedException {
    PlatformHost served = host();
    Optional<String> objection = served.objection();
    if (objection.isPresent()) {
      throw new RefusedException(objection.get());
    }
    try {
      Release release = take(offer.open());
      report("taken: " + release.words() + " " + offer.origin());
      begin(served, release);
      return new Offer.Taken(PlatformRelease.ENGINE, release);
    } catch (ContentException e) {
      throw new RefusedException(e.getMessage());
    }
  }

  private synchronized Release take(BundleFile bundle)
      throws IOException, ContentException, RefusedException {
    if (!bundle.manifest().schemaHash().equals(PlatformRelease.SCHEMA)) {
      throw new RefusedException("a release for another supervisor: upgrade the package first");
    }
    if (making) {
      throw new RefusedException("another release is being made ready");
    }
    LifeStore store = folders.make(PlatformRelease.ENGINE);
    Release release = store.take(bundle.file());
    Optional<String> objection = life.objection(release);
    if (objection.isPresent()) {
      store.clear();
      throw new RefusedException(objection.get());
    }
    change(life.offered(release, now()));
    return release;
  }

  private synchronized void change(Life next) throws IOException {
    LifeStore store = folders.of(PlatformRelease.ENGINE);
    store.write(next);
    life = next;
    store.clear();
  }

  private void begin(PlatformHost served, Release release) {
    synchronized (this) {
      if (making) {
        return;
      }
      making = true;
    }
    background.execute(() -> {
      try {
        bring(served, release);
      } catch (ReleaseRefusedException | ContentException e) {
        end(release, String.valueOf(e.getMessage()), true);
      } catch (IOException e) {
        end(release, String.valueOf(e.getMessage()), false);
      } catch (RuntimeException e) {
        // Whatever a release makes this thread stumble over ends the release's way, not the agent.
        end(release, e.toString(), false);
      } finally {
        synchronized (this) {
          making = false;
        }
      }
    });
  }

  private void bring(PlatformHost served, Release release)
      throws IOException, ContentException, ReleaseRefusedException {
    Slot slot = slots.free();
    Path tree = slots.tree(slot);
    unpack(release, tree);
    served.protectReleases();
    passTo(Life.Stage.ADMITTED, release);
    if (stages.get().has(Stages.Stage.TRIAL) && !isTried(release)) {
      maker.tryOut(tree);
    }
    passTo(Life.Stage.TRIED, release);
    if (closing) {
      return;
    }
    if (!served.mayActivate(PlatformRelease.ENGINE, release)) {
      report("waits to be let in: " + release.words());
      return;
    }
    Optional<String> objection = served.objection();
    if (objection.isPresent()) {
      throw new IOException(objection.get());
    }
    slots.begin(slot, served.readyEngines());
    passTo(Life.Stage.PROBATION, release);
    report(
        "takes over: "
            + release.words()
            + " probationSeconds="
            + stages.get().probation().toSeconds());
    served.restart("another release takes over: " + release.words());
  }

  private void unpack(Release release, Path tree)
      throws IOException, ContentException, ReleaseRefusedException {
    Path archive = slots.archive();
    try {
      try (FileChannel out =
          FileChannel.open(
              archive,
              StandardOpenOption.CREATE,
              StandardOpenOption.TRUNCATE_EXISTING,
              StandardOpenOption.WRITE)) {
        folders.of(PlatformRelease.ENGINE).open(release).copyContentTo(out);
      }
      maker.make(archive, tree, release.digest());
    } finally {
      Files.deleteIfExists(archive);
    }
  }

  private boolean isTried(Release release) {
    return life(PlatformRelease.ENGINE).tried().filter(release::equals).isPresent();
  }

  /// What an agent before this one has passed counts.
  private synchronized void passTo(Life.Stage stage, Release release) throws IOException {
    if (life.candidate().filter(on -> on.release().equals(release)).isEmpty()) {
      throw new IOException("it was taken back meanwhile");
    }
    while (life.candidate().orElseThrow().stage().compareTo(stage) < 0) {
      change(life.passed(now()));
    }
  }

  /// What was tried and waits to be let in goes on when it may.
  private void letIn(PlatformHost served) {
    life(PlatformRelease.ENGINE)
        .tried()
        .filter(_ -> !isMaking())
        .filter(release -> served.mayActivate(PlatformRelease.ENGINE, release))
        .ifPresent(release -> begin(served, release));
  }

  private synchronized boolean isMaking() {
    return making;
  }

  private synchronized void end(Release release, String reason, boolean isToBlame) {
    if (closing) {
      return; // It goes on at the next start.
    }
    report((isToBlame ? "refused: " : "given up: ") + release.words() + " reason=" + reason);
    try {
      change(isToBlame ? life.refused(release.digest(), reason, now()) : life.lost(release));
    } catch (IOException e) {
      report("the state of releases cannot be written: " + e.getMessage());
    }
  }

  @Override
  public Release rollBack(EngineId engine, String reason) throws RefusedException {
    return takeBack(host(), reason);
  }

  private Release takeBack(PlatformHost served, String reason) throws RefusedException {
    Release bad;
    synchronized (this) {
      bad =
          life.active()
              .orElseThrow(
                  () -> new RefusedException("the installation itself runs: nothing to take back"));
      try {
        slots.takeBack();
        change(life.refused(bad.digest(), reason, now()));
      } catch (IOException e) {
        throw new RefusedException("that cannot be written: " + e.getMessage());
      }
    }
    report("rolled back: " + bad.words() + " reason=" + reason);
    served.restart("a release is taken back: " + bad.words());
    return bad;
  }

  /// Looks at what runs; called every two seconds or so.
  public void check() {
    PlatformHost served = host;
    if (served == null || closing) {
      return;
    }
    try {
      check(served);
    } catch (IOException | RefusedException e) {
      String problem = "the state of releases cannot be written: " + e.getMessage();
      if (!problem.equals(said)) {
        said = problem;
        report(problem);
      }
    }
  }

  private void check(PlatformHost served) throws IOException, RefusedException {
    Duration up = Duration.ofNanos(time.nanos() - protectsSinceNanos);
    Duration probation =
        stages.get().has(Stages.Stage.PROBATION) ? stages.get().probation() : Duration.ZERO;
    boolean isOnProbation = life(PlatformRelease.ENGINE).onProbation().isPresent();
    letIn(served);
    if (up.compareTo(SETTLING) >= 0 && !settled) {
      settle();
      settled = true;
    }
    if (!isOnProbation || up.compareTo(shorter(probation, SETTLING)) < 0) {
      return;
    }
    List<String> missing = new ArrayList<>(slots.expected());
    missing.removeAll(served.readyEngines());
    if (!missing.isEmpty()) {
      takeBack(served, "engines are not ready with it: " + String.join(", ", missing));
    } else if (up.compareTo(probation) >= 0) {
      confirm();
    }
  }

  private static Duration shorter(Duration one, Duration other) {
    return one.compareTo(other) < 0 ? one : other;
  }

  private synchronized void settle() throws IOException {
    slots.settled();
    if (life.starts() > 0) {
      change(life.settled(Life.Plan.CONTENT));
    }
  }

  private synchronized void confirm() throws IOException {
    slots.confirm();
    change(life.confirmed());
    life.good().ifPresent(good -> report("good: " + good.words()));
  }

  /// The agent ends in order: what is being made ready goes on at the next start.
  @Override
  public synchronized void close() {
    closing = true;
    if (!settled && life.candidate().filter(PlatformDesk::isOnItsWay).isPresent()) {
      try {
        change(life.stopped());
      } catch (IOException _) {
        // One start fewer.
      }
    }
  }
}
