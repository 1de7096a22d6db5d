package redoubt.agent.fleet;

import java.io.IOException;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;

/// How long this host has run, the time that it slept included: a clock that nobody can set.
@FunctionalInterface
public interface Uptime {
  /// Milliseconds since the kernel started; grows by at least ten at a time.
  ///
  /// @throws IOException if the kernel does not say
  long millis() throws IOException;

  /// The kernel's, by `/proc/uptime` (proc_uptime(5)), which is CLOCK_BOOTTIME.
  static Uptime ofKernel() {
    return () -> {
      String text = Files.readString(Path.of("/proc/uptime"), StandardCharsets.US_ASCII);
      try {
        return new BigDecimal(text.substring(0, text.indexOf(' ')))
            .movePointRight(3)
            .longValueExact();
      } catch (ArithmeticException | IndexOutOfBoundsException | NumberFormatException e) {
        throw new IOException("cannot be read: file=/proc/uptime", e);
      }
    };
  }
}
