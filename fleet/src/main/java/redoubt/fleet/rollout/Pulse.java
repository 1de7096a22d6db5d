package redoubt.fleet.rollout;

/// Whether the fleet is heard at all. When far fewer hosts are heard than are there, it is the ear
/// that fails, or everything; either way nothing may be granted.
final class Pulse {
  /// Below this share of the hosts that are there, telemetry counts as down.
  private static final double DOWN = 0.7;

  /// From this share on it is back.
  private static final double BACK = 0.9;

  /// Fewer hosts than these that are not heard are hosts that are gone, and no ear that fails.
  private static final long FEW = 3;

  private final int periodSeconds;
  private int periodBegan;
  private long expected;
  private long heard;
  private long heardBefore;
  private boolean down;

  Pulse(int periodSeconds) {
    this.periodSeconds = periodSeconds;
  }

  void hear(long hosts) {
    heard += hosts;
  }

  /// Looks at the period that has passed, if one has.
  ///
  /// @param online how many hosts are there now
  void look(int nowSeconds, long online) {
    if (nowSeconds - periodBegan < periodSeconds) {
      return;
    }
    // Whoever said goodbye meanwhile need not have been heard; whoever came need not have been yet.
    long there = Math.min(expected, online);
    boolean isFew = there - heard < FEW;
    down = down ? heard == 0 || (heard < BACK * there && !isFew) : heard < DOWN * there && !isFew;
    begin(nowSeconds, online);
  }

  /// Begins to count anew: what was heard before says nothing.
  void begin(int nowSeconds, long online) {
    heardBefore = heard;
    heard = 0;
    expected = online;
    periodBegan = nowSeconds;
  }

  void takeAsDown() {
    down = true;
  }

  void takeAsBack() {
    down = false;
  }

  boolean isDown() {
    return down;
  }

  /// How many were heard in the last whole period.
  long heard() {
    return heardBefore;
  }
}
