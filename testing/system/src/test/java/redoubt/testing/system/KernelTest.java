package redoubt.testing.system;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/// `redoubt kernel` on the kernel that runs these tests.
class KernelTest {
  private static final int FOUND = 1;
  private static final JsonMapper JSON = new JsonMapper();

  @Test
  void anEbpfProgramIsListedWithWhoHoldsItUntilItIsGone() throws Exception {
    String name = "redoubt_system";
    Path program = Programs.path("ebpf");
    Process holder = new ProcessBuilder(program.toString(), name).start();
    try (BufferedReader output = holder.inputReader()) {
      assertEquals("ready", output.readLine());
      Outcome outcome = Outcome.of(Distribution.frontDoor(), "kernel", "--json");
      assertEquals(FOUND, outcome.status(), outcome::toString);
      JsonNode listed = find(outcome, name).orElseThrow(() -> new AssertionError(outcome));
      assertEquals("socket_filter", listed.path("type").asText());
      assertEquals("root", listed.path("user").asText());
      assertEquals(holder.pid(), listed.at("/holders/0/pid").asLong());
      assertEquals(program.toString(), listed.at("/holders/0/executable").asText());
      assertEquals("", listed.at("/holders/0/package").asText());
      assertTrue(listed.path("loadedMillis").asLong() > System.currentTimeMillis() - 120_000);

      String text = Outcome.of(Distribution.frontDoor(), "kernel").output();
      assertTrue(text.contains(name) && text.contains("(pid " + holder.pid() + ")"), text);
      assertTrue(text.strip().lines().toList().getLast().contains("eBPF program"), text);
    } finally {
      holder.destroyForcibly().waitFor();
    }
    assertEquals(
        Optional.empty(), find(Outcome.of(Distribution.frontDoor(), "kernel", "--json"), name));
  }

  /// User 0 without any capability may look at no more than others may.
  @Test
  void withoutPrivilegeTheRestIsShownAndTheGapIsSaid() {
    Outcome outcome =
        Outcome.of(
            "setpriv",
            "--bounding-set=-all",
            "--inh-caps=-all",
            Distribution.frontDoor(),
            "kernel");
    assertTrue(outcome.output().contains("taint "), outcome::toString);
    assertTrue(outcome.output().contains("does not let this process list"), outcome::toString);
    assertTrue(outcome.output().contains("not everything could be looked at"), outcome::toString);
  }

  private static Optional<JsonNode> find(Outcome outcome, String name) throws IOException {
    for (JsonNode program : JSON.readTree(outcome.output()).at("/programs/list")) {
      if (program.path("name").asText().equals(name)) {
        return Optional.of(program);
      }
    }
    return Optional.empty();
  }
}
