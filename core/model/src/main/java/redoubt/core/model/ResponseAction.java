package redoubt.core.model;

/// What can be done about a process that an engine has found something in, or about a file. The
/// engine wishes it, the owner grants it.
public enum ResponseAction {
  /// The process is ended.
  KILL,
  /// The process and all that it started are ended.
  KILL_TREE,
  /// The process and all that it started are stopped until the owner lets them go on.
  FREEZE,
  /// What there is of the process is kept for whoever looks into it.
  COLLECT,
  /// The program that the process runs, or the file that was denied, is put away, so that nobody
  /// finds it; its owner can have it back.
  QUARANTINE
}
