package redoubt.fleet.simulation;

import redoubt.fleet.rollout.Symptom;

/// What is wrong with an update.
///
/// @param reach which hosts it harms
/// @param fuseSeconds how long after the activation it shows
/// @param effect what it does with Redoubt, where an engine is a process outside the kernel
/// @param symptom what a host reports that can
public record Fault(Reach reach, int fuseSeconds, Effect effect, Symptom symptom) {
  /// Nothing is wrong.
  public static final Fault NONE =
      new Fault(new Reach.Share(0), 0, Effect.DEGRADES, Symptom.CRASH_LOOP);

  /// Which hosts a fault harms.
  public sealed interface Reach {
    /// So many of all hosts, by something that no inventory knows.
    ///
    /// @param share 0 to 1
    record Share(double share) implements Reach {}

    /// All hosts of one kind.
    ///
    /// @param kind its number
    record OneKind(int kind) implements Reach {}
  }

  /// What a fault does to a host.
  public enum Effect {
    /// The engine does not stay up; the host falls back to its last known good by itself and says
    /// so.
    FALLS_BACK,
    /// The host works on, badly, and says so; it has to be sent back.
    DEGRADES,
    /// The host is gone: it says nothing, and somebody has to go there.
    DIES
  }

  boolean isNone() {
    return reach instanceof Reach.Share(double share) && share == 0;
  }
}
