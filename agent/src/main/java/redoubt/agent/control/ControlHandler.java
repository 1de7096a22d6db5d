package redoubt.agent.control;

import java.util.List;
import redoubt.core.wire.ControlReply;
import redoubt.core.wire.ControlRequest;

/// Carries out what a permitted peer asked for. Called by several threads.
@FunctionalInterface
public interface ControlHandler {
  /// Who asks, as the kernel vouches for it.
  ///
  /// @param uid the user
  /// @param pid the process, 0 if it is in no namespace that is seen from here
  record Asker(int uid, int pid) {}

  /// Carries out one request.
  ///
  /// @param descriptors what came with a request that takes them: they are the handler's to close;
  ///   empty for every other request
  ControlReply handle(ControlRequest request, Asker asker, List<Integer> descriptors);
}
