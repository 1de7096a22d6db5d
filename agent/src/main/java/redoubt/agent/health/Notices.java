package redoubt.agent.health;

import redoubt.core.model.PlatformNotice;

/// Where the agent's rooms report what the operator should know. Never blocks.
@FunctionalInterface
public interface Notices {
  /// Takes one notice.
  void report(PlatformNotice.Kind kind, String subject, String message);
}
