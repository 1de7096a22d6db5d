package redoubt.agent.activation;

import java.io.IOException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.BiConsumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import redoubt.agent.engine.EngineContent;
import redoubt.agent.engine.EngineFaults;
import redoubt.agent.health.TimeSource;
import redoubt.agent.registry.EngineManifest;
import redoubt.core.content.ContentException;
import redoubt.core.content.life.Release;
import redoubt.core.model.EngineId;

/// Gives engines what is in force for them: at their start, and when what they had is taken back.
/// Thread-safe.
final class Reinstatement implements EngineFaults {
  private final EngineLives lives;
  private final Supplier<@Nullable ActivationHost> host;
  private final BiConsumer<EngineId, String> report;
  private final TimeSource time;

  /// @param host who carries it out; null if nobody does, now or any more
  /// @param report takes what people should know of an engine
  Reinstatement(
      EngineLives lives,
      Supplier<@Nullable ActivationHost> host,
      BiConsumer<EngineId, String> report,
      TimeSource time) {
    this.lives = lives;
    this.host = host;
    this.report = report;
    this.time = time;
  }

  /// What an engine is to judge with, if a bundle is in force for it.
  Optional<EngineContent> active(EngineId engine) {
    EngineLife life = lives.find(engine);
    return life == null ? Optional.empty() : given(life, sealed(life));
  }

  /// What an engine that came as a bundle has with it, for as long as it has nothing else.
  Optional<EngineContent> own(EngineId engine) {
    EngineLife life = lives.find(engine);
    return life == null ? Optional.empty() : given(life, ownOf(life));
  }

  private Optional<EngineContent> given(EngineLife life, Optional<EngineContent> content) {
    content.ifPresent(now -> {
      lives.of(life.engine()).stream()
          .filter(EngineLife::isOnProbation)
          .forEach(each -> each.gives(now));
      life.gave(now);
    });
    return content;
  }

  private Optional<EngineContent> ownOf(EngineLife life) {
    return lives.releases(life.engine()).flatMap(this::sealed);
  }

  private Optional<EngineContent> sealed(EngineLife life) {
    List<String> problems = new ArrayList<>();
    Optional<EngineContent> content = life.active(problems);
    problems.forEach(problem -> report.accept(life.id(), problem));
    return content;
  }

  /// Takes back what is in force.
  ///
  /// @param onProbation whether only what is on probation is meant
  /// @return what has been taken back; empty if there is nothing, or nothing to fall back to
  Optional<Release> takeBack(EngineLife life, boolean onProbation, String reason) {
    Optional<Release> bad =
        life.takeBack(onProbation, reason, Instant.ofEpochMilli(time.wallMillis()));
    bad.ifPresent(release ->
        report.accept(life.id(), "rolled back: " + release.words() + " reason=" + reason));
    return bad;
  }

  /// Has the engine judge with what is in force now. Nobody waits for a bundle that is being tried;
  /// what cannot be done now is tried again at the next look.
  void restore(EngineLife one) {
    EngineLife life = lives.content(one);
    if (!life.beginRestoring()) {
      return;
    }
    Thread.ofPlatform()
        .name("content-rollback")
        .daemon()
        .start(() -> {
          boolean done = false;
          try {
            ActivationHost served = host.get();
            done = served == null || restored(served, life);
          } catch (RuntimeException e) {
            report.accept(life.id(), "what was good cannot take over: " + e);
          } finally {
            life.endRestoring(done);
          }
        });
  }

  private boolean restored(ActivationHost served, EngineLife life) {
    EngineId engine = life.engine();
    // One that came as a bundle is registered no more once its last release is taken back.
    boolean isRegistered = lives.find(engine.releases()) == null || served.isRegistered(engine);
    Optional<EngineContent> content = isRegistered ? next(served, life) : Optional.empty();
    if (content.isEmpty()) {
      List<EngineLife> all = lives.of(engine);
      if (isRegistered && all.stream().anyMatch(each -> each.life().active().isPresent())) {
        return false;
      }
      if (isRegistered) {
        served.withdraw(engine);
      } else {
        served.end(engine);
      }
      life.gave(null);
      // What is registered is read from the disk.
      return all.stream().allMatch(EngineLife::writeAgain);
    }
    Optional<String> failure = served.handOver(engine, content.get(), true);
    if (failure.isPresent()) {
      life.letGo(content.get());
      report.accept(life.id(), "what was good cannot take over: " + failure.get());
      return !served.runs(engine);
    }
    life.gave(content.get());
    return true;
  }

  private Optional<EngineContent> next(ActivationHost served, EngineLife life) {
    Optional<EngineContent> content = sealed(life);
    if (life.life().active().isEmpty()) {
      content = served.other(life.engine()).or(() -> ownOf(life));
    }
    Optional<EngineManifest> program = program(served, life.engine());
    return program.isPresent() ? content.map(with -> with.withProgram(program.get())) : content;
  }

  /// How an engine is started that came as a bundle.
  private Optional<EngineManifest> program(ActivationHost served, EngineId engine) {
    Optional<Release> active = lives.releases(engine).flatMap(releases -> releases.life().active());
    try {
      return active.isEmpty()
          ? Optional.empty()
          : Optional.of(served.released(engine, active.get()));
    } catch (IOException | ContentException e) {
      report.accept(engine, String.valueOf(e.getMessage()));
      return Optional.empty();
    }
  }

  @Override
  public @Nullable EngineContent failed(EngineId engine, EngineContent content, String how) {
    EngineLife life = lives.find(engine);
    ActivationHost served = host.get();
    if (life == null || served == null || !tookBack(life, content, how)) {
      return content;
    }
    Optional<EngineContent> next = next(served, life);
    if (next.isEmpty()) {
      restore(life);
    } else {
      life.gave(next.get());
    }
    return next.orElse(null);
  }

  /// What is on probation goes for a single fault. What is good goes for many, if there is
  /// something to fall back to: the day may have come of which nobody knew that it would fail on
  /// it.
  ///
  /// @return whether the engine is to have something else
  private boolean tookBack(EngineLife life, EngineContent content, String how) {
    List<EngineLife> all = lives.of(life.engine());
    List<EngineLife> tried = all.stream().filter(each -> each.isTried(content)).toList();
    tried.forEach(each -> takeBack(each, true, "the engine failed: " + how));
    if (!tried.isEmpty() || !life.isWornBy(content, time.nanos())) {
      return !tried.isEmpty();
    }
    String reason =
        "the engine failed %d times within %d min: %s"
            .formatted(EngineLife.MOST_FAULTS, EngineLife.WEARING.toMinutes(), how);
    return all.stream()
        .filter(each -> each.life().before().isPresent())
        .findFirst()
        .flatMap(each -> takeBack(each, false, reason))
        .isPresent();
  }
}
