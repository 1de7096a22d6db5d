package redoubt.testing.system;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/// fapolicyd #380: a mount that appears stops the daemon that has to mark it, and with it the host.
/// Here with an agent that covers all that is mounted, and a real autofs mount.
class MountBugReportsTest {
  private static final Duration COVER_LIMIT = Duration.ofSeconds(5);
  private static final Duration AT_ONCE = Duration.ofSeconds(2);
  private static final int MOUNTS = 40;

  private static IsolatedHost host;

  @BeforeAll
  static void startHost() throws Exception {
    host = IsolatedHost.start();
  }

  @AfterAll
  static void stopHost() throws Exception {
    host.close();
  }

  /// A server inside, which ends with its standard input.
  private record Server(Process process, BufferedReader output, OutputStream input)
      implements AutoCloseable {
    static Server start(String... command) throws IOException {
      Process process = host.start(command);
      Server server = new Server(process, process.inputReader(), process.getOutputStream());
      assertEquals("mounted", server.output.readLine());
      return server;
    }

    void tell(String words) throws IOException {
      input.write((words + "\n").getBytes(StandardCharsets.US_ASCII));
      input.flush();
      assertEquals("ok", output.readLine());
    }

    /// The program that `nsenter` has started.
    long pid() {
      return programOf(process);
    }

    @Override
    public void close() {
      process.destroyForcibly();
      process.onExit().join();
    }
  }

  private static void shell(String script) {
    host.run("sh", "-c", script).requireSuccess();
  }

  private static void requireUsableHost() throws Exception {
    assertTrue(host.run("/specimens/good").ran());
    assertTrue(host.run("/specimens/bad").denied());
  }

  /// New file systems are still covered: whoever follows the mounts does not stand still.
  private static void requireThatNewMountsAreCovered(String place) throws Exception {
    shell("mkdir -p " + place + " && mount -t tmpfs new " + place + " && cp /specimens/* " + place);
    Await.until("denial", COVER_LIMIT, () -> host.run(place + "/bad").denied());
    assertTrue(host.run(place + "/good").ran());
    shell("umount " + place);
  }

  @Test
  void whatIsMountedByBeingLookedUpIsJudged() throws Exception {
    shell("mkdir /auto");
    try (Server daemon = Server.start("/programs/automounter", "/auto", "/specimens")) {
      for (int i = 0; i < MOUNTS; i++) {
        String name = "/auto/n" + i;
        long begun = System.nanoTime();
        Outcome bad = host.run(name + "/bad");
        Outcome good = host.run(name + "/good");
        Duration took = Duration.ofNanos(System.nanoTime() - begun);
        assertTrue(bad.denied(), bad::toString);
        assertTrue(good.ran(), good::toString);
        assertTrue(took.compareTo(AT_ONCE) < 0, "took=" + took);
        assertEquals("n" + i, daemon.output().readLine());
        if (i % 2 == 0) {
          shell("umount " + name + " || umount -l " + name);
        }
      }
      requireThatNewMountsAreCovered("/mnt/after-automount");
    }
    shell("umount -l /auto");
  }

  @Test
  void aDaemonThatDoesNotMountHoldsUpWhoLooksAndNobodyElse() throws Exception {
    shell("mkdir /stuck");
    try (Server daemon = Server.start("/programs/automounter", "/stuck", "/specimens")) {
      Outcome.of("kill", "-STOP", daemon.pid()).requireSuccess();
      Process looking = host.start("/stuck/n/good");
      Await.until("somebody who waits", AT_ONCE, () -> isIn(looking, "autofs"));
      requireUsableHost();
      requireThatNewMountsAreCovered("/mnt/beside-automount");
      assertTrue(looking.isAlive());
      Outcome.of("kill", "-CONT", daemon.pid()).requireSuccess();
      Await.until("the end of who waited", AT_ONCE, () -> !looking.isAlive());
      assertEquals(0, looking.exitValue());
    }
    shell("umount -l /stuck");
  }

  private static long programOf(Process nsenter) {
    return nsenter.children().findFirst().map(ProcessHandle::pid).orElse(0L);
  }

  private static boolean isIn(Process nsenter, String part) {
    return Outcome.of("cat", "/proc/" + programOf(nsenter) + "/stack").output().contains(part);
  }

  /// Mounted beside everything else, from the first request on; and what is mounted below it too.
  @Test
  void aFileSystemThatNeverAnswersIsNotCoveredAndStopsNoOther() throws Exception {
    shell("mkdir /fuse");
    try (Server server = Server.start("/programs/fuseserver", "/fuse", "/specimens/bad")) {
      server.tell("hold all");
      Process hanging = host.start("/fuse/bad");
      assertEquals("held all", server.output().readLine());
      requireUsableHost();
      requireThatNewMountsAreCovered("/mnt/beside-fuse");
      boolean told = false;
      for (JsonNode found : host.status().path("coverage")) {
        told |= found.path("type").asText().equals("fuse") && !found.path("covered").asBoolean();
      }
      assertTrue(told, "status does not say that it is not covered");
      assertTrue(hanging.isAlive());
      hanging.destroyForcibly();
    }
    shell("umount -l /fuse");
  }

  @Test
  void mountsThatComeAndGoWhileProgramsStartHoldUpNobody() throws Exception {
    Outcome outcome =
        host.run(
            "sh",
            "-c",
            """
            mkdir -p /mnt/churn && turn=0
            while [ $turn -lt 60 ]; do
              mount -t tmpfs new /mnt/churn && cp /specimens/good /mnt/churn && /mnt/churn/good || exit 1
              umount /mnt/churn 2>/dev/null || umount -l /mnt/churn || exit 1
              turn=$((turn + 1))
            done
            """);
    assertEquals(0, outcome.status(), outcome::toString);
    assertEquals(60, outcome.output().lines().filter(Specimen.GREETING::equals).count());
    requireThatNewMountsAreCovered("/mnt/after-churn");
    requireUsableHost();
  }
}
