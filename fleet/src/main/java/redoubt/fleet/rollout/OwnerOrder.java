package redoubt.fleet.rollout;

/// What the owner can order at any time.
public sealed interface OwnerOrder {
  /// Begin: draws the rings among the hosts enrolled so far.
  record Start() implements OwnerOrder {}

  /// Grant no more.
  record Halt() implements OwnerOrder {}

  /// Go on after a halt or a freeze. The evidence so far is set aside: the owner has judged it.
  record Resume() implements OwnerOrder {}

  /// Halt, and take it back from every host that has it.
  record RollBack() implements OwnerOrder {}

  /// Nothing of this vendor is activated any more; [Resume] does not lift it.
  ///
  /// @param vendor whose
  record KillVendor(String vendor) implements OwnerOrder {}

  /// Lifts [KillVendor]; the rollout stays halted until it is resumed.
  ///
  /// @param vendor whose
  record ReviveVendor(String vendor) implements OwnerOrder {}

  /// Leave this host as it is, whatever happens.
  record Pin(int host) implements OwnerOrder {}

  /// Lifts [Pin].
  record Unpin(int host) implements OwnerOrder {}

  /// From now on this is what hosts mean by a number of a window. Hosts that have begun to activate
  /// go on.
  ///
  /// @param number 0 to 126
  record SetWindow(int number, MaintenanceWindow window) implements OwnerOrder {
    /// The most windows.
    public static final int MOST = Byte.MAX_VALUE;

    public SetWindow {
      if (number < 0 || number >= MOST) {
        throw new IllegalArgumentException("no number of a window: number=" + number);
      }
    }
  }
}
