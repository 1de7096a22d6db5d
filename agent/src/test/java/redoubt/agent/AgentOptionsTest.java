package redoubt.agent;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

/// The agent is started by the launcher, which looks at no option: it has to look for itself.
class AgentOptionsTest {
  @Test
  void theHelloLimitIsTakenWithinItsRange() {
    assertEquals(
        Duration.ofMinutes(2),
        AgentOptions.parse(List.of("--hello-limit-ms", "120000")).helloLimit());
    for (String beyond : List.of("0", "999", "600001", "-5")) {
      IllegalArgumentException refused =
          assertThrows(
              IllegalArgumentException.class,
              () -> AgentOptions.parse(List.of("--hello-limit-ms", beyond)));
      assertTrue(refused.toString().contains("helloLimitMillis=" + beyond), refused::toString);
    }
  }
}
