package redoubt.cli;

import java.nio.file.Path;
import java.util.Map;

/// Where this host keeps Redoubt's files.
///
/// @param state what outlives a restart: the journal, exceptions, content
/// @param run what does not: the control socket
/// @param config what the owner writes: engines, the rescue flag
/// @param home the installation
/// @param fleet what a fleet server on this host keeps
/// @param access by which this user reaches a fleet server
record Directories(Path state, Path run, Path config, Path home, Path fleet, Path access) {
  /// Takes the usual places, or those that the environment names.
  static Directories of(Map<String, String> environment) {
    return new Directories(
        Path.of(environment.getOrDefault("REDOUBT_STATE_DIR", "/var/lib/redoubt")),
        Path.of(environment.getOrDefault("REDOUBT_RUN_DIR", "/run/redoubt")),
        Path.of(environment.getOrDefault("REDOUBT_CONFIG_DIR", "/etc/redoubt")),
        Path.of(environment.getOrDefault("REDOUBT_HOME", "/usr/lib/redoubt")),
        Path.of(environment.getOrDefault("REDOUBT_FLEET_DIR", "/var/lib/redoubt-fleet")),
        Path.of(
            environment.getOrDefault(
                "REDOUBT_FLEET_ACCESS", userConfig(environment) + "/redoubt/fleet.json")));
  }

  /// Where a user's programs keep what they are told (XDG Base Directory Specification).
  private static String userConfig(Map<String, String> environment) {
    return environment.getOrDefault(
        "XDG_CONFIG_HOME", environment.getOrDefault("HOME", "/root") + "/.config");
  }

  Path controlSocket() {
    return run.resolve("control.sock");
  }

  Path journal() {
    return state.resolve("journal");
  }

  Path rescueFlag() {
    return config.resolve("rescue");
  }
}
