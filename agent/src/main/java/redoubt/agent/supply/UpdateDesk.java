package redoubt.agent.supply;

import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.random.RandomGenerator;
import redoubt.agent.activation.ContentIntake;
import redoubt.agent.activation.Offer;
import redoubt.agent.activation.RefusedException;
import redoubt.agent.health.Notices;
import redoubt.agent.health.TimeSource;
import redoubt.agent.policy.PolicyException;
import redoubt.agent.updates.UpdatePolicy;
import redoubt.agent.updates.UpdatesFile;
import redoubt.core.content.life.Life;
import redoubt.core.content.life.Release;
import redoubt.core.model.EngineId;
import redoubt.core.model.PlatformNotice;

/// Looks for updates of the content that the owner follows, every hour or so, when a window opens,
/// and when it is asked; and has those that it chooses fetched and tried. Thread-safe.
public final class UpdateDesk {
  /// Between two looks; hosts that started together do not look together for long.
  private static final Duration INTERVAL = Duration.ofMinutes(60);

  /// The first look comes at the earliest so long after the start.
  private static final Duration FIRST = Duration.ofMinutes(2);

  private final UpdatesFile file;
  private final BundleSource source;
  private final ContentIntake intake;
  private final Notices notices;
  private final TimeSource time;
  private final RandomGenerator random;
  private final Executor background;
  private final AtomicBoolean looking = new AtomicBoolean();
  private final Map<EngineId, String> said = new HashMap<>();
  private final Set<EngineId> waiting = new HashSet<>();
  private long dueNanos;

  /// What came of a look for one engine.
  ///
  /// @param text in words
  public record Look(EngineId engine, String text) {}

  /// Does nothing until it is asked.
  ///
  /// @param background runs a look that is due, each in a thread of its own
  public UpdateDesk(
      UpdatesFile file,
      BundleSource source,
      ContentIntake intake,
      Notices notices,
      TimeSource time,
      RandomGenerator random,
      Executor background) {
    this.file = file;
    this.source = source;
    this.intake = intake;
    this.notices = notices;
    this.time = time;
    this.random = random;
    this.background = background;
    dueNanos = time.nanos() + FIRST.toNanos() + random.nextLong(INTERVAL.toNanos() / 4);
  }

  /// Begins a look if one is due; called every two seconds or so. Waits for nobody.
  public void check() {
    if (!isDue() || !looking.compareAndSet(false, true)) {
      return;
    }
    background.execute(() -> {
      try {
        lookAt(Optional.empty());
      } catch (RuntimeException e) {
        // Whatever a repository makes this thread stumble over ends the look, not the agent.
        notices.report(PlatformNotice.Kind.CONTENT, "updates", "the look failed: " + e);
      } finally {
        looking.set(false);
      }
    });
  }

  private synchronized boolean isDue() {
    long now = time.nanos();
    if (now - dueNanos >= 0) {
      dueNanos = now + INTERVAL.toNanos() * 7 / 8 + random.nextLong(INTERVAL.toNanos() / 4);
      return true;
    }
    return !waiting.isEmpty() && policies().stream().anyMatch(this::opened);
  }

  private boolean opened(UpdatePolicy policy) {
    return waiting.contains(policy.engine()) && policy.isOpen(moment());
  }

  private List<UpdatePolicy> policies() {
    try {
      return List.copyOf(file.read().values());
    } catch (PolicyException e) {
      say("updates", e.getMessage());
      return List.of();
    }
  }

  private LocalDateTime moment() {
    return LocalDateTime.ofInstant(Instant.ofEpochMilli(time.wallMillis()), ZoneId.systemDefault());
  }

  /// Looks now.
  ///
  /// @param only the engine to look for; empty for all
  /// @throws SupplyException if a look is on its way
  public List<Look> look(Optional<EngineId> only) throws SupplyException {
    if (!looking.compareAndSet(false, true)) {
      throw SupplyException.busy();
    }
    try {
      return lookAt(only);
    } finally {
      looking.set(false);
    }
  }

  private List<Look> lookAt(Optional<EngineId> only) {
    List<Look> looks = new ArrayList<>();
    for (UpdatePolicy policy : policies()) {
      if (only.isEmpty() || only.get().equals(policy.engine())) {
        looks.add(new Look(policy.engine(), look(policy)));
      }
    }
    return looks;
  }

  private String look(UpdatePolicy policy) {
    EngineId engine = policy.engine();
    setWaiting(engine, false);
    try {
      Life life = intake.life(engine);
      List<Published> published = source.published(policy.vendor(), engine, policy.name());
      if (isRevoked(life, published)) {
        // Whatever else is said: a freeze keeps out what is new, not a warning.
        Release bad = intake.rollBack(engine, "revoked by its vendor and a trial runner");
        forget(engine);
        return "taken back: version=" + bad.version();
      }
      UpdateChoice choice =
          UpdateChoice.of(
              policy,
              published,
              life.newestOf(policy.vendor(), policy.name()),
              each -> each.digest().flatMap(life::refusalOf).isPresent(),
              moment());
      String text = carryOut(policy, choice);
      forget(engine);
      return text;
    } catch (SupplyException | RefusedException | IOException e) {
      String problem = "no update: " + e.getMessage();
      say(engine.value(), problem);
      return problem;
    }
  }

  private static boolean isRevoked(Life life, List<Published> published) {
    return life.active()
        .filter(active ->
            published.stream()
                .filter(Published::isRevoked)
                .anyMatch(each -> each.digest().filter(active.digest()::equals).isPresent()))
        .isPresent();
  }

  private String carryOut(UpdatePolicy policy, UpdateChoice choice)
      throws IOException, SupplyException, RefusedException {
    return switch (choice) {
      case UpdateChoice.Nothing(var why) -> why;
      case UpdateChoice.Wait(Published bundle) -> {
        setWaiting(policy.engine(), true);
        yield "waits for its window: " + bundle.target();
      }
      case UpdateChoice.Take(Published bundle) -> {
        try (Supply.Supplied supplied = source.fetch(bundle.target())) {
          intake.activate(Offer.signed(supplied.file(), supplied.target(), supplied.repository()));
        }
        yield "taken: " + bundle.target();
      }
    };
  }

  private synchronized void setWaiting(EngineId engine, boolean waits) {
    if (waits) {
      waiting.add(engine);
    } else {
      waiting.remove(engine);
    }
  }

  /// Says a problem once, until it is another or was over.
  private synchronized void say(String subject, String text) {
    EngineId key = new EngineId(subject);
    if (!text.equals(said.put(key, text))) {
      notices.report(PlatformNotice.Kind.CONTENT, subject, text);
    }
  }

  private synchronized void forget(EngineId engine) {
    said.remove(engine);
  }
}
