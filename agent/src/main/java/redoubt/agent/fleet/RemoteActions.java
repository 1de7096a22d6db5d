package redoubt.agent.fleet;

import java.io.IOException;
import redoubt.core.wire.FleetMessage;

/// Does on this host what operators of its fleet want. One thread at a time.
public interface RemoteActions {
  /// Does it; blocks until it is done.
  ///
  /// @param operator who wants it
  /// @param server whom this host must go on to reach
  /// @return what came of it, for people
  /// @throws IOException with the cause, for people, if it is not done
  String carryOut(FleetMessage.Action action, String operator, FleetPlace server)
      throws IOException;
}
