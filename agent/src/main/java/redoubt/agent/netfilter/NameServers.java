package redoubt.agent.netfilter;

import java.io.IOException;
import java.net.InetAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/// The name servers of this host, as `resolv.conf(5)` names them. What is no address is left out.
public final class NameServers {
  private static final int MOST = 16;

  /// Where they stand; the second names those that the service behind a local one asks.
  private static final List<Path> FILES =
      List.of(Path.of("/etc/resolv.conf"), Path.of("/run/systemd/resolve/resolv.conf"));

  private NameServers() {}

  /// Those of this host now.
  public static List<InetAddress> ofHost() {
    return in(FILES);
  }

  static List<InetAddress> in(List<Path> files) {
    Set<InetAddress> found = new LinkedHashSet<>();
    for (Path file : files) {
      try {
        Files.readAllLines(file, StandardCharsets.ISO_8859_1).stream()
            .map(String::strip)
            .filter(line -> line.matches("nameserver\\s+[0-9A-Fa-f:.]+"))
            .limit(MOST)
            .map(line -> line.substring("nameserver".length()).strip())
            .forEach(address -> add(address, found));
      } catch (IOException _) {
        // There is none of that kind.
      }
    }
    return found.stream().filter(address -> !address.isLoopbackAddress()).toList();
  }

  private static void add(String literal, Set<InetAddress> into) {
    try {
      into.add(InetAddress.ofLiteral(literal));
    } catch (IllegalArgumentException _) {
      // Not an address.
    }
  }
}
