package redoubt.agent.rollout;

import java.io.IOException;
import redoubt.agent.activation.ContentIntake;
import redoubt.agent.activation.Offer;
import redoubt.agent.activation.RefusedException;
import redoubt.agent.fleet.UpdateChannel;
import redoubt.core.content.life.Life;
import redoubt.core.content.life.Release;
import redoubt.core.model.EngineId;

/// Where this host's own people hand bundles in: closed where its fleet decides. To take something
/// back, nobody needs the fleet.
///
/// @param intake where the fleet hands them in
public record DirectedIntake(ContentIntake intake, UpdateChannel channel) implements ContentIntake {
  @Override
  public Life life(EngineId engine) {
    return intake.life(engine);
  }

  @Override
  public Offer.Taken activate(Offer offer) throws IOException, RefusedException {
    if (channel.directsUpdates()) {
      throw new RefusedException(
          "its fleet decides what this host activates: to decide here, join with --updates local");
    }
    return intake.activate(offer);
  }

  @Override
  public Release rollBack(EngineId engine, String reason) throws RefusedException {
    return intake.rollBack(engine, reason);
  }
}
