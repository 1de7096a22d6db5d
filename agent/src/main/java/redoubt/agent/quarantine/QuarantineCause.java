package redoubt.agent.quarantine;

import java.time.Instant;

/// Why a file was put away.
///
/// @param engine who wished it, empty if its owner did
/// @param rule what matched, empty for nothing
/// @param reason for people, empty for nothing
/// @param uid the user who asked for it; -1 if nobody did
/// @param at when
public record QuarantineCause(String engine, String rule, String reason, int uid, Instant at) {
  /// Nobody asked for it: an engine wished it.
  public static final int NOBODY = -1;
}
