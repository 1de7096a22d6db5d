package redoubt.testing.system;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/// Two network namespaces of our own with a cable between them: one for the host that is isolated,
/// one for everybody else.
final class TwoHosts implements AutoCloseable {
  static final String HOST = "10.77.0.1";
  static final String OTHER = "10.77.0.2";
  static final String HOST6 = "fd77::1";
  static final String OTHER6 = "fd77::2";

  /// Addresses that are no private network's.
  static final String FAR_HOST = "192.0.2.1";

  static final String FAR_OTHER = "192.0.2.2";

  private final String host;
  private final String other;
  private final List<Process> servers = new ArrayList<>();

  private TwoHosts(String host, String other) {
    this.host = host;
    this.other = other;
  }

  static TwoHosts make() throws Exception {
    long pid = ProcessHandle.current().pid();
    TwoHosts hosts = new TwoHosts("redoubt-a" + pid, "redoubt-b" + pid);
    hosts.wire();
    // Before nobody else has claimed it for a second or two, no packet goes to the cable's own one.
    Await.until(
        "addresses that are nobody else's",
        Duration.ofSeconds(20),
        () -> hasLinkAddress(hosts.host) && hasLinkAddress(hosts.other));
    return hosts;
  }

  private static boolean hasLinkAddress(String name) {
    Outcome outcome =
        Outcome.of(
            "ip",
            "-n",
            name,
            "-6",
            "-o",
            "address",
            "show",
            "dev",
            "cable",
            "scope",
            "link",
            "-tentative");
    return outcome.output().contains("fe80");
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
    ip("-n", host, "address", "add", FAR_HOST + "/24", "dev", "cable");
    ip("-n", other, "address", "add", FAR_OTHER + "/24", "dev", "cable");
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

  /// Runs `redoubt` on the isolated host, beside no agent.
  ///
  /// @param folder where it keeps what it keeps
  Outcome redoubt(Path folder, Object... words) {
    Object[] command = new Object[words.length + 1];
    command[0] = Distribution.frontDoor();
    System.arraycopy(words, 0, command, 1, words.length);
    return onHost(
        Map.of(
            "REDOUBT_STATE_DIR", folder.resolve("state").toString(),
            "REDOUBT_RUN_DIR", folder.resolve("run").toString(),
            "REDOUBT_CONFIG_DIR", folder.resolve("config").toString()),
        command);
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

  /// Has the other host answer each datagram at a port with one of so many bytes.
  void serveDatagrams(int port, int bytes) throws Exception {
    List<String> words = new ArrayList<>(entry(other));
    words.addAll(
        List.of(
            "socat",
            "UDP6-RECVFROM:" + port + ",ipv6only=0,fork",
            "SYSTEM:head -c " + bytes + " /dev/zero"));
    servers.add(new ProcessBuilder(words).start());
    Await.until(
        "datagrams at " + port,
        Duration.ofSeconds(10),
        () -> datagram("UDP:" + OTHER + ":" + port) == bytes);
  }

  /// How many bytes come back when the isolated host sends a datagram; -1 where an error says that
  /// nobody is there.
  ///
  /// @param place whom to, in the words of socat
  int datagram(String place) {
    Outcome outcome =
        on(host, Map.of(), "bash", "-c", "echo ask | socat -t 1 - " + place + " | wc -c");
    // What the packet filter refuses, socat says before.
    String count = outcome.output().strip().replaceFirst("(?s).*\n", "");
    return outcome.output().contains("Connection refused") ? -1 : Integer.parseInt(count.strip());
  }

  /// Has the other host send something.
  ///
  /// @param place whom to, in the words of socat
  void send(String place, byte... content) {
    StringBuilder text = new StringBuilder();
    for (byte each : content) {
      text.append(String.format(Locale.ROOT, "\\x%02x", each));
    }
    on(other, Map.of(), "bash", "-c", "printf '" + text + "' | socat -u - " + place)
        .requireSuccess();
  }

  /// What the isolated host's kernel has counted, such as `Udp NoPorts` or `Icmp6InMsgs`.
  long counted(String name) {
    String[] words = name.split(" ");
    return words.length == 1
        ? Long.parseLong(awk("$1 == \"" + name + "\" { n = $2 } END { print n + 0 }", "snmp6"))
        : Long.parseLong(
            awk(
                "$1 == \""
                    + words[0]
                    + ":\" { for (i = 2; i <= NF; i++) if (at[i] == \""
                    + words[1]
                    + "\") n = $i; else at[i] = $i } END { print n + 0 }",
                "snmp"));
  }

  private String awk(String program, String table) {
    return on(host, Map.of(), "awk", program, "/proc/self/net/" + table).output().strip();
  }

  /// Gives the isolated host another address, whose group it then listens to.
  void addAddress(String address6) {
    ip("-n", host, "address", "add", address6 + "/64", "dev", "cable", "nodad");
  }

  /// The other host's address on the cable itself.
  String linkAddress() {
    Outcome outcome = Outcome.of("ip", "-n", other, "-6", "-o", "address", "show", "scope", "link");
    return outcome.output().replaceFirst("(?s).*inet6 (fe80[0-9a-f:]*)/.*", "$1");
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
