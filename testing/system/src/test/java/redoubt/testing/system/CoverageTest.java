package redoubt.testing.system;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/// An agent that covers all local file systems goes on covering those that appear after its start,
/// in its own mount namespace and in others.
class CoverageTest {
  /// From a mount to the mark.
  private static final Duration COVER_LIMIT = Duration.ofSeconds(5);

  /// Mounts a new file system in a new namespace, puts a good and a bad program there and tries the
  /// bad one until it is refused, for five seconds at most.
  private static final String IN_NEW_NAMESPACE =
      """
      mkdir -p /mnt/other && mount -t tmpfs other /mnt/other && cp /specimens/* /mnt/other
      turn=0
      while /mnt/other/bad >/dev/null 2>&1; do
        turn=$((turn + 1))
        [ $turn -lt 100 ] || exit 1
        sleep 0.05
      done
      /mnt/other/bad
      /mnt/other/good
      """;

  private static IsolatedHost host;

  @BeforeAll
  static void startHost() throws Exception {
    host = IsolatedHost.start();
  }

  @AfterAll
  static void stopHost() throws Exception {
    host.close();
  }

  @Test
  void whatIsMountedAtTheStartIsCovered() throws Exception {
    assertTrue(host.run("/specimens/bad").denied());
    assertTrue(host.run("/specimens/good").ran());
    List<String> covered = new ArrayList<>();
    for (JsonNode found : host.status().path("coverage")) {
      assertTrue(found.path("covered").asBoolean(), found::toString);
      covered.add(found.path("mountPoint").asText() + " " + found.path("type").asText());
    }
    assertTrue(covered.contains("/ ext4"), covered::toString);
  }

  @Test
  void whatIsMountedLaterIsCoveredEvenUnderAnEarlierDeviceNumber() throws Exception {
    shell("mkdir -p /mnt/new && mount -t tmpfs new /mnt/new && cp /specimens/* /mnt/new");
    awaitDenial("/mnt/new/bad");
    assertTrue(host.run("/mnt/new/good").ran());
    for (int i = 0; i < 5; i++) {
      shell("umount /mnt/new && mount -t tmpfs new /mnt/new && cp /specimens/* /mnt/new");
      awaitDenial("/mnt/new/bad");
    }
    shell("umount /mnt/new");
  }

  @Test
  void whatIsMountedInANewNamespaceIsCoveredAlsoAfterManyThatEndedAtOnce() throws Exception {
    assertCoveredInANewNamespace();
    shell("turn=0; while [ $turn -lt 200 ]; do unshare -m true; turn=$((turn + 1)); done");
    assertCoveredInANewNamespace();
  }

  private static void assertCoveredInANewNamespace() {
    Outcome outcome = host.run("unshare", "--mount", "sh", "-c", IN_NEW_NAMESPACE);
    assertEquals(
        "sh: 11: /mnt/other/bad: Operation not permitted\n" + Specimen.GREETING + "\n",
        outcome.output().replaceAll("sh: \\d+", "sh: 11"));
  }

  private static void awaitDenial(String program) throws Exception {
    Await.until("denial of " + program, COVER_LIMIT, () -> host.run(program).denied());
  }

  private static void shell(String script) {
    host.run("sh", "-c", script).requireSuccess();
  }
}
