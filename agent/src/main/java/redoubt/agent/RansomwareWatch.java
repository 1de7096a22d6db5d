package redoubt.agent;

/// What is done about ransomware.
enum RansomwareWatch {
  /// It is reported.
  REPORT,
  /// It is stopped, with all that it started, until the owner lets it go on.
  FREEZE
}
