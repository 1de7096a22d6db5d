package redoubt.fleet.rollout;

/// How a host behaves by nature: those of one class are compared with each other only.
public enum DeviceClass {
  SERVER(0),
  WORKSTATION(1),
  LAPTOP(2);

  private final int number;

  DeviceClass(int number) {
    this.number = number;
  }

  /// Its place in the order, from 0.
  public int number() {
    return number;
  }
}
