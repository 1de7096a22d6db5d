package redoubt.fleet.rollout;

/// What the inventory knows of a host that a rollout goes by.
///
/// @param deviceClass how it behaves
/// @param kind its hardware and system, as a number below 65,536
/// @param site where it stands, as a number below 65,536
/// @param labels the owner's labels, one bit each
/// @param maintenanceWindow which of the windows it keeps, from 0 to 126, or -1 for none
public record HostTraits(
    DeviceClass deviceClass, int kind, int site, long labels, int maintenanceWindow) {
  private static final int MOST = 0xFFFF;

  public HostTraits {
    if (kind < 0 || kind > MOST || site < 0 || site > MOST) {
      throw new IllegalArgumentException("number out of range: kind=" + kind + " site=" + site);
    }
    if (maintenanceWindow < -1 || maintenanceWindow >= Byte.MAX_VALUE) {
      throw new IllegalArgumentException("no such window: number=" + maintenanceWindow);
    }
  }
}
