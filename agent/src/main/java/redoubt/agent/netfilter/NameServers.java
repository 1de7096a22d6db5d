package redoubt.agent.netfilter;

import java.io.IOException;
import java.net.InetAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// The name servers of this host, as `resolv.conf(5)` names them. What is no address is left out.
public final class NameServers {
  private static final int MOST = 16;

  /// Where they stand; the second names those that the service behind a local one asks.
  private static final List<Path> FILES =
      List.of(Path.of("/etc/resolv.conf"), Path.of("/run/systemd/resolve/resolv.conf"));

  /// An address ends where the C library takes it to end. The link that one of a single link is on
  /// (`%eth0`) is left out: it has no place in a set of addresses, and need not be there yet.
  private static final Pattern LINE =
      Pattern.compile("\\s*nameserver\\s+([0-9A-Fa-f:.]+)(?:%[^\\s;#]+)?(?:[\\s;#].*)?");

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
            .map(LINE::matcher)
            .filter(Matcher::matches)
            .limit(MOST)
            .forEach(line -> add(line.group(1), found));
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
