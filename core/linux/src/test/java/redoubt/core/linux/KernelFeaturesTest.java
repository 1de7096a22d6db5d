package redoubt.core.linux;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Optional;
import org.junit.jupiter.api.Test;

class KernelFeaturesTest {
  @Test
  void aProbeAnswersAndLeavesNothingOpen() {
    KernelFeatures first = KernelFeatures.probe();
    int before = Descriptors.openReadOnly("/dev/null");
    assertEquals(first, KernelFeatures.probe());
    int after = Descriptors.openReadOnly("/dev/null");
    assertEquals(before + 1, after);
    Descriptors.close(before);
    Descriptors.close(after);
    assertFalse(first.release().isEmpty());
    assertTrue(first.permissionEvents(), first::toString);
    first.landlockAbi().ifPresent(abi -> assertTrue(abi > 0));
  }

  @Test
  void bothWaysToProbeAnOverlayAgreeAndLeaveNoMount() {
    Optional<Boolean> answer = OverlayProbe.probeInNamespace();
    assertTrue(answer.isPresent());
    OverlayProbe.probeDetached().ifPresent(other -> assertEquals(answer.get(), other));
    assertEquals(answer, OverlayProbe.lowerEventsReported());
    assertTrue(
        Mounts.read("/proc/self/mountinfo").stream()
            .noneMatch(mount -> mount.source().equals("redoubt")));
  }

  @Test
  void withoutPrivilegeEveryAnswerIsNoAndNothingFails() throws Exception {
    try (Child child = Child.startUnprivileged("features")) {
      String answer = child.readLine();
      assertTrue(answer.contains("permissionEvents=false"), answer);
      assertTrue(answer.contains("overlayLowerEvents=Optional.empty"), answer);
      assertTrue(answer.contains("processInfo=true"), answer);
      assertEquals(0, child.exitStatus(10_000));
    }
  }
}
