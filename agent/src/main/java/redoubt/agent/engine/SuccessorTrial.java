package redoubt.agent.engine;

import java.io.IOException;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import org.jspecify.annotations.Nullable;

/// The second process of an [EngineProcess], on trial. Thread-safe.
final class SuccessorTrial implements EngineTrial {
  private final EngineProcess engine;
  private final EngineRun run;
  private final EngineContent content;
  private final CompletableFuture<EngineRun> ready;

  /// What the one that serves had found when this began.
  private final long foundBefore;

  private final long missedBefore;

  SuccessorTrial(
      EngineProcess engine,
      EngineRun run,
      EngineContent content,
      CompletableFuture<EngineRun> ready) {
    this.engine = engine;
    this.run = run;
    this.content = content;
    this.ready = ready;
    foundBefore = engine.seat().figures().found.get();
    missedBefore = engine.seat().figures().missed.get();
  }

  @Override
  public Optional<String> awaitReady() throws IOException {
    try {
      ready.join();
      return Optional.empty();
    } catch (CompletionException e) {
      EngineEnding how = run.awaitEnding();
      if (how.fault() == EngineEnding.Fault.START) {
        throw new IOException(how.text(), e);
      }
      return Optional.of(how.text());
    }
  }

  @Override
  public Optional<String> ending() {
    return run.phase() == EngineRun.Phase.ENDED
        ? Optional.of(run.awaitEnding().text())
        : Optional.empty();
  }

  @Override
  public boolean isWithdrawn() {
    return run.isStopped();
  }

  @Override
  public Optional<ShadowFigures> figures() {
    @Nullable Shadow shadow = run.shadow();
    return shadow == null
        ? Optional.empty()
        : Optional.of(
            shadow.figures(
                run.usage().residentBytes(),
                Math.max(0, engine.seat().figures().missed.get() - missedBefore),
                Math.max(0, engine.seat().figures().found.get() - foundBefore)));
  }

  @Override
  public void rest() {
    @Nullable Shadow shadow = run.shadow();
    if (shadow != null) {
      shadow.rest();
    }
  }

  @Override
  public boolean isIdle() {
    @Nullable Shadow shadow = run.shadow();
    return shadow != null && shadow.isIdle();
  }

  @Override
  public Optional<String> takeOver() {
    return engine.promote(run, content);
  }

  @Override
  public void end(String reason) {
    engine.dismiss(run, reason);
  }
}
