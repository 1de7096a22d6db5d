package redoubt.agent.rollout;

import java.util.Optional;
import redoubt.core.content.life.Life;
import redoubt.core.model.Sha256;
import redoubt.core.wire.BundleName;
import redoubt.core.wire.HostMessage;

/// How far a bundle is that there was a lease for. Immutable.
///
/// @param lease the counter of the lease
/// @param step what was told of it last; nothing if it has not come into force yet
record Progress(BundleName bundle, long lease, Optional<HostMessage.Step> step) {
  /// How it stands now.
  ///
  /// @param step nothing if there is nothing to tell
  /// @param reason why, for people
  record Now(Optional<HostMessage.Step> step, String reason) {
    private static Now of(HostMessage.Step step, String reason) {
      return new Now(Optional.of(step), reason);
    }
  }

  /// @param life that of the bundle's engine
  Now in(Life life) {
    Sha256 digest = bundle.sha256();
    Optional<Life.Refusal> refusal = life.refusalOf(digest);
    if (refusal.isPresent()) {
      return Now.of(HostMessage.Step.ROLLED_BACK, refusal.get().reason());
    }
    if (life.active().filter(active -> active.digest().equals(digest)).isPresent()) {
      return life.onProbation().isPresent()
          ? Now.of(HostMessage.Step.STARTED, "")
          : Now.of(HostMessage.Step.CONFIRMED, "");
    }
    boolean isOnItsWay =
        life.candidate().filter(on -> on.release().digest().equals(digest)).isPresent();
    return isOnItsWay || step.isPresent()
        ? new Now(step, "") // Something newer may have taken its place, which Running tells.
        : Now.of(HostMessage.Step.ROLLED_BACK, "it was given up on this host");
  }

  Progress with(Optional<HostMessage.Step> told) {
    return new Progress(bundle, lease, told);
  }

  HostMessage.Activation message(HostMessage.Step now, String reason) {
    return new HostMessage.Activation(bundle, lease, now, reason);
  }
}
