package redoubt.agent.decision;

import redoubt.core.model.EngineId;

/// What stands above every engine: the protected set and the owner's exceptions. Implementations
/// are thread-safe and read immutable snapshots.
public interface Guardrails {
  /// Whether nothing may deny this file. Called on the answer path: does not block or allocate.
  boolean isProtected(long device, long inode, long birthNanos);

  /// The id of the owner's exception that outweighs this engine's DENY, empty if none does.
  String exceptionFor(Subject subject, EngineId engine, long wallMillis);

  /// Counts changes of the owner's policy.
  long generation();

  /// Nothing is protected and nothing excepted: for warming up and measuring.
  static Guardrails none() {
    return new Guardrails() {
      @Override
      public boolean isProtected(long device, long inode, long birthNanos) {
        return false;
      }

      @Override
      public String exceptionFor(Subject subject, EngineId engine, long wallMillis) {
        return "";
      }

      @Override
      public long generation() {
        return 0;
      }
    };
  }
}
