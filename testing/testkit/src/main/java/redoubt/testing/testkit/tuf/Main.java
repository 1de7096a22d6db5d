package redoubt.testing.testkit.tuf;

/// The program: see [TufClient].
public final class Main {
  private Main() {}

  /// Runs it and ends the process with its status.
  public static void main(String[] arguments) {
    System.exit(TufClient.run(arguments, System.err));
  }
}
