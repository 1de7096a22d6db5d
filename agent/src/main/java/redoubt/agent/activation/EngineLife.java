package redoubt.agent.activation;

import java.io.IOException;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;
import redoubt.agent.engine.EngineContent;
import redoubt.core.content.BundleFile;
import redoubt.core.content.ContentException;
import redoubt.core.content.life.Life;
import redoubt.core.content.life.LifeStore;
import redoubt.core.content.life.Release;
import redoubt.core.linux.Descriptors;
import redoubt.core.linux.SealedMemory;
import redoubt.core.model.EngineId;
import redoubt.core.wire.BundleManifest;
import redoubt.core.wire.BundleManifest.Role;

/// One engine's life while the agent runs: what is on disk, and what is in memory of it.
/// Thread-safe.
final class EngineLife {
  private final EngineId engine;
  private final LifeStore store;
  private Life life;
  private final Life.Plan plan;

  /// What the engine was last given; its memory is let go when it has something else.
  private @Nullable EngineContent given;

  /// What the engine is about to have.
  private @Nullable EngineContent coming;

  private @Nullable Probation probation;

  /// @param plan what was done at this start of the agent
  EngineLife(EngineId engine, LifeStore store, Life life, Life.Plan plan) {
    this.engine = engine;
    this.store = store;
    this.life = life;
    this.plan = plan;
  }

  EngineId engine() {
    return engine;
  }

  Life.Plan plan() {
    return plan;
  }

  synchronized Life life() {
    return life;
  }

  synchronized Optional<Probation> probation() {
    return Optional.ofNullable(probation);
  }

  synchronized void watch(@Nullable Probation begun) {
    probation = begun;
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
      } catch (ContentException | IOException e) {
        problems.add(String.valueOf(e.getMessage()));
        life = life.lost(active);
        try {
          store.write(life);
        } catch (IOException unwritten) {
          problems.add(String.valueOf(unwritten.getMessage()));
        }
      }
    }
    return Optional.empty();
  }

  /// The engine is to have the candidate's content.
  synchronized void gives(EngineContent content) {
    coming = content;
  }

  /// The engine has the candidate's content, unless that has been taken back meanwhile.
  synchronized void gave(Release release, EngineContent content) {
    if (isActive(release)) {
      gave(content);
    } else {
      letGo(content);
    }
  }

  /// The engine does not have the candidate's content.
  synchronized void letGo(EngineContent content) {
    coming = null;
    Descriptors.close(content.descriptor());
  }

  /// The engine has something else now: what it had before is let go.
  synchronized void gave(@Nullable EngineContent content) {
    EngineContent before = given;
    given = content;
    coming = null;
    if (before != null && !before.equals(content)) {
      Descriptors.close(before.descriptor());
    }
  }

  /// Whether that is what the engine was last given, or is about to have.
  synchronized boolean has(EngineContent content) {
    return content.equals(given) || content.equals(coming);
  }

  private boolean isActive(Release release) {
    return life.active().filter(release::equals).isPresent();
  }

  /// Whether what is in force is on probation.
  synchronized boolean isOnProbation() {
    return life.candidate().filter(on -> on.stage() == Life.Stage.PROBATION).isPresent();
  }

  /// Takes back what is in force.
  ///
  /// @param onProbation whether only what is on probation is meant
  /// @return what has been taken back; empty if there is nothing, or nothing to fall back to
  /// @throws IOException if that is not on disk; then nothing has changed
  synchronized Optional<Release> takeBack(boolean onProbation, String reason, Instant now)
      throws IOException {
    Optional<Release> bad = life.active();
    if (!isOnProbation() && (onProbation || life.before().isEmpty())) {
      return Optional.empty();
    }
    change(was -> was.rolledBack(reason, now));
    probation = null;
    tidy();
    return bad;
  }

  /// Puts the content of a bundle where an engine can have it.
  static EngineContent sealed(BundleFile bundle) throws IOException, ContentException {
    BundleManifest manifest = bundle.manifest();
    BundleManifest.File content = manifest.file(Role.CONTENT);
    try (SealedMemory memory = SealedMemory.create("redoubt-content")) {
      bundle.copyContentTo(memory);
      return new EngineContent(
          manifest.name(),
          manifest.vendor() + "-" + manifest.version(),
          "owner's word",
          content.sha256(),
          content.sizeBytes(),
          memory.seal());
    }
  }
}
