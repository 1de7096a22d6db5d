package redoubt.agent;

/// Runs the answer path many times before anybody waits for it.
final class Warmup {
  private Warmup() {}

  static void run() {}
}
