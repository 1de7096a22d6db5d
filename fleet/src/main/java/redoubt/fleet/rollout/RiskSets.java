package redoubt.fleet.rollout;

import java.util.Arrays;
import redoubt.fleet.evidence.Age;

/// How many hosts are watched, by class, with the update by age and without it.
///
/// Ages advance in steps of ten seconds, without a look at any host. Used by the controller and by
/// the simulation of cohorts. Classes go by [DeviceClass#number]; times are seconds since some
/// beginning.
public final class RiskSets {
  private static final int SLOT_SECONDS = 10;
  private static final DeviceClass[] CLASSES = DeviceClass.values();
  private static final Age[] AGES = Age.values();

  private final long[][] treated = new long[CLASSES.length][AGES.length];
  private final long[] control = new long[CLASSES.length];
  private final int[][] bySlot = new int[CLASSES.length][1_024];
  private int slotNow;

  /// Begins with nobody.
  public RiskSets() {}

  /// How many have the update and are of that age.
  public long treated(int deviceClass, Age age) {
    return treated[deviceClass][age.number()];
  }

  /// How many have not got it.
  public long control(int deviceClass) {
    return control[deviceClass];
  }

  /// Adds hosts without it, or takes them out if negative.
  public void addControl(int deviceClass, int hosts) {
    control[deviceClass] += hosts;
  }

  /// Adds hosts that got it at that time, or takes them out if negative.
  public void addTreated(int deviceClass, int grantedAt, int hosts) {
    int slot = grantedAt / SLOT_SECONDS;
    if (slot >= bySlot[deviceClass].length) {
      bySlot[deviceClass] = Arrays.copyOf(bySlot[deviceClass], slot + slot / 2);
    }
    bySlot[deviceClass][slot] += hosts;
    treated[deviceClass][age(grantedAt).number()] += hosts;
  }

  /// The age of who got the update at that time.
  public Age age(int grantedAt) {
    return Age.of((long) Math.max(0, slotNow - grantedAt / SLOT_SECONDS) * SLOT_SECONDS);
  }

  /// Moves those on that have come of age.
  public void advance(int nowSeconds) {
    while ((slotNow + 1) * SLOT_SECONDS <= nowSeconds) {
      slotNow++;
      for (int deviceClass = 0; deviceClass < CLASSES.length; deviceClass++) {
        for (int age = 1; age < AGES.length; age++) {
          int slot = slotNow - AGES[age].fromSeconds() / SLOT_SECONDS;
          if (slot >= 0 && slot < bySlot[deviceClass].length) {
            treated[deviceClass][age - 1] -= bySlot[deviceClass][slot];
            treated[deviceClass][age] += bySlot[deviceClass][slot];
          }
        }
      }
    }
  }
}
