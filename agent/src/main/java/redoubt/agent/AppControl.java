package redoubt.agent;

import redoubt.core.model.EngineId;

/// What is done about programs that neither a package brought nor the owner trusts.
enum AppControl {
  /// They run, and it is recorded that they would be denied.
  AUDIT,
  /// They do not run.
  LOCKDOWN;

  /// The engine that judges.
  static final EngineId ENGINE = new EngineId("allowlist");
}
