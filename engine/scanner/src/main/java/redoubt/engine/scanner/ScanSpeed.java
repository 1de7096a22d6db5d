package redoubt.engine.scanner;

import java.time.Duration;

/// How long it takes to hold the rules in force against a content, by those before. Thread-safe.
final class ScanSpeed {
  /// Until it is known: what ten thousand rules take.
  private static final double FIRST_NANOS_A_BYTE = 80;

  private static final double FIRST_NANOS_A_FILE = 2_000_000;
  private static final double WEIGHT = 0.1;
  private static final double DOUBT = 0.02;

  /// More is the machine's fault, not the content's.
  private static final double MOST_NANOS_A_FILE = 50_000_000;

  private static final double MOST_NANOS_A_BYTE = 1_000;

  /// Shorter contents say how long a file takes, longer ones how long a byte does.
  private static final long SHORT_BYTES = 16 * 1024;

  private static final long LONG_BYTES = 256 * 1024;

  private double nanosPerByte = FIRST_NANOS_A_BYTE;
  private double nanosPerFile = FIRST_NANOS_A_FILE;

  /// How long a content of that length is expected to take.
  synchronized Duration expected(long bytes) {
    return Duration.ofNanos((long) (nanosPerFile + nanosPerByte * bytes));
  }

  /// Something was not looked at because it would have taken too long. So that a wrong guess is
  /// found out, it is believed a little less each time.
  synchronized void tooLong() {
    nanosPerByte *= 1 - DOUBT;
    nanosPerFile *= 1 - DOUBT;
  }

  /// A content took so long, on a thread that gives way to none.
  synchronized void took(long bytes, long nanos) {
    if (bytes <= SHORT_BYTES) {
      nanosPerFile += WEIGHT * (Math.min((double) nanos, MOST_NANOS_A_FILE) - nanosPerFile);
    } else if (bytes >= LONG_BYTES) {
      double sample =
          Math.clamp(((double) nanos - nanosPerFile) / (double) bytes, 0, MOST_NANOS_A_BYTE);
      nanosPerByte += WEIGHT * (sample - nanosPerByte);
    }
  }

  /// Other rules are in force.
  synchronized void forget() {
    nanosPerByte = FIRST_NANOS_A_BYTE;
    nanosPerFile = FIRST_NANOS_A_FILE;
  }
}
