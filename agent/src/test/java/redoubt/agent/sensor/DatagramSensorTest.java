package redoubt.agent.sensor;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import redoubt.agent.health.Counter;
import redoubt.agent.health.Counters;
import redoubt.agent.health.TimeSource;
import redoubt.agent.process.ProcessTree;
import redoubt.core.model.Endpoint;
import redoubt.core.model.EventClass;
import redoubt.core.model.HostEvent.DnsMessage;
import redoubt.core.model.HostEvent.NetworkActivity;
import redoubt.core.model.ProcessInfo;

/// Datagrams and names on the real kernel, over the loopback network alone.
@Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class DatagramSensorTest {
  private static final int OWN = (int) ProcessHandle.current().pid();

  /// Sends to each `family host port`, a few times; a port of its own says how it sends.
  private static final String PYTHON =
      """
      import socket, sys
      for word in sys.argv[1:]:
          how, host, port = word.split(",")
          family = socket.AF_INET6 if ":" in host else socket.AF_INET
          client = socket.socket(family, socket.SOCK_DGRAM)
          if how == "connect":
              client.connect((host, int(port)))
          else:
              client.bind(("", 0))
          for i in range(5):
              if how == "connect":
                  try:
                      client.send(b"x")
                  except ConnectionRefusedError:
                      pass
              else:
                  client.sendto(b"x", (host, int(port)))
          print(client.getsockname()[1], flush=True)
      sys.stdin.read()
      """;

  /// Asks a server of its own for a name, and gets an answer.
  private static final String LOOK_UP =
      """
      import socket, sys
      server = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
      server.bind(("127.77.0.1", 53))
      client = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
      client.sendto(bytes.fromhex("123401000001000000000000" "0161" "00" "0001" "0001"),
                    ("127.77.0.1", 53))
      question, address = server.recvfrom(512)
      server.sendto(question[:2] + b"\\x81\\x80" + question[4:], address)
      client.recv(512)
      print(client.getsockname()[1], flush=True)
      sys.stdin.read()
      """;

  private final Counters counters = new Counters();
  private final ProcessTree tree = new ProcessTree();
  private final DatagramSenders senders = new DatagramSenders();
  private final TakenEvents<NetworkActivity> flows = new TakenEvents<>(NetworkActivity.class);
  private final TakenEvents<DnsMessage> names = new TakenEvents<>(DnsMessage.class);
  private final ProcessSensor processes =
      ProcessSensor.start(tree, flows, counters, _ -> null, TimeSource.system());
  private DatagramSensor datagrams;

  @BeforeEach
  void start() throws Exception {
    datagrams =
        DatagramSensor.start(
            tree, pid -> pid == OWN, senders, flows, counters, TimeSource.system());
  }

  @AfterEach
  void stop() {
    datagrams.close();
    processes.close();
  }

  /// A process that has sent and waits to be ended.
  private record Sender(Process process) implements AutoCloseable {
    static Sender start(String... command) throws IOException {
      return new Sender(
          new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.INHERIT).start());
    }

    int port() throws IOException {
      return Integer.parseInt(process.inputReader().readLine());
    }

    @Override
    public void close() throws IOException {
      process.getOutputStream().close();
      assertEquals(0, process.onExit().join().exitValue());
    }
  }

  private NetworkActivity await(int localPort) throws InterruptedException {
    return flows.await(activity -> activity.local().port() == localPort);
  }

  @Test
  void whoSendsToWhomIsToldOnce() throws Exception {
    try (Sender sender =
        Sender.start(
            "python3", "-c", PYTHON, "connect,127.0.0.1,9", "send,127.0.0.1,9", "send,::1,9")) {
      for (String host : new String[] {"127.0.0.1", "127.0.0.1", "::1"}) {
        NetworkActivity flow = await(sender.port());
        assertEquals(EventClass.NET_CONNECT, flow.eventClass());
        assertEquals(17, flow.protocol());
        assertFalse(flow.inbound());
        assertEquals(new Endpoint(host, 9), flow.remote());
        assertEquals(sender.process().pid(), flow.process().pid());
        assertTrue(flow.process().arguments().getFirst().endsWith("python3"));
      }
      assertEquals(
          3,
          flows.all().stream()
              .filter(each -> each.process().pid() == sender.process().pid())
              .count());
    }
    assertEquals(0, counters.value(Counter.NETWORK_EVENTS_LOST));
  }

  @Test
  void otherNamespacesAreHeardOf() throws Exception {
    String script = "ip link set lo up; exec python3 -c \"$1\" send,127.0.0.1,9";
    try (Sender sender = Sender.start("unshare", "-n", "sh", "-c", script, "sh", PYTHON)) {
      assertEquals(sender.process().pid(), await(sender.port()).process().pid());
    }
  }

  @Test
  void whatTheAgentItselfSendsIsNotTold() throws Exception {
    try (DatagramSocket own = new DatagramSocket(0, InetAddress.ofLiteral("127.0.0.1"))) {
      own.send(new DatagramPacket(new byte[1], 1, InetAddress.ofLiteral("127.0.0.1"), 9));
      try (Sender sender = Sender.start("python3", "-c", PYTHON, "send,127.0.0.1,9")) {
        await(sender.port());
      }
      assertTrue(flows.all().stream().noneMatch(each -> each.process().pid() == OWN));
    }
  }

  @Test
  void aQuestionAndItsAnswerAreToldWithWhoAsked() throws Exception {
    try (DnsSensor _ = DnsSensor.start(tree, senders, names, counters, TimeSource.system());
        Sender sender = Sender.start("python3", "-c", LOOK_UP)) {
      int port = sender.port();
      DnsMessage question = names.await(each -> isFrom(each, port, false));
      DnsMessage answer = names.await(each -> isFrom(each, port, true));
      for (DnsMessage each : new DnsMessage[] {question, answer}) {
        assertEquals(new Endpoint("127.77.0.1", 53), each.remote());
        assertEquals("127.0.0.1", each.local().address());
        assertFalse(each.inbound());
        assertEquals(sender.process().pid(), each.process().pid());
      }
      assertEquals(19, question.message().length());
      assertEquals(2, names.all().stream().filter(each -> each.local().port() == port).count());
    }
  }

  private static boolean isFrom(DnsMessage message, int port, boolean answer) {
    return message.local().port() == port && (message.message().toArray()[2] < 0) == answer;
  }

  @Test
  void aFlowThatWasSilentIsNews() {
    Endpoint local = new Endpoint("", 40_000);
    Endpoint remote = new Endpoint("192.0.2.1", 53);
    long minute = 60_000_000_000L;
    assertFalse(senders.continues(70, local, remote, 0));
    assertTrue(senders.sent(70, new Datagram(0, 7, local, remote)));
    assertTrue(senders.continues(70, local, remote, minute));
    assertFalse(senders.continues(71, local, remote, minute), "another thread");
    assertFalse(senders.sent(71, new Datagram(3 * minute, 7, local, remote)), "the same process");
    assertFalse(senders.continues(71, local, remote, 5 * minute + 1));
    assertTrue(senders.sent(71, new Datagram(5 * minute + 1, 7, local, remote)));
    assertTrue(senders.sent(80, new Datagram(5 * minute + 2, 8, local, remote)));
    assertEquals(8, senders.find(40_000, remote));
    assertEquals(0, senders.find(40_001, remote));
    assertEquals(ProcessInfo.UNKNOWN, tree.findLast(senders.find(40_001, remote)));
  }
}
