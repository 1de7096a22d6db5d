package redoubt.agent.fleet;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Optional;
import redoubt.core.wire.FleetMessage;

/// Does on this host what operators of its fleet want. Two threads at a time at most: one for what
/// is quick, and one for what may take long.
public interface RemoteActions {
  /// What came of something.
  ///
  /// @param text for people
  /// @param file what the server is to have, if there is something; whoever brings it there removes
  ///   it
  record Result(String text, Optional<Path> file) {
    /// There is nothing to bring.
    public static Result of(String text) {
      return new Result(text, Optional.empty());
    }
  }

  /// Does it; blocks until it is done.
  ///
  /// @param operator who wants it
  /// @param server whom this host must go on to reach
  /// @throws IOException with the cause, for people, if it is not done
  Result carryOut(FleetMessage.Action action, String operator, FleetPlace server)
      throws IOException;

  /// Whether it may take minutes or hours: then what is quick does not wait for it.
  static boolean takesLong(FleetMessage.Action action) {
    return switch (action) {
      case FleetMessage.Action.Scan _,
          FleetMessage.Action.TakeBack _,
          FleetMessage.Action.Collect _ ->
          true;
      case FleetMessage.Action.Isolate _, FleetMessage.Action.EndIsolation _ -> false;
    };
  }
}
