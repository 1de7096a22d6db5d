package redoubt.agent.netfilter;

import java.io.IOException;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// The routers by which this host reaches everybody else, as the kernel's main tables name them.
public final class Routers {
  private static final Path ROUTES = Path.of("/proc/self/net/route");
  private static final Path ROUTES6 = Path.of("/proc/self/net/ipv6_route");

  /// Device, destination, router, flags, three numbers, mask. Addresses are as they lie in memory.
  private static final Pattern ROUTE =
      Pattern.compile("\\S+\\s+0{8}\\s+([0-9A-F]{8})\\s+\\S+\\s+\\S+\\s+\\S+\\s+\\S+\\s+0{8}\\s.*");

  /// Destination and its length, source and its length, router.
  private static final Pattern ROUTE6 = Pattern.compile("0{32} 00 \\S+ \\S+ ([0-9a-f]{32})\\s.*");

  private static final int MOST = 64;

  private Routers() {}

  /// Those of the default routes now.
  public static List<InetAddress> ofHost() {
    return in(ROUTES, ROUTES6);
  }

  static List<InetAddress> in(Path routes, Path routes6) {
    List<InetAddress> found = new ArrayList<>();
    add(routes, ROUTE, true, found);
    add(routes6, ROUTE6, false, found);
    return found.stream().filter(address -> !address.isAnyLocalAddress()).toList();
  }

  private static void add(Path file, Pattern pattern, boolean backwards, List<InetAddress> into) {
    try (var lines = Files.lines(file, StandardCharsets.ISO_8859_1)) {
      List<String> routers =
          lines
              .map(pattern::matcher)
              .filter(Matcher::matches)
              .map(route -> route.group(1))
              .distinct()
              .limit(MOST)
              .toList();
      for (String router : routers) {
        byte[] bytes = HexFormat.of().parseHex(router);
        into.add(InetAddress.getByAddress(backwards ? reversed(bytes) : bytes));
      }
    } catch (UnknownHostException e) {
      throw new IllegalStateException("bug: an address of a wrong length", e);
    } catch (IOException _) {
      // The kernel has none of that kind.
    }
  }

  private static byte[] reversed(byte[] bytes) {
    byte[] turned = new byte[bytes.length];
    for (int i = 0; i < bytes.length; i++) {
      turned[i] = bytes[bytes.length - 1 - i];
    }
    return turned;
  }
}
