package redoubt.testing.system;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// `redoubt isolate` in network namespaces of our own, with the kernel's packet filter.
class IsolationTest {
  private static final int NAMED = 8443;
  private static final int UNNAMED = 8080;
  private static final int OURS = 2222;
  private static final int OURS_UNNAMED = 9000;

  @TempDir private static Path folder;
  private static TwoHosts hosts;

  @BeforeAll
  static void wire() throws Exception {
    hosts = TwoHosts.make();
    hosts.serve(NAMED);
    hosts.serve(UNNAMED);
    hosts.serveOnHost(OURS);
    hosts.serveOnHost(OURS_UNNAMED);
  }

  @AfterAll
  static void unwire() throws Exception {
    hosts.close();
  }

  @AfterEach
  void free() {
    isolate("off").requireSuccess();
    assertTrue(hosts.reaches(TwoHosts.OTHER, UNNAMED));
  }

  private static Outcome isolate(Object... words) {
    Object[] command = new Object[words.length + 1];
    command[0] = "isolate";
    System.arraycopy(words, 0, command, 1, words.length);
    return hosts.redoubt(folder, command);
  }

  @Test
  void anIsolatedHostTalksToWhomItsOwnerNamesAndNobodyElse() {
    assertTrue(hosts.reaches(TwoHosts.OTHER, UNNAMED));
    assertEquals(1, isolate("status").status());
    isolate(
            "on",
            "--to",
            TwoHosts.OTHER + ":" + NAMED,
            "--to",
            "[" + TwoHosts.OTHER6 + "]:" + NAMED,
            "--from",
            TwoHosts.OTHER + ":" + OURS)
        .requireSuccess();

    assertTrue(hosts.reaches(TwoHosts.OTHER, NAMED));
    assertTrue(hosts.reaches(TwoHosts.OTHER6, NAMED));
    assertFalse(hosts.reaches(TwoHosts.OTHER, UNNAMED));
    assertFalse(hosts.reaches(TwoHosts.OTHER6, UNNAMED));
    assertTrue(hosts.isReached(TwoHosts.HOST, OURS));
    assertFalse(hosts.isReached(TwoHosts.HOST, OURS_UNNAMED));
    assertFalse(hosts.isReached(TwoHosts.HOST6, OURS), "only that address may come");
    assertTrue(hosts.reaches(TwoHosts.HOST, OURS_UNNAMED), "it can talk to itself");
    Outcome status = isolate("status");
    assertEquals(0, status.status(), status::toString);
    assertTrue(status.output().contains("isolated for another 3 h 59 min"), status::toString);
    assertFalse(status.output().contains(" 0 packets"), status::toString);
  }

  /// Neither an agent nor a command has to be there.
  @Test
  void theKernelEndsIt() throws Exception {
    isolate("on", "--for", "6s").requireSuccess();
    assertFalse(hosts.reaches(TwoHosts.OTHER, UNNAMED));
    Await.until("its end", Duration.ofSeconds(15), () -> hosts.reaches(TwoHosts.OTHER, UNNAMED));
    assertTrue(hosts.isReached(TwoHosts.HOST, OURS_UNNAMED));
    assertEquals(1, isolate("status").status());
  }

  @Test
  void anotherIsolationTakesThePlaceOfTheFirst() {
    isolate("on", "--to", TwoHosts.OTHER + ":" + NAMED).requireSuccess();
    isolate("on", "--to", TwoHosts.OTHER + ":" + UNNAMED, "--for", "1h").requireSuccess();
    assertFalse(hosts.reaches(TwoHosts.OTHER, NAMED));
    assertTrue(hosts.reaches(TwoHosts.OTHER, UNNAMED));
  }

  @Test
  void whatMeansNothingChangesNothing() {
    for (List<String> words :
        List.of(
            List.of("on", "--for", "1s"),
            List.of("on", "--for", "30d"),
            List.of("on", "--to", "nonsense"))) {
      assertEquals(2, isolate(words.toArray()).status(), words::toString);
    }
    assertTrue(hosts.reaches(TwoHosts.OTHER, UNNAMED));
  }

  @Test
  void aHostThatIsFreedByRescueIsOnTheNetworkAgain() {
    isolate("on").requireSuccess();
    assertFalse(hosts.reaches(TwoHosts.OTHER, UNNAMED));
    Outcome rescue = hosts.redoubt(folder, "rescue", "off");
    rescue.requireSuccess();
    assertTrue(rescue.output().contains("on the network again"), rescue::toString);
    assertTrue(hosts.reaches(TwoHosts.OTHER, UNNAMED));
    hosts.redoubt(folder, "rescue", "on").requireSuccess();
  }

  @Test
  void anAgentDoesItAndTheJournalSaysSo() throws Exception {
    try (ScratchFileSystem scratch = ScratchFileSystem.ext4(64);
        RunningAgent agent =
            RunningAgent.startAt(
                hosts.place(), List.of("--filesystem", scratch.root().toString()))) {
      // From there, so that a command that finds no agent does not isolate the host of the tests.
      Path command = Distribution.frontDoor();
      Map<String, String> here = agent.environment();
      hosts
          .onHost(
              here, command, "isolate", "on", "--for", "20s", "--to", TwoHosts.OTHER + ":" + NAMED)
          .requireSuccess();
      agent.awaitLine(
          "the notice",
          line -> line.raw().contains("ISOLATION") && line.raw().contains("10.77.0.2:8443"));
      assertFalse(hosts.reaches(TwoHosts.OTHER, UNNAMED));
      assertTrue(hosts.reaches(TwoHosts.OTHER, NAMED));
      hosts.onHost(here, command, "isolate", "off").requireSuccess();
      assertTrue(hosts.reaches(TwoHosts.OTHER, UNNAMED));

      // The agent's end changes nothing, and the time goes on.
      hosts.onHost(here, command, "isolate", "on", "--for", "8s").requireSuccess();
      agent.stop();
      assertFalse(hosts.reaches(TwoHosts.OTHER, UNNAMED));
      Await.until("its end", Duration.ofSeconds(20), () -> hosts.reaches(TwoHosts.OTHER, UNNAMED));
    }
  }
}
