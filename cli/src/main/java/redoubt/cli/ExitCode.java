package redoubt.cli;

/// What the command's exit status means; every help text lists the same.
final class ExitCode {
  /// Done, or the answer is yes.
  static final int OK = 0;

  /// The answer is no: nothing was found, or the doctor found a problem.
  static final int NO = 1;

  /// The command line was wrong.
  static final int USAGE = 2;

  /// No agent runs, or it, or the fleet server, does not answer.
  static final int NO_AGENT = 3;

  /// The user may not do that.
  static final int PERMISSION = 4;

  /// The agent or this program failed.
  static final int INTERNAL = 5;

  private ExitCode() {}
}
