package redoubt.fleet.rollout;

/// What a rollout has come to.
///
/// @param running whether leases are granted, if nothing else is in the way
/// @param frozen whether there is no telemetry
/// @param rollingBack whether hosts are sent back
/// @param ring the last ring that is open
/// @param exposed how many hosts have had a lease
/// @param healthy how many of these are confirmed and well
/// @param online how many hosts are there
/// @param evidence the strongest that there is against the bundle
public record RolloutStatus(
    boolean running,
    boolean frozen,
    boolean rollingBack,
    int ring,
    long exposed,
    long healthy,
    long online,
    RolloutCommand.Evidence evidence) {
  static RolloutStatus of(
      boolean running,
      boolean rollingBack,
      long online,
      Pulse pulse,
      RingProgress rings,
      FlowControl flow,
      RolloutCommand.Evidence evidence) {
    return new RolloutStatus(
        running,
        pulse.isDown(),
        rollingBack,
        rings.open(),
        flow.exposed(),
        flow.healthy(),
        online,
        evidence);
  }
}
