package redoubt.testing.system;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/// Two network namespaces of our own with a cable between them: one for the host that is isolated,
/// one for everybody else.
final class TwoHosts implements AutoCloseable {
  static final String HOST = "10.77.0.1";
  static final String OTHER = "10.77.0.2";
  static final String HOST6 = "fd77::1";
  static final String OTHER6 = "fd77::2";

  private final String host;
  private final String other;
  private final List<Process> servers = new ArrayList<>();

  private TwoHosts(String host, String other) {
    this.host = host;
    this.other = other;
  }

  static TwoHosts make() {
    long pid = ProcessHandle.current().pid();
    TwoHosts hosts = new TwoHosts("redoubt-a" + pid, "redoubt-b" + pid);
    hosts.wire();
    return hosts;
  }

  private void wire() {
    for (String name : List.of(host, other)) {
      ip("netns", "add", name);
      ip("-n", name, "link", "set", "lo", "up");
    }
    ip(
        "link", "add", "cable", "netns", host, "type", "veth", "peer", "name", "cable", "netns",
        other);
    address(host, HOST, HOST6);
    address(other, OTHER, OTHER6);
  }

  private static void address(String name, String address, String address6) {
    ip("-n", name, "address", "add", address + "/24", "dev", "cable");
    ip("-n", name, "address", "add", address6 + "/64", "dev", "cable", "nodad");
    ip("-n", name, "link", "set", "cable", "up");
  }

  private static void ip(Object... words) {
    Object[] command = new Object[words.length + 1];
    command[0] = "ip";
    System.arraycopy(words, 0, command, 1, words.length);
    Outcome.of(command).requireSuccess();
  }

  /// Where an agent of the isolated host is started.
  RunningAgent.Place place() {
    return _ -> entry(host);
  }

  private static List<String> entry(String name) {
    return List.of("nsenter", "--net=/run/netns/" + name);
  }

  Outcome onHost(Map<String, String> environment, Object... command) {
    return on(host, environment, command);
  }

  private static Outcome on(String name, Map<String, String> environment, Object... command) {
    List<Object> words = new ArrayList<>(entry(name));
    words.addAll(List.of(command));
    return Outcome.of(environment, words.toArray());
  }

  /// Has the other host answer at a port, over both protocols of the internet.
  void serve(int port) throws Exception {
    serve(other, port);
  }

  /// Has the isolated host answer at a port.
  void serveOnHost(int port) throws Exception {
    serve(host, port);
  }

  private void serve(String name, int port) throws Exception {
    List<String> words = new ArrayList<>(entry(name));
    words.addAll(
        List.of(
            "socat", "TCP6-LISTEN:" + port + ",ipv6only=0,fork,reuseaddr", "SYSTEM:echo hello"));
    servers.add(new ProcessBuilder(words).start());
    Await.until(
        "a server at " + port,
        Duration.ofSeconds(10),
        () -> connects(name, name.equals(host) ? HOST : OTHER, port));
  }

  /// Whether the isolated host reaches somebody.
  boolean reaches(String address, int port) {
    return connects(host, address, port);
  }

  /// Whether the other one reaches the isolated host.
  boolean isReached(String address, int port) {
    return connects(other, address, port);
  }

  private static boolean connects(String name, String address, int port) {
    Outcome outcome =
        on(
            name,
            Map.of(),
            "timeout",
            "2",
            "bash",
            "-c",
            "read -r line <>/dev/tcp/" + address + "/" + port + " && echo \"$line\"");
    return outcome.output().contains("hello");
  }

  @Override
  public void close() throws IOException {
    for (Process server : servers) {
      server.descendants().forEach(ProcessHandle::destroyForcibly);
      server.destroyForcibly();
    }
    for (String name : List.of(host, other)) {
      ip("netns", "delete", name);
    }
  }
}
