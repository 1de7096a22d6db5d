package redoubt.agent;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;
import redoubt.agent.journal.HostFacts;

class HostFactsReaderTest {
  @Test
  void factsAreWhatTheHostSaysItself() throws Exception {
    HostFacts facts = HostFactsReader.read(1);
    assertEquals(output("uname", "-n"), facts.hostname());
    assertEquals(output("uname", "-r"), facts.kernelRelease());
    assertEquals(output("cat", "/proc/sys/kernel/random/boot_id"), facts.bootId());
  }

  private static String output(String... command) throws IOException {
    byte[] bytes = new ProcessBuilder(command).start().getInputStream().readAllBytes();
    return new String(bytes, StandardCharsets.UTF_8).strip();
  }
}
