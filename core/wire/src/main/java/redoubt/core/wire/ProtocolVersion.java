package redoubt.core.wire;

import java.util.OptionalInt;

/// Which version of the engine protocol two peers speak.
public final class ProtocolVersion {
  private ProtocolVersion() {}

  /// Returns the newest version that both this build and a peer speak, or nothing if there is none.
  ///
  /// @param oldest the oldest version that the peer speaks
  /// @param newest the newest version that the peer speaks
  public static OptionalInt negotiate(int oldest, int newest) {
    int common = Math.min(newest, WireLimits.PROTOCOL_VERSION);
    boolean spoken = common >= Math.max(oldest, WireLimits.OLDEST_PROTOCOL_VERSION);
    return spoken ? OptionalInt.of(common) : OptionalInt.empty();
  }
}
