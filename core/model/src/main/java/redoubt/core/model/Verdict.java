package redoubt.core.model;

/// What an engine or the platform says of an operation that waits.
public enum Verdict {
  /// The operation may go on.
  ALLOW,
  /// The operation fails with `EPERM`.
  DENY
}
