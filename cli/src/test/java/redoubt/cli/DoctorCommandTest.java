package redoubt.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import redoubt.core.model.PlatformNotice;

final class DoctorCommandTest {
  @TempDir Path temporary;
  private CommandHost host;

  @BeforeEach
  void createHost() throws Exception {
    host = new CommandHost(temporary);
  }

  @Test
  void looksAtEverythingWithoutAnAgent() throws Exception {
    JsonNode report = host.run("doctor", "--json").json();

    Set<String> subjects = new HashSet<>();
    report.path("checks").forEach(check -> subjects.add(check.path("subject").asText()));
    for (String subject :
        List.of(
            "agent",
            "kernel",
            "blocking",
            "conflict",
            "rescue",
            "boot",
            "protected set",
            "exceptions",
            "coverage",
            "gaps",
            "behaviour",
            "memory files")) {
      assertTrue(subjects.contains(subject), subject + " is missing in " + report);
    }
    assertEquals("warn", levelOf(report, "agent"));
  }

  @Test
  void asksARunningAgentForCoverageAndEngines() throws Exception {
    try (ControlServer _ = ControlServer.healthy(host.directories)) {
      String report = host.run("doctor").out();

      assertTrue(report.contains("scanner is ready"), report);
      assertTrue(report.contains("/mnt/share (nfs4) is not judged"), report);
    }
  }

  @Test
  void aRescueFlagOfRootIsAFailure() throws Exception {
    Path flag = Files.writeString(host.directories.rescueFlag(), "observe\n");

    CommandHost.Result result = host.run("doctor");

    boolean counts = Files.getAttribute(flag, "unix:uid").equals(0);
    assertEquals(counts ? ExitCode.NO : ExitCode.OK, result.status(), result.out());
    assertTrue(result.out().contains(counts ? "deny nothing" : "not root's"), result.out());
  }

  @Test
  void aRescueArgumentOfTheKernelIsAFailure() throws Exception {
    Path commandLine = temporary.resolve("cmdline");
    Files.writeString(commandLine, "quiet redoubt=off splash\n");
    assertEquals(Check.Level.FAIL, HostChecks.kernelArgument(commandLine).level());

    Files.writeString(commandLine, "quiet notredoubt=off\n");
    assertEquals(Check.Level.OK, HostChecks.kernelArgument(commandLine).level());
  }

  @Test
  void namesRemoteAndFuseFileSystems() throws Exception {
    Path mountinfo = temporary.resolve("mountinfo");
    Files.writeString(
        mountinfo,
        """
        22 1 8:1 / / rw - ext4 /dev/sda1 rw
        23 22 0:40 / /srv/nfs rw - nfs4 server:/x rw
        24 22 0:41 / /home/a/remote rw - fuse.sshfs a@b: rw
        25 22 0:42 / /proc rw - proc proc rw
        26 22 0:43 / /sys/fs/fuse/connections rw - fusectl fusectl rw
        """);

    List<String> findings =
        HostChecks.mounts(mountinfo.toString()).stream().map(Check::finding).toList();

    assertEquals(2, findings.size(), findings.toString());
    assertTrue(findings.get(0).contains("/srv/nfs"));
    assertTrue(findings.get(1).contains("fuse.sshfs"));
  }

  @Test
  void brokenExceptionsAreAFailure() throws Exception {
    host.writeExceptions("{");

    JsonNode report = host.run("doctor", "--json").json();

    assertEquals("fail", levelOf(report, "exceptions"));
  }

  @Test
  void recentGapsAreNamed() throws Exception {
    host.record(CommandHost.notice(PlatformNotice.Kind.GAP, "the agent was gone for 1 s"));

    assertEquals("warn", levelOf(host.run("doctor", "--json").json(), "gaps"));
  }

  private static String levelOf(JsonNode report, String subject) {
    for (JsonNode check : report.path("checks")) {
      if (check.path("subject").asText().equals(subject)) {
        return check.path("level").asText();
      }
    }
    return "missing";
  }
}
