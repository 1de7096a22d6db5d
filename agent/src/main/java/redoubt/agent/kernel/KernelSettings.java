package redoubt.agent.kernel;

import java.math.BigDecimal;
import java.time.Duration;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// What the kernel says of itself, and who may bring more into it.
///
/// @param taint the mask of `/proc/sys/kernel/tainted`, empty if it cannot be read
/// @param modulesDisabled whether `kernel.modules_disabled` is set; empty without modules
/// @param signaturesEnforced whether the kernel loads no module that has no valid signature; empty
///   if it does not check any
/// @param lockdown `none`, `integrity` or `confidentiality`; empty if the kernel does not say
/// @param unprivilegedBpfDisabled `kernel.unprivileged_bpf_disabled`: 0 all users may load eBPF
///   programs, 1 only root until the next boot, 2 only root; empty without eBPF
public record KernelSettings(
    OptionalLong taint,
    OptionalInt modulesDisabled,
    OptionalInt signaturesEnforced,
    String lockdown,
    OptionalInt unprivilegedBpfDisabled) {
  private static final int MOST_SECONDS_DIGITS = 12;
  private static final Pattern CHOSEN = Pattern.compile("\\[([a-z]{1,32})\\]");

  /// Reads an unsigned decimal number of 64 bits. Never fails.
  static OptionalLong parseMask(String text) {
    String number = text.strip();
    try {
      return number.matches("[0-9]{1,20}")
          ? OptionalLong.of(Long.parseUnsignedLong(number))
          : OptionalLong.empty();
    } catch (NumberFormatException _) {
      return OptionalLong.empty(); // more than 64 bits
    }
  }

  /// Reads a small decimal number. Never fails.
  static OptionalInt parseNumber(String text) {
    String number = text.strip();
    return number.matches("[0-9]{1,9}")
        ? OptionalInt.of(Integer.parseInt(number))
        : OptionalInt.empty();
  }

  /// Reads what a parameter of a module has for yes and no: `Y` and `N`, or numbers. Never fails.
  static OptionalInt parseAnswer(String text) {
    return switch (text.strip()) {
      case "Y", "y", "1" -> OptionalInt.of(1);
      case "N", "n", "0" -> OptionalInt.of(0);
      default -> OptionalInt.empty();
    };
  }

  /// Reads a list of which one is chosen, such as `none [integrity] confidentiality`; empty if none
  /// is. Never fails.
  static String parseChoice(String text) {
    Matcher chosen = CHOSEN.matcher(text);
    return chosen.find() ? chosen.group(1) : "";
  }

  /// Reads `/proc/uptime`: the seconds since the start, with a fraction, then others. Empty if it
  /// has another form. Never fails.
  public static Optional<Duration> parseUptime(String text) {
    int space = text.indexOf(' ');
    String seconds = space < 0 ? text.strip() : text.substring(0, space);
    if (seconds.length() > MOST_SECONDS_DIGITS
        || !seconds.matches("[0-9]{1,9}(?:\\.[0-9]{1,3})?")) {
      return Optional.empty();
    }
    return Optional.of(Duration.ofMillis(new BigDecimal(seconds).movePointRight(3).longValue()));
  }
}
