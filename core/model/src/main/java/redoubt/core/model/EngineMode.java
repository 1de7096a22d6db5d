package redoubt.core.model;

/// What an engine's DENY is worth. Chosen by the owner, per engine, switchable at run time.
public enum EngineMode {
  /// The engine is heard and recorded; nothing is ever denied on its word.
  MONITOR,
  /// The engine's DENY denies, unless the owner's exception or the protected set stands against it.
  ENFORCE
}
