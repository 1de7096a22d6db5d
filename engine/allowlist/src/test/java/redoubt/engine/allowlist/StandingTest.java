package redoubt.engine.allowlist;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import redoubt.core.model.PackageState;
import redoubt.core.model.Provenance;

/// How files stand, by where they come from.
final class StandingTest {
  private static Provenance provenance(
      boolean rootWritten, boolean rootOnly, PackageState state, String trust, String manager) {
    return new Provenance(
        rootWritten,
        rootOnly,
        state == PackageState.NONE ? "" : "tool",
        state,
        trust,
        manager,
        0,
        false);
  }

  private static Standing standing(Provenance provenance) {
    return Standing.of(provenance);
  }

  @Test
  void whatAPackageBroughtRunsWhereOnlyRootCanHavePutIt() {
    assertEquals(
        Standing.PACKAGED, standing(provenance(true, true, PackageState.AS_SHIPPED, "", "")));
    assertEquals(
        Standing.PACKAGED, standing(provenance(true, true, PackageState.UNVERIFIED, "", "")));
    assertEquals(
        Standing.UNGUARDED, standing(provenance(true, false, PackageState.AS_SHIPPED, "", "")));
    assertEquals(Standing.CHANGED, standing(provenance(true, true, PackageState.CHANGED, "", "")));
  }

  @Test
  void whatTheOwnerTrustsRunsAnywhere() {
    assertEquals(Standing.TRUSTED, standing(provenance(false, false, PackageState.NONE, "t1", "")));
    assertEquals(
        Standing.TRUSTED, standing(provenance(true, true, PackageState.CHANGED, "t1", "")));
  }

  @Test
  void whatIsInstalledJustNowRunsIfItIsRoots() {
    String dpkg = "/usr/bin/dpkg";
    assertEquals(
        Standing.INSTALLING, standing(provenance(true, true, PackageState.NONE, "", dpkg)));
    assertEquals(
        Standing.INSTALLING, standing(provenance(true, true, PackageState.CHANGED, "", dpkg)));
    assertEquals(
        Standing.INSTALLING, standing(provenance(true, false, PackageState.NONE, "", dpkg)));
    assertEquals(
        Standing.UNGUARDED, standing(provenance(false, false, PackageState.NONE, "", dpkg)));
  }

  @Test
  void anythingElseDoesNotRun() {
    assertEquals(Standing.UNKNOWN, standing(provenance(true, true, PackageState.NONE, "", "")));
    assertEquals(Standing.UNGUARDED, standing(provenance(true, false, PackageState.NONE, "", "")));
  }

  /// Of all there is, only what has one of the three reasons runs, and each has its own words.
  @Test
  void nothingRunsWithoutAReason() {
    Set<String> reasons = new TreeSet<>();
    for (int bits = 0; bits < 16; bits++) {
      for (PackageState state : PackageState.values()) {
        boolean rootOnly = (bits & 1) != 0;
        boolean rootWritten = rootOnly || (bits & 2) != 0;
        String trust = (bits & 4) == 0 ? "" : "t1";
        String manager = (bits & 8) == 0 ? "" : "/usr/bin/dpkg";
        Provenance provenance = provenance(rootWritten, rootOnly, state, trust, manager);
        Standing standing = Standing.of(provenance);
        reasons.add(standing.reason(provenance));
        boolean packaged = state == PackageState.AS_SHIPPED || state == PackageState.UNVERIFIED;
        boolean expected =
            !trust.isEmpty() || (rootOnly && packaged) || (rootWritten && !manager.isEmpty());
        assertEquals(expected, standing.mayRun(), provenance.toString());
      }
    }
    assertEquals(7, reasons.size(), reasons.toString());
    assertTrue(Standing.TRUSTED.mayRun());
    assertFalse(Standing.UNKNOWN.mayRun());
  }
}
