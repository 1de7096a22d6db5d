package redoubt.agent.rollout;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.Executor;
import java.util.function.Supplier;
import redoubt.agent.activation.ContentIntake;
import redoubt.agent.activation.Offer;
import redoubt.agent.activation.RefusedException;
import redoubt.agent.bounded.BoundedMap;
import redoubt.agent.fleet.Membership;
import redoubt.agent.fleet.UpdateChannel;
import redoubt.agent.fleet.UpdateOrders;
import redoubt.agent.health.Notices;
import redoubt.agent.health.TimeSource;
import redoubt.agent.policy.PrivateFile;
import redoubt.agent.supply.BundleSource;
import redoubt.agent.supply.Supply;
import redoubt.agent.supply.SupplyException;
import redoubt.core.content.FileDigest;
import redoubt.core.content.life.Life;
import redoubt.core.content.life.Release;
import redoubt.core.model.EngineId;
import redoubt.core.model.PlatformNotice;
import redoubt.core.model.Sha256;
import redoubt.core.wire.BundleName;
import redoubt.core.wire.FleetMessage;
import redoubt.core.wire.HostMessage;

/// Has this host take the updates that its fleet wants, when it may, and tells how it goes.
/// Thread-safe; nobody waits long.
public final class FleetUpdates implements UpdateOrders {
  private static final int MOST = 16;

  /// After which a request for a lease is made once more.
  private static final long ASK_AGAIN_NANOS = Duration.ofMinutes(10).toNanos();

  /// After which all is told once more.
  private static final long TELL_AGAIN_NANOS = Duration.ofHours(1).toNanos();

  private final UpdateChannel channel;
  private final ContentIntake intake;
  private final BundleSource source;
  private final Supplier<List<BundleName>> running;
  private final HostSymptoms symptoms;
  private final Path folder;
  private final ProgressFile file;
  private final Notices notices;
  private final TimeSource time;
  private final Executor background;

  private final Map<Sha256, Wanted> wanted = BoundedMap.forgettingEldest(MOST);
  private final Map<Sha256, Asked> asked = BoundedMap.forgettingEldest(MOST);
  private final Map<EngineId, String> reported = BoundedMap.forgettingUnused(MOST);
  private List<Progress> progress = new ArrayList<>();
  private Optional<Membership> own = Optional.empty();
  private List<BundleName> toldRunning = List.of();
  private boolean fetching;
  private boolean isToTellAll;
  private long toldAllNanos;

  /// A request for a lease.
  private record Asked(BundleName bundle, long atNanos) {}

  /// @param running all bundles that are in force
  /// @param symptoms looks whether the host is well
  /// @param folder where it is kept which bundles there were leases for
  /// @param background fetches bundles, each in a thread of its own
  public FleetUpdates(
      UpdateChannel channel,
      ContentIntake intake,
      BundleSource source,
      Supplier<List<BundleName>> running,
      HostSymptoms symptoms,
      Path folder,
      Notices notices,
      TimeSource time,
      Executor background) {
    this.channel = channel;
    this.intake = intake;
    this.source = source;
    this.running = running;
    this.symptoms = symptoms;
    this.folder = folder;
    file = new ProgressFile(folder);
    this.notices = notices;
    this.time = time;
    this.background = background;
    toldAllNanos = time.nanos();
  }

  private void report(EngineId engine, String text) {
    if (!text.equals(reported.put(engine, text))) {
      notices.report(PlatformNotice.Kind.CONTENT, engine.value(), text);
    }
  }

  /// Whether a bundle that was tried may come into force now. Where the fleet decides, a lease is
  /// asked for, and that there is one is on disk before it is used.
  ///
  /// @param id whose bundle: an engine's, or that of its releases
  public synchronized boolean mayActivate(EngineId id, Release release) {
    if (!channel.directsUpdates()) {
      return true;
    }
    BundleName bundle = release.named(id);
    OptionalLong lease = channel.lease(release.digest());
    if (lease.isPresent()) {
      return isKept(new Progress(bundle, lease.getAsLong(), Optional.empty()));
    }
    long now = time.nanos();
    Asked before = asked.get(release.digest());
    boolean isToAsk = before == null || now - before.atNanos() >= ASK_AGAIN_NANOS;
    if (isToAsk && channel.ask(bundle)) {
      asked.put(release.digest(), new Asked(bundle, now));
    }
    return false;
  }

  private boolean isKept(Progress fresh) {
    look();
    List<Progress> next = new ArrayList<>(progress);
    next.removeIf(each -> each.bundle().isOfSameName(fresh.bundle()));
    next.add(fresh);
    return isWritten(next.subList(Math.max(0, next.size() - MOST), next.size()));
  }

  private boolean isWritten(List<Progress> next) {
    try {
      PrivateFile.createDirectory(folder);
      file.write(own.orElseThrow(), next);
      progress = new ArrayList<>(next);
      return true;
    } catch (IOException e) {
      notices.report(
          PlatformNotice.Kind.FLEET,
          "updates",
          "it cannot be written down what comes into force: " + PrivateFile.reasonOf(e));
      return false;
    }
  }

  /// Another membership has nothing to do with what was before.
  private void look() {
    Optional<Membership> now = channel.membership();
    if (!now.equals(own)) {
      own = now;
      progress = now.map(file::read).map(ArrayList::new).orElseGet(ArrayList::new);
      asked.clear();
      wanted.clear();
    }
  }

  /// Looks how it goes; called every two seconds or so.
  public void check() {
    List<HostMessage> news = new ArrayList<>();
    Optional<Wanted> due;
    synchronized (this) {
      look();
      if (own.isEmpty()) {
        return;
      }
      collect(news);
      news.addAll(symptoms.look(time.nanos()));
      due = takeDue();
    }
    news.forEach(channel::say);
    due.ifPresent(next -> background.execute(() -> fetch(next)));
  }

  private void collect(List<HostMessage> news) {
    long now = time.nanos();
    boolean tellsAll = isToTellAll || now - toldAllNanos >= TELL_AGAIN_NANOS;
    List<BundleName> runs = running.get();
    if (tellsAll || !runs.equals(toldRunning)) {
      news.add(new HostMessage.Running(runs));
      toldRunning = runs;
    }
    List<Progress> next = new ArrayList<>();
    boolean isNews = false;
    for (Progress each : progress) {
      Progress.Now stands = each.in(intake.life(each.bundle().engine()));
      boolean isFurther = !stands.step().equals(each.step());
      if (stands.step().isPresent() && (isFurther || tellsAll)) {
        news.add(each.message(stands.step().get(), stands.reason()));
      }
      isNews |= isFurther;
      next.add(each.with(stands.step()));
    }
    // What cannot be written down is told all the same, and once more.
    if (isNews) {
      var _ = isWritten(next);
    }
    if (tellsAll) {
      isToTellAll = false;
      toldAllNanos = now;
    }
  }

  // ---- what the server says

  @Override
  public synchronized void connected() {
    look();
    isToTellAll = true;
    asked.clear();
  }

  @Override
  public synchronized void offered(BundleName bundle) {
    look();
    if (!channel.directsUpdates() || isHere(bundle)) {
      return;
    }
    wanted.putIfAbsent(bundle.sha256(), Wanted.now(bundle, time.nanos()));
  }

  private boolean isHere(BundleName bundle) {
    Life life = intake.life(bundle.engine());
    return life.refusalOf(bundle.sha256()).isPresent()
        || life.releases().anyMatch(release -> release.digest().equals(bundle.sha256()));
  }

  @Override
  public synchronized void refused(Sha256 bundle, FleetMessage.Reason reason) {
    Asked request = asked.get(bundle);
    if (request != null) {
      report(
          request.bundle().engine(),
          "waits for its fleet: "
              + request.bundle().target()
              + " reason="
              + reason.name().toLowerCase(Locale.ROOT).replace('_', '-'));
    }
  }

  @Override
  public void rollBack(BundleName bundle, String reason) {
    channel.giveUp(bundle.sha256());
    long lease;
    synchronized (this) {
      look();
      wanted.remove(bundle.sha256());
      lease =
          progress.stream()
              .filter(each -> each.bundle().sha256().equals(bundle.sha256()))
              .mapToLong(Progress::lease)
              .findFirst()
              .orElse(1);
    }
    Life life = intake.life(bundle.engine());
    if (life.active().filter(active -> active.digest().equals(bundle.sha256())).isEmpty()) {
      channel.say(
          new HostMessage.Activation(
              bundle, lease, HostMessage.Step.ROLLED_BACK, "it is not in force here"));
      return;
    }
    try {
      intake.rollBack(bundle.engine(), "by its fleet: " + reason);
    } catch (RefusedException e) {
      synchronized (this) {
        report(bundle.engine(), "is not taken back for its fleet: " + e.getMessage());
      }
    }
  }

  // ---- what is fetched

  private Optional<Wanted> takeDue() {
    if (fetching) {
      return Optional.empty();
    }
    wanted.values().removeIf(each -> isHere(each.bundle()));
    long now = time.nanos();
    Optional<Wanted> due = wanted.values().stream().filter(each -> each.isDue(now)).findFirst();
    fetching = due.isPresent();
    return due;
  }

  private void fetch(Wanted next) {
    BundleName bundle = next.bundle();
    Optional<String> problem = Optional.empty();
    try (Supply.Supplied supplied = source.fetch(bundle.target())) {
      Sha256 digest = FileDigest.of(supplied.file());
      if (!digest.equals(bundle.sha256())) {
        throw new RefusedException(
            "its vendor published another one by that name: sha256=" + digest);
      }
      intake.activate(Offer.ofFleet(supplied.file(), supplied.target(), supplied.repository()));
    } catch (SupplyException | RefusedException | IOException e) {
      problem = Optional.of(String.valueOf(e.getMessage()));
    } catch (RuntimeException e) {
      // Whatever a bundle makes this thread stumble over ends the bundle's way, not the agent.
      problem = Optional.of(e.toString());
    }
    synchronized (this) {
      fetching = false;
      if (problem.isPresent()) {
        report(bundle.engine(), "its fleet wants " + bundle.target() + ": " + problem.get());
        wanted.computeIfPresent(bundle.sha256(), (_, before) -> before.later(time.nanos()));
      } else {
        wanted.remove(bundle.sha256());
      }
    }
  }
}
