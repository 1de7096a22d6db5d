package redoubt.fleet.serving;

import java.util.regex.Pattern;

/// The addresses by which a machine reaches itself, as they stand in a URL. Stateless.
public final class Loopback {
  /// A name may begin like an address, and be another machine's.
  private static final Pattern FORM =
      Pattern.compile("(?i:localhost)|127(\\.[0-9]{1,3}){3}|\\[::1]");

  private Loopback() {}

  /// Whether a host is this machine itself, whatever its names are.
  ///
  /// @param host of a URL; one of IPv6 in brackets
  public static boolean isOne(String host) {
    return FORM.matcher(host).matches();
  }
}
