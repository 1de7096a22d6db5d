package redoubt.cli;

import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// Where a command listens: `[ADDRESS:]PORT`.
///
/// @param host an address or a name, without brackets; nothing if none was said
/// @param port from 0, for any that is free
record ListenAddress(Optional<String> host, int port) {
  private static final Pattern FORM = Pattern.compile("(?:(.+):)?([0-9]{1,5})");
  private static final int HIGHEST_PORT = 65_535;

  /// Reads one.
  ///
  /// @param option whose value it is, for people
  /// @param example what they could say
  /// @throws Problem if it is none
  static ListenAddress parse(String option, String text, String example) {
    Matcher parts = FORM.matcher(text);
    if (!parts.matches() || Integer.parseInt(parts.group(2)) > HIGHEST_PORT) {
      throw new Problem(
          ExitCode.USAGE, "no address: " + option + "=" + Printable.of(text), "say " + example);
    }
    return new ListenAddress(
        Optional.ofNullable(parts.group(1)).map(host -> host.replaceAll("^\\[|\\]$", "")),
        Integer.parseInt(parts.group(2)));
  }
}
