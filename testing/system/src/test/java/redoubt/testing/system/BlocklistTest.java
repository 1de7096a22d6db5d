package redoubt.testing.system;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// `redoubt run --block-addresses` in network namespaces of our own, with the kernel's packet
/// filter.
class BlocklistTest {
  private static final int PORT = 8080;
  private static final int OURS = 9000;

  @TempDir private static Path folder;
  private static TwoHosts hosts;

  @BeforeAll
  static void wire() throws Exception {
    hosts = TwoHosts.make();
    hosts.serve(PORT);
    hosts.serveOnHost(OURS);
  }

  @AfterAll
  static void unwire() throws Exception {
    hosts.close();
  }

  private static Path list(String text) throws IOException {
    return Files.writeString(folder.resolve("list"), text);
  }

  private static RunningAgent agent(ScratchFileSystem scratch, String... options) throws Exception {
    List<String> words = new ArrayList<>(List.of("--filesystem", scratch.root().toString()));
    words.addAll(List.of(options));
    return RunningAgent.startAt(hosts.place(), words);
  }

  @Test
  void aListedAddressIsNotTalkedToWhileTheAgentRuns() throws Exception {
    Path list = list("10.77.0.2 # the other\nfd77::2\n198.51.100.0/24\n");
    try (ScratchFileSystem scratch = ScratchFileSystem.ext4(64);
        RunningAgent agent = agent(scratch, "--block-addresses", list.toString())) {
      assertFalse(hosts.reaches(TwoHosts.OTHER, PORT));
      assertFalse(hosts.reaches(TwoHosts.OTHER6, PORT));
      assertFalse(hosts.isReached(TwoHosts.HOST, OURS));
      assertTrue(hosts.reaches(TwoHosts.FAR_OTHER, PORT), "that address is on no list");
      assertTrue(hosts.reaches(TwoHosts.HOST, OURS), "it can talk to itself");
      // The agent asks for the count every few seconds at most.
      Await.until(
          "packets refused",
          Duration.ofSeconds(20),
          () ->
              hosts
                  .onHost(agent.environment(), Distribution.frontDoor(), "status")
                  .output()
                  .matches("(?s).*blocked +3 addresses and networks, [1-9][0-9]* packets.*"));
      agent.awaitLine(
          "the notice",
          line -> line.raw().contains("BLOCKLIST") && line.raw().contains("addresses=3"));
      // Should nobody be there any more, the kernel lets go.
      Outcome held =
          hosts.onHost(Map.of(), "nft", "list", "set", "inet", "redoubt_blocklist", "blocked4");
      assertTrue(held.output().contains("10.77.0.2 timeout 1d expires 23h"), held::toString);
      agent.stop();
    }
    assertTrue(hosts.reaches(TwoHosts.OTHER, PORT));
    assertTrue(hosts.isReached(TwoHosts.HOST, OURS));
  }

  @Test
  void theOwnersExceptionsWinAndAnEntryEndsByItself() throws Exception {
    Instant end = Instant.now().plusSeconds(25).truncatedTo(ChronoUnit.SECONDS);
    Path list = list("10.77.0.0/24\nfd77::2 " + end + "\n");
    try (ScratchFileSystem scratch = ScratchFileSystem.ext4(64);
        RunningAgent agent =
            agent(
                scratch,
                "--block-addresses",
                list.toString(),
                "--never-block",
                TwoHosts.OTHER + "/32")) {
      assertTrue(hosts.reaches(TwoHosts.OTHER, PORT));
      assertFalse(hosts.reaches(TwoHosts.OTHER6, PORT));
      Await.until("its end", Duration.ofSeconds(40), () -> hosts.reaches(TwoHosts.OTHER6, PORT));
      Outcome status = hosts.onHost(agent.environment(), Distribution.frontDoor(), "status");
      assertTrue(status.output().contains(" addresses and networks, "), status::toString);
    }
  }

  @Test
  void aListWithABadLineKeepsTheAgentFromStarting() throws Exception {
    Path list = list("10.77.0.2\nexample.org\n");
    try (ScratchFileSystem scratch = ScratchFileSystem.ext4(64)) {
      Map<String, String> here =
          Map.of(
              "REDOUBT_STATE_DIR", folder.resolve("state").toString(),
              "REDOUBT_RUN_DIR", folder.resolve("run").toString(),
              "REDOUBT_CONFIG_DIR", folder.resolve("config").toString());
      Outcome outcome =
          hosts.onHost(
              here,
              "timeout",
              "-s",
              "KILL",
              "60",
              Distribution.frontDoor(),
              "run",
              "--filesystem",
              scratch.root(),
              "--block-addresses",
              list);
      assertEquals(78, outcome.status(), outcome::toString);
      assertTrue(outcome.output().contains("line=2"), outcome::toString);
      assertTrue(hosts.reaches(TwoHosts.OTHER, PORT));
    }
  }
}
