package redoubt.testing.drills;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/// A small network inside this machine: a bridge, and hosts in network namespaces of their own that
/// reach nothing but it. For one thread; whoever is killed leaves it behind, and the next one takes
/// it away.
final class DemoNetwork implements AutoCloseable {
  /// Where whoever stands outside of the namespaces is reached from in them. The range is one for
  /// benchmarks (RFC 2544), which is no network's.
  static final String HERE = "198.18.77.1";

  private static final String PREFIX = "198.18.77.";
  private static final String LENGTH = "/24";
  private static final String BRIDGE = "rdemo";

  private final List<String> names = new ArrayList<>();

  private DemoNetwork() {}

  /// Makes one.
  ///
  /// @param hosts how many hosts are in it, 1 to 200
  static DemoNetwork make(int hosts) throws IOException {
    DemoNetwork made = new DemoNetwork();
    for (int host = 0; host < hosts; host++) {
      made.names.add("redoubt-demo-" + host);
    }
    made.takeAway();
    try {
      made.wire();
      return made;
    } catch (IOException e) {
      made.close();
      throw e;
    }
  }

  private void wire() throws IOException {
    ip("link", "add", BRIDGE, "type", "bridge");
    ip("address", "add", HERE + LENGTH, "dev", BRIDGE);
    ip("link", "set", BRIDGE, "up");
    for (int host = 0; host < names.size(); host++) {
      String name = names.get(host);
      String end = BRIDGE + host;
      ip("netns", "add", name);
      ip("link", "add", end, "type", "veth", "peer", "name", "eth0", "netns", name);
      ip("link", "set", end, "master", BRIDGE, "up");
      ip("-n", name, "link", "set", "lo", "up");
      ip("-n", name, "address", "add", PREFIX + (host + 2) + LENGTH, "dev", "eth0");
      ip("-n", name, "link", "set", "eth0", "up");
    }
  }

  private static void ip(String... words) throws IOException {
    List<String> command = new ArrayList<>(List.of("ip"));
    command.addAll(List.of(words));
    Commands.run(command.toArray(String[]::new)).required();
  }

  /// The words that start a command in the network of a host. Of the machine it sees all else.
  List<String> entry(int host) {
    return List.of("nsenter", "--net=/run/netns/" + names.get(host), "--");
  }

  private void takeAway() throws IOException {
    // With a namespace go the cables that lead into it.
    for (String name : names) {
      Commands.run("ip", "netns", "delete", name);
    }
    Commands.run("ip", "link", "delete", BRIDGE);
  }

  @Override
  public void close() throws IOException {
    takeAway();
  }
}
