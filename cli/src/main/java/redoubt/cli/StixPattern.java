package redoubt.cli;

import java.net.Inet6Address;
import java.net.InetAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// What a pattern of STIX 2.1 (section 9, STIX Patterning) names, as far as a list can say it: one
/// observation of digests of files, or of addresses, any of which is meant.
///
/// @param digests in hexadecimal
/// @param addresses with a length of the network, if it has one
record StixPattern(List<String> digests, List<String> addresses) {
  /// The longest that is read.
  static final int MOST_CHARS = 1 << 16;

  private static final Pattern COMPARISON =
      Pattern.compile(
          "\\G\\s*([a-z0-9-]+:[A-Za-z0-9_.'\"-]+)\\s*(=|IN)\\s*"
              + "('(?:[^'\\\\]|\\\\.)*+'|\\((?:\\s*'(?:[^'\\\\]|\\\\.)*+'\\s*,?)++\\))\\s*");
  private static final Pattern VALUE = Pattern.compile("'((?:[^'\\\\]|\\\\.)*+)'");
  private static final Pattern AND_OR = Pattern.compile("\\G(AND|OR)\\b");
  private static final Pattern IPV4 = Pattern.compile("[0-9]{1,3}(\\.[0-9]{1,3}){3}");
  private static final int IPV4_BYTES = 4;

  /// As lists of addresses have it.
  private static final int WIDEST_IPV4 = 8;

  private static final int WIDEST_IPV6 = 16;
  private static final Pattern DIGITS = Pattern.compile("[0-9]{1,3}");

  private static final Map<String, Integer> HASHES =
      Map.of("md5", 32, "sha-1", 40, "sha1", 40, "sha-256", 64, "sha256", 64);

  StixPattern {
    digests = List.copyOf(digests);
    addresses = List.copyOf(addresses);
  }

  /// Reads one.
  ///
  /// @return nothing if it means more or other than a list of digests or addresses can say
  static Optional<StixPattern> read(String pattern) {
    String text = pattern.strip();
    if (text.length() > MOST_CHARS || !text.startsWith("[") || !text.endsWith("]")) {
      return Optional.empty();
    }
    return new Reader(text.substring(1, text.length() - 1)).read();
  }

  private static final class Reader {
    private final String text;
    private final List<String> digests = new ArrayList<>();
    private final List<String> addresses = new ArrayList<>();

    Reader(String text) {
      this.text = text;
    }

    Optional<StixPattern> read() {
      Matcher comparison = COMPARISON.matcher(text);
      Matcher word = AND_OR.matcher(text);
      int at = 0;
      int count = 0;
      boolean all = false;
      boolean any = false;
      while (true) {
        if (!comparison.find(at) || !take(comparison)) {
          return Optional.empty();
        }
        count++;
        at = comparison.end();
        if (at == text.length()) {
          break;
        }
        if (!word.find(at)) {
          return Optional.empty();
        }
        all |= word.group(1).equals("AND");
        any |= word.group(1).equals("OR");
        at = word.end();
      }
      if (!all) {
        return Optional.of(new StixPattern(digests, addresses));
      }
      // Several digests of one file: the strongest says it.
      boolean ofOneFile = !any && addresses.isEmpty() && digests.size() == count;
      return ofOneFile ? Optional.of(new StixPattern(strongest(), List.of())) : Optional.empty();
    }

    private List<String> strongest() {
      int longest = digests.stream().mapToInt(String::length).max().orElse(0);
      List<String> those = digests.stream().filter(each -> each.length() == longest).toList();
      return those.size() == 1 ? those : List.of();
    }

    private boolean take(Matcher comparison) {
      String path = comparison.group(1).replaceAll("['\"]", "").toLowerCase(Locale.ROOT);
      List<String> values =
          VALUE
              .matcher(comparison.group(3))
              .results()
              .map(found -> found.group(1).replaceAll("\\\\(.)", "$1"))
              .toList();
      if (path.startsWith("file:hashes.")) {
        Integer digits = HASHES.get(path.substring("file:hashes.".length()));
        return digits != null && values.stream().allMatch(value -> takeDigest(value, digits));
      }
      return switch (path) {
        case "ipv4-addr:value",
            "ipv6-addr:value",
            "network-traffic:dst_ref.value",
            "network-traffic:src_ref.value" ->
            values.stream().allMatch(this::takeAddress);
        default -> false;
      };
    }

    private boolean takeDigest(String value, int digits) {
      boolean isOne = value.length() == digits && value.matches("[0-9a-fA-F]+");
      return isOne && digests.add(value.toLowerCase(Locale.ROOT));
    }

    private boolean takeAddress(String value) {
      return isAddress(value) && addresses.add(value);
    }
  }

  /// Whether a network of so many bits, and none too wide to block, begins with an address.
  private static boolean begins(byte[] address, String length) {
    if (!DIGITS.matcher(length).matches()) {
      return false;
    }
    int bits = Integer.parseInt(length);
    if (bits < (address.length == IPV4_BYTES ? WIDEST_IPV4 : WIDEST_IPV6)
        || bits > address.length * Byte.SIZE) {
      return false;
    }
    for (int bit = bits; bit < address.length * Byte.SIZE; bit++) {
      if ((address[bit / Byte.SIZE] >> (Byte.SIZE - 1 - bit % Byte.SIZE) & 1) != 0) {
        return false;
      }
    }
    return true;
  }

  /// What a host talks to beyond its link, or a network of such.
  private static boolean isAddress(String value) {
    int slash = value.indexOf('/');
    String address = slash < 0 ? value : value.substring(0, slash);
    try {
      InetAddress read = InetAddress.ofLiteral(address);
      boolean own =
          read.isAnyLocalAddress()
              || read.isLoopbackAddress()
              || read.isLinkLocalAddress()
              || read.isMulticastAddress();
      // An IPv4 address in the clothes of IPv6, or with fewer than four numbers, is no list's.
      boolean isPlain = IPV4.matcher(address).matches() || read instanceof Inet6Address;
      return !own
          && isPlain
          && !address.contains("%")
          && (slash < 0 || begins(read.getAddress(), value.substring(slash + 1)));
    } catch (IllegalArgumentException _) {
      return false;
    }
  }
}
