package redoubt.testing.system;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import redoubt.agent.journal.JournalLine;

/// What concerns the host as a whole, done for real, seen by the agent and found by Sigma rules.
class HostSensorsTest {
  private static final Duration PATIENCE = Duration.ofSeconds(20);
  private static final JsonMapper JSON = new JsonMapper();

  /// Asks a server of its own for a name, who says that there is no such.
  private static final String LOOK_UP =
      """
      import socket
      server = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
      server.bind(("127.77.0.2", 53))
      client = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
      client.sendto(bytes.fromhex("123401000001000000000000")
                    + b"\\x04evil\\x07redoubt\\x04test\\x00\\x00\\x01\\x00\\x01", ("127.77.0.2", 53))
      question, address = server.recvfrom(512)
      server.sendto(question[:2] + b"\\x81\\x83" + question[4:], address)
      client.recv(512)
      """;

  /// Says what a login program says, with the audit system on; leaves it as it was.
  private static final String REFUSED =
      """
      import socket, struct
      audit = socket.socket(socket.AF_NETLINK, socket.SOCK_RAW, 9)
      def ask(kind, payload):
          audit.send(struct.pack("=IHHII", 16 + len(payload), kind, 5, 1, 0) + payload)
          answer = audit.recv(65536)
          while struct.unpack("=IH", answer[:6])[1] == 2 and kind == 1000:
              answer = audit.recv(65536)
          return answer[16:]
      before = struct.unpack("=II", ask(1000, b"")[:8])[1]
      ask(1001, struct.pack("=11I", 1, 1, *[0] * 9))
      ask(1112, b'op=login acct="mallory" exe="/usr/sbin/sshd" res=failed\\0')
      ask(1001, struct.pack("=11I", 1, before, *[0] * 9))
      """;

  private static final String LOOP =
      "import fcntl; fcntl.ioctl(open('/dev/loop-control'), %d, 232)";

  @TempDir private static Path rules;
  private static ScratchFileSystem scratch;
  private static RunningAgent agent;

  private static int written;

  private static void rule(String title, String logSource, String item) throws IOException {
    Files.writeString(
        rules.resolve(written + ".yml"),
        """
        title: %s
        id: %08d-0000-4000-8000-000000000000
        logsource: {product: linux, %s}
        detection:
          sel: {%s}
          condition: sel
        """
            .formatted(title, written++, logSource, item));
  }

  @BeforeAll
  static void start() throws Exception {
    rule("a name", "category: dns_query", "QueryName|endswith: .redoubt.test, QueryStatus: 3");
    rule("a datagram", "category: network_connection", "Protocol: udp, DestinationPort: 9");
    rule("a mount", "category: mount", "Action: mount, Source: redoubt-stick");
    rule("a device", "category: device", "Action: connect, Node: loop232");
    rule("a refusal", "service: auditd", "type: USER_LOGIN, acct: mallory, res: failed");
    scratch = ScratchFileSystem.ext4(64);
    agent = RunningAgent.start(scratch, "--rules", rules);
  }

  @AfterAll
  static void stop() throws Exception {
    agent.close();
    scratch.close();
  }

  private static JsonNode await(String title) throws Exception {
    JournalLine line =
        agent.awaitLine(
            title,
            PATIENCE,
            one -> one.kind() == JournalLine.Kind.FINDING && one.message().equals(title));
    return JSON.readTree(line.raw());
  }

  private static void python(String program) {
    Outcome.of("python3", "-c", program).requireSuccess();
  }

  @Test
  void aNameThatIsLookedUpIsFoundWithWhoAsked() throws Exception {
    python(LOOK_UP);
    JsonNode finding = await("a name");
    assertEquals("evil.redoubt.test", finding.at("/unmapped/reasons/0/value").asText());
    assertTrue(
        finding.at("/evidences/0/process/cmd_line").asText().contains("python3 -c"),
        finding::toString);
  }

  @Test
  void aDatagramIsFoundWithWhoSentIt() throws Exception {
    python(
        "import socket; s = socket.socket(socket.AF_INET, socket.SOCK_DGRAM);"
            + " s.sendto(b'x', ('127.0.0.1', 9))");
    JsonNode finding = await("a datagram");
    assertTrue(
        finding.at("/evidences/0/process/cmd_line").asText().contains("python3 -c"),
        finding::toString);
  }

  @Test
  void aMountIsFound(@TempDir Path folder) throws Exception {
    Outcome.of("mount", "-t", "tmpfs", "redoubt-stick", folder).requireSuccess();
    try {
      await("a mount");
    } finally {
      Outcome.of("umount", folder).requireSuccess();
    }
  }

  @Test
  void aDeviceIsFound() throws Exception {
    python(LOOP.formatted(0x4C80));
    try {
      await("a device");
    } finally {
      python(LOOP.formatted(0x4C81));
    }
  }

  @Test
  void anAuditRecordIsFoundWithTheProcessThatTheKernelNames() throws Exception {
    python(REFUSED);
    JsonNode finding = await("a refusal");
    assertTrue(
        finding.at("/evidences/0/process/cmd_line").asText().contains("python3 -c"),
        finding::toString);
  }

  /// None of the rules is about files, logins or accounts.
  @Test
  void sensorsRunForWhatRulesAskForAndNothingElse() throws Exception {
    Set<String> sensors = new TreeSet<>();
    try (Stream<Path> threads = Files.list(Path.of("/proc/" + agent.pid() + "/task"))) {
      for (Path thread : threads.toList()) {
        String name = Files.readString(thread.resolve("comm")).strip();
        if (name.endsWith("-sensor")) {
          sensors.add(name);
        }
      }
    }
    assertEquals(
        Set.of(
            "audit-sensor",
            "datagram-sensor",
            "device-sensor",
            "dns-sensor",
            "mount-sensor",
            "network-sensor",
            "process-sensor"),
        sensors);
    assertEquals(0, agent.counter("network_events_lost_total"));
    assertEquals(0, agent.counter("audit_records_lost_total"));
    assertEquals(0, agent.counter("device_events_lost_total"));
  }
}
