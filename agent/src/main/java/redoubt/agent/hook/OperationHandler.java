package redoubt.agent.hook;

/// Takes each operation that was read. Called by reading threads, so it must not block.
@FunctionalInterface
public interface OperationHandler {
  /// Takes over an operation and everything that it holds: it will be answered and released.
  void handle(Operation operation);
}
