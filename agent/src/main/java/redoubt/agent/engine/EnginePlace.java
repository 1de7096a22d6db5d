package redoubt.agent.engine;

import java.nio.file.Path;

/// Where one process of an engine runs, and as whom. An engine has two of them, so that the process
/// that takes over can start beside the one that serves.
///
/// @param uid its user id
/// @param relayUid that of its relays
/// @param socket where it connects
/// @param network the directory with the sockets of its relays
/// @param output the pipe into which it prints
/// @param group the name of the control groups' common room
record EnginePlace(int uid, int relayUid, Path socket, Path network, Path output, String group) {
  /// The first or the second place of the engine in a slot.
  static EnginePlace of(EngineSettings settings, EngineSeat seat, boolean second) {
    String name = seat.id() + (second ? "+next" : "");
    Path directory = settings.socketDirectory();
    return new EnginePlace(
        settings.uid(seat.slot(), second),
        settings.relayUid(seat.slot(), second),
        directory.resolve(name + ".sock"),
        directory.resolve(name + ".net"),
        directory.resolve(name + ".out"),
        settings.group() + (second ? "+next" : ""));
  }
}
