package redoubt.cli;

import java.util.function.BooleanSupplier;

/// A line that tells how far long work is, written over again and again; only on a terminal, and
/// beside the output. Not thread-safe.
final class ProgressLine {
  private static final long INTERVAL_NANOS = 200_000_000L;
  private static final String ERASE = "\r\u001b[K";

  private final Terminal terminal;
  private final BooleanSupplier wanted;
  private long shownNanos;
  private boolean shown;

  /// @param wanted whether whoever reads the output wants it
  ProgressLine(Terminal terminal, BooleanSupplier wanted) {
    this.terminal = terminal;
    this.wanted = wanted;
  }

  /// Whether it can be seen at all.
  boolean isVisible() {
    return terminal.colours() && wanted.getAsBoolean();
  }

  /// Whether it can be seen, and what it shows is old enough to be shown anew.
  boolean isDue() {
    return isVisible() && System.nanoTime() - shownNanos >= INTERVAL_NANOS;
  }

  /// Shows a line in place of the last, if it can be seen.
  void show(String line) {
    if (isVisible()) {
      shownNanos = System.nanoTime();
      shown = true;
      terminal.err().print(ERASE + line);
      terminal.err().flush();
    }
  }

  /// Takes the line away, so that something else can be printed.
  void clear() {
    if (shown) {
      terminal.err().print(ERASE);
      terminal.err().flush();
      shown = false;
    }
  }
}
