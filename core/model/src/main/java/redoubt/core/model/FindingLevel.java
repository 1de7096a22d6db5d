package redoubt.core.model;

/// How much a finding matters.
public enum FindingLevel {
  /// Worth to know; nobody has to look.
  INFORMATIONAL,
  /// Rarely more than work of an administrator.
  LOW,
  /// To be looked at in the course of the day.
  MEDIUM,
  /// To be looked at soon.
  HIGH,
  /// To be looked at now.
  CRITICAL
}
