package redoubt.agent.control;

import redoubt.core.wire.ControlReply;
import redoubt.core.wire.ControlRequest;

/// Carries out what a permitted peer asked for. Called by several threads.
@FunctionalInterface
public interface ControlHandler {
  /// Carries out one request.
  ///
  /// @param uid who asks
  ControlReply handle(ControlRequest request, int uid);
}
