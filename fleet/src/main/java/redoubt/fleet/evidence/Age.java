package redoubt.fleet.evidence;

/// How long ago a host got the update: treated hosts of one age are compared with those that have
/// not got it.
///
/// Without ages a fault that waits half an hour hides behind the many that have just begun: in
/// simulation 84,000 hosts instead of 269. The first age takes in the restart of whatever got the
/// update: two minutes of it, and the time until a silence in them is noticed.
public enum Age {
  UNDER_4_MIN(0, 0),
  UNDER_10_MIN(1, 240),
  UNDER_20_MIN(2, 600),
  UNDER_40_MIN(3, 1_200),
  UNDER_2_H(4, 2_400),
  UNDER_6_H(5, 7_200),
  OLDER(6, 21_600);

  private static final Age[] ALL = values();

  private final int number;
  private final int fromSeconds;

  Age(int number, int fromSeconds) {
    this.number = number;
    this.fromSeconds = fromSeconds;
  }

  /// Its place in the order, from 0.
  public int number() {
    return number;
  }

  /// Where it begins, in seconds since the activation, inclusive.
  public int fromSeconds() {
    return fromSeconds;
  }

  /// The age of a host that got the update so many seconds ago, 0 or more.
  public static Age of(long secondsSinceActivation) {
    int age = ALL.length - 1;
    while (age > 0 && secondsSinceActivation < ALL[age].fromSeconds) {
      age--;
    }
    return ALL[age];
  }

  /// How many there are.
  public static int count() {
    return ALL.length;
  }
}
