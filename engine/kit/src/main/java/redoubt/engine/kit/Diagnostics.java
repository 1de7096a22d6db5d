package redoubt.engine.kit;

/// Lines on standard error, which the agent's supervisor keeps.
final class Diagnostics {
  private Diagnostics() {}

  static void line(String message) {
    System.err.println("redoubt engine: " + message);
  }
}
