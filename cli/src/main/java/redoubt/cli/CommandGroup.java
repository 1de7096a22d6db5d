package redoubt.cli;

/// A word of the command line that does nothing without another one behind it.
abstract class CommandGroup extends Subcommand {
  private final String question;
  private final String fix;

  /// @param question what was left open, for people
  /// @param fix where they find the words
  CommandGroup(Session session, String question, String fix) {
    super(session);
    this.question = question;
    this.fix = fix;
  }

  @Override
  public final Integer call() {
    throw new Problem(ExitCode.USAGE, question, fix);
  }
}
