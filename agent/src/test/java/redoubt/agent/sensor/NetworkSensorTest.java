package redoubt.agent.sensor;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
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
import redoubt.core.model.HostEvent.NetworkActivity;

/// On the real kernel, over the loopback network alone.
@Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class NetworkSensorTest {
  private static final int OWN = (int) ProcessHandle.current().pid();

  /// Connects from a thread that is not the process's first, to a port of its own or the one given.
  private static final String PYTHON =
      """
      import socket, sys, threading
      family, host, port = sys.argv[1:4]
      family = {"4": socket.AF_INET, "6": socket.AF_INET6}[family]
      if port == "0":
          server = socket.socket(family)
          server.bind((host, 0))
          server.listen()
          port = server.getsockname()[1]
      def connect():
          with socket.socket(family) as client:
              if client.connect_ex((host, int(port))) == 0:
                  print(port, client.getsockname()[1], flush=True)
              else:
                  print(port, 0, flush=True)
      thread = threading.Thread(target=connect)
      thread.start()
      thread.join()
      sys.stdin.read()
      """;

  private final Counters counters = new Counters();
  private final ProcessTree tree = new ProcessTree();
  private final TakenEvents<NetworkActivity> taken = new TakenEvents<>(NetworkActivity.class);
  private final ProcessSensor processes =
      ProcessSensor.start(tree, taken, counters, _ -> null, TimeSource.system());
  private NetworkSensor network;

  @BeforeEach
  void start() throws Exception {
    network = NetworkSensor.start(tree, pid -> pid == OWN, taken, counters, TimeSource.system());
  }

  @AfterEach
  void stop() {
    network.close();
    processes.close();
  }

  private NetworkActivity await(EventClass eventClass, boolean inbound, int localPort)
      throws InterruptedException {
    return taken.await(activity ->
        activity.eventClass() == eventClass
            && activity.inbound() == inbound
            && activity.local().port() == localPort);
  }

  /// A process that has connected and waits to be ended.
  private record Client(Process process, int serverPort, int clientPort) implements AutoCloseable {
    static Client start(String... command) throws Exception {
      Process process =
          new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.INHERIT).start();
      String[] ports = process.inputReader().readLine().split(" ");
      return new Client(process, Integer.parseInt(ports[0]), Integer.parseInt(ports[1]));
    }

    @Override
    public void close() throws IOException {
      process.getOutputStream().close();
      assertEquals(0, process.onExit().join().exitValue());
    }
  }

  @Test
  void bothEndsOfAFlowAreToldWithTheirProcess() throws Exception {
    try (Client client = Client.start("python3", "-c", PYTHON, "4", "127.0.0.1", "0")) {
      NetworkActivity out = await(EventClass.NET_CONNECT, false, client.clientPort());
      assertEquals(new Endpoint("127.0.0.1", client.serverPort()), out.remote());
      assertEquals(client.process().pid(), out.process().pid());
      assertTrue(out.process().arguments().getFirst().endsWith("python3"));
      assertEquals(6, out.protocol());
      assertTrue(Math.abs(out.timeNanos() / 1_000_000 - System.currentTimeMillis()) < 60_000);
      NetworkActivity in = await(EventClass.NET_CONNECT, true, client.serverPort());
      assertEquals(new Endpoint("127.0.0.1", client.clientPort()), in.remote());
      assertEquals(client.process().pid(), in.process().pid());
      NetworkActivity listens = await(EventClass.NET_LISTEN, false, client.serverPort());
      assertEquals(client.process().pid(), listens.process().pid());
      assertEquals(Endpoint.NONE, listens.remote());
      NetworkActivity closed = await(EventClass.NET_CLOSE, false, client.clientPort());
      assertEquals(client.process().pid(), closed.process().pid());
      assertTrue(closed.durationNanos() > 0);
    }
    assertEquals(0, counters.value(Counter.NETWORK_EVENTS_LOST));
  }

  @Test
  void ipv6AndOtherNamespacesAreHeardOf() throws Exception {
    String script = "ip link set lo up; exec python3 -c \"$1\" 6 ::1 0";
    try (Client client = Client.start("unshare", "-n", "sh", "-c", script, "sh", PYTHON)) {
      NetworkActivity out = await(EventClass.NET_CONNECT, false, client.clientPort());
      assertEquals(new Endpoint("::1", client.serverPort()), out.remote());
      assertEquals(client.process().pid(), out.process().pid());
    }
  }

  @Test
  void aConnectionThatIsRefusedIsToldToo() throws Exception {
    int free;
    try (ServerSocket server = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      free = server.getLocalPort();
    }
    String port = Integer.toString(free);
    try (Client client = Client.start("python3", "-c", PYTHON, "4", "127.0.0.1", port)) {
      NetworkActivity out = taken.await(activity -> activity.remote().port() == free);
      assertEquals(EventClass.NET_CONNECT, out.eventClass());
      assertEquals(client.process().pid(), out.process().pid());
    }
  }

  @Test
  void whoeverListenedBeforeIsKnown() throws Exception {
    stop();
    try (Client server = Client.start("python3", "-c", PYTHON, "4", "127.0.0.1", "0")) {
      start();
      String port = Integer.toString(server.serverPort());
      while (true) {
        // The sensor looks around after it has begun to hear.
        try (Client client = Client.start("python3", "-c", PYTHON, "4", "127.0.0.1", port)) {
          NetworkActivity in =
              taken.await(activity ->
                  activity.inbound() && activity.remote().port() == client.clientPort());
          if (in.process().pid() != 0) {
            assertEquals(server.process().pid(), in.process().pid());
            return;
          }
        }
      }
    }
  }

  @Test
  void whatTheAgentItselfDoesIsNotTold() throws Exception {
    try (ServerSocket server = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
        Socket _ = new Socket(server.getInetAddress(), server.getLocalPort())) {
      try (Client client = Client.start("python3", "-c", PYTHON, "4", "127.0.0.1", "0")) {
        await(EventClass.NET_CONNECT, true, client.serverPort());
      }
      assertTrue(taken.all().stream().noneMatch(each -> each.process().pid() == OWN));
    }
  }
}
