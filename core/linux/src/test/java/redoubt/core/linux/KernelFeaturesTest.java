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
  void anOpenThroughAnOverlayIsSeenBelowItSinceTheProbeCanTell() {
    // whatever the kernel answers, it answers the same each time
    Optional<Boolean> answer = OverlayProbe.lowerEventsReported();
    assertEquals(answer, OverlayProbe.lowerEventsReported());
  }
}
