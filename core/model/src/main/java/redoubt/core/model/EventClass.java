package redoubt.core.model;

/// A class of events that an engine can ask for. The catalogue in `spec/events.md` describes each.
public enum EventClass {
  /// A program is about to be executed; the kernel waits for the answer.
  EXEC,
  /// A file is about to be opened; the kernel waits for the answer.
  OPEN
}
