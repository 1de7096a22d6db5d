package redoubt.engine.sigma.rule;

import java.net.InetAddress;
import java.util.regex.Pattern;
import redoubt.engine.sigma.rule.RuleProblem.Kind;

/// Reads networks in the notation of RFC 4632 and RFC 4291: an address and how many of its bits.
final class Networks {
  private static final int LONGEST = 49;
  private static final Pattern NETWORK =
      Pattern.compile("([0-9A-Fa-f.]*:[0-9A-Fa-f.:]*|[0-9]+(?:\\.[0-9]+){3})/([0-9]{1,3})");

  private Networks() {}

  static ValueTest.Network parse(Scalar scalar) throws RuleException {
    var matcher = NETWORK.matcher(scalar.text());
    if (scalar.text().length() <= LONGEST && matcher.matches()) {
      try {
        InetAddress address = InetAddress.ofLiteral(matcher.group(1));
        int bits = Integer.parseInt(matcher.group(2));
        if (bits <= 8 * address.getAddress().length) {
          return new ValueTest.Network(address, bits);
        }
      } catch (IllegalArgumentException expected) {
        // What follows says it.
      }
    }
    throw new RuleException(Kind.VALUE, scalar.line(), "not a network: value=" + scalar.text());
  }
}
