package redoubt.agent.engine;

/// What a process of an engine is there for.
enum EngineRole {
  /// It serves as soon as it can.
  FIRST,
  /// It takes over from one that serves, if it takes its content.
  SUCCESSOR,
  /// It hears what the one that serves hears, without a vote, until it takes over.
  TRIED
}
