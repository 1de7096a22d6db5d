package redoubt.core.linux;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// The flags by which the kernel notes what it can no longer vouch for, as
/// `/proc/sys/kernel/tainted` has them (`admin-guide/tainted-kernels`). Once set, a flag stays
/// until the next boot.
public enum Taint {
  PROPRIETARY_MODULE(0, 'P', true, "a module under a proprietary licence was loaded"),
  FORCED_MODULE(1, 'F', true, "a module was loaded by force, although made for another kernel"),
  CPU_OUT_OF_SPEC(2, 'S', false, "processor or machine are used outside of their specification"),
  FORCED_RMMOD(3, 'R', false, "a module was removed by force, while it was in use"),
  MACHINE_CHECK(4, 'M', false, "the processor reported a fault of the hardware"),
  BAD_PAGE(5, 'B', false, "a page of memory was found in a state that cannot be"),
  USER(6, 'U', false, "a program asked for this mark"),
  DIE(7, 'D', false, "a part of the kernel has crashed (oops or BUG)"),
  OVERRIDDEN_ACPI_TABLE(8, 'A', false, "a table of the firmware (ACPI) was replaced by another"),
  WARN(9, 'W', false, "the kernel has warned of a fault of its own"),
  CRAP(10, 'C', true, "a driver from staging, of unknown quality, was loaded"),
  FIRMWARE_WORKAROUND(11, 'I', false, "a severe fault of the firmware is worked around"),
  OOT_MODULE(12, 'O', true, "a module from outside of the kernel's tree was loaded"),
  UNSIGNED_MODULE(
      13, 'E', true, "a module without a signature that this kernel accepts was loaded"),
  SOFTLOCKUP(14, 'L', false, "a processor was stuck for many seconds"),
  LIVEPATCH(15, 'K', true, "a live patch has changed the running kernel"),
  AUX(16, 'X', true, "the distributor's mark for modules that others support"),
  RANDSTRUCT(17, 'T', false, "the kernel was built with its structures in an order of its own"),
  TEST(18, 'N', false, "a test inside the kernel has run"),
  FWCTL(19, 'J', false, "a device's firmware was given orders from user mode");

  private final int bit;
  private final char letter;
  private final boolean leftByModules;
  private final String meaning;

  Taint(int bit, char letter, boolean leftByModules, String meaning) {
    this.bit = bit;
    this.letter = letter;
    this.leftByModules = leftByModules;
    this.meaning = meaning;
  }

  /// The letter that the kernel prints for it, also behind a module's name.
  public char letter() {
    return letter;
  }

  /// Whether nothing but a module sets it: if no module that is loaded has it, one was loaded that
  /// is no longer to be seen.
  public boolean isLeftByModules() {
    return leftByModules;
  }

  /// What it says, in words.
  public String meaning() {
    return meaning;
  }

  /// The number of its bit.
  public int bit() {
    return bit;
  }

  /// The flags that are set in a mask, in the order of their bits; bits without a name here, those
  /// of a newer kernel, are left out.
  public static List<Taint> of(long mask) {
    List<Taint> set = new ArrayList<>();
    for (Taint taint : values()) {
      if ((mask & (1L << taint.bit)) != 0) {
        set.add(taint);
      }
    }
    return List.copyOf(set);
  }

  /// Finds the flag that has a letter.
  public static Optional<Taint> find(int letter) {
    for (Taint taint : values()) {
      if (taint.letter == letter) {
        return Optional.of(taint);
      }
    }
    return Optional.empty();
  }
}
