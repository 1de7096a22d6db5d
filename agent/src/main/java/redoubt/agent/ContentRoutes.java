package redoubt.agent;

import java.io.IOException;
import redoubt.agent.activation.ContentIntake;
import redoubt.agent.activation.Offer;
import redoubt.agent.activation.RefusedException;
import redoubt.core.content.BundleFile;
import redoubt.core.content.ContentException;
import redoubt.core.content.PlatformRelease;
import redoubt.core.content.life.Life;
import redoubt.core.content.life.Release;
import redoubt.core.model.EngineId;

/// Hands bundles of the platform itself to one desk and those of engines to the other.
record ContentRoutes(ContentIntake engines, ContentIntake platform) implements ContentIntake {
  private ContentIntake of(EngineId engine) {
    return engine.equals(PlatformRelease.ENGINE) ? platform : engines;
  }

  @Override
  public Life life(EngineId engine) {
    return of(engine).life(engine);
  }

  @Override
  public Offer.Taken activate(Offer offer) throws IOException, RefusedException {
    try {
      return of(BundleFile.open(offer.file()).manifest().engine()).activate(offer);
    } catch (ContentException e) {
      throw new RefusedException(e.getMessage());
    }
  }

  @Override
  public Release rollBack(EngineId engine, String reason) throws RefusedException {
    return of(engine).rollBack(engine, reason);
  }
}
