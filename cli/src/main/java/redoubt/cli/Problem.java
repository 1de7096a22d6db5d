package redoubt.cli;

import java.util.Objects;

/// Something that ends the command, in words for the owner.
///
/// The message reads `problem: name=value` without the first word, which the printer adds.
final class Problem extends RuntimeException {
  private static final long serialVersionUID = 1L;

  /// One of [ExitCode].
  private final int exitCode;

  /// What would mend it, one line; empty if nothing is known to.
  private final String fix;

  Problem(int exitCode, String message, String fix) {
    super(message);
    this.exitCode = exitCode;
    this.fix = fix;
  }

  int exitCode() {
    return exitCode;
  }

  String fix() {
    return fix;
  }

  @Override
  public String getMessage() {
    return Objects.requireNonNull(super.getMessage());
  }
}
