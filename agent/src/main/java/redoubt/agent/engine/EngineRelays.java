package redoubt.agent.engine;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import redoubt.agent.confinement.EngineGroups;
import redoubt.agent.confinement.EngineSandbox;
import redoubt.agent.confinement.Spawner;
import redoubt.core.linux.Pidfd;

/// An engine's way to the peers that its owner granted: for each one a relay, a confined process of
/// its own, and a socket in the engine's view. The engine itself has no network.
///
/// A relay looks the peer's name up anew for every connection, and passes bytes. For one thread.
final class EngineRelays implements AutoCloseable {
  /// How long a killed relay may take to end.
  private static final int KILL_MILLIS = 500;

  private final Spawner spawner;
  private final Path directory;
  private final List<Integer> pids = new ArrayList<>();

  private EngineRelays(Spawner spawner, Path directory) {
    this.spawner = spawner;
    this.directory = directory;
  }

  /// Starts the relays of an engine.
  ///
  /// @param place where the engine runs
  /// @param groups the engine's control groups, which its relays join
  /// @throws UncheckedIOException if one cannot be started
  static EngineRelays start(
      EngineHost host,
      EngineSandbox sandbox,
      EngineSeat seat,
      EnginePlace place,
      EngineGroups groups) {
    Spawner spawner = host.spawner();
    EngineRelays relays = new EngineRelays(spawner, place.network());
    try {
      relays.clear();
      Set<String> peers = seat.rights().network();
      int uid = place.relayUid();
      for (String peer : peers) {
        Path room = relays.room(peer, uid);
        relays.pids.add(
            spawner.start(
                seat.id(),
                host.settings().filter(),
                place.output(),
                groups,
                sandbox.relay(uid, room, peer)));
      }
      return relays;
    } catch (IOException e) {
      relays.close();
      throw new UncheckedIOException(e);
    } catch (RuntimeException e) {
      relays.close();
      throw e;
    }
  }

  /// The directory to show to the engine, if it may reach anybody.
  Optional<Path> sockets() {
    return pids.isEmpty() ? Optional.empty() : Optional.of(directory);
  }

  /// A directory for one host, which its relays may write to.
  private Path room(String peer, int uid) throws IOException {
    Path room = directory.resolve(peer.substring(0, peer.indexOf(':')));
    Files.createDirectories(
        room, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwxr-xr-x")));
    Files.setAttribute(room, "unix:uid", uid);
    return room;
  }

  /// An agent that was killed left its sockets.
  private void clear() throws IOException {
    if (Files.notExists(directory)) {
      return;
    }
    Files.walkFileTree(
        directory,
        new SimpleFileVisitor<>() {
          @Override
          public FileVisitResult visitFile(Path file, BasicFileAttributes facts)
              throws IOException {
            Files.delete(file);
            return FileVisitResult.CONTINUE;
          }
        });
  }

  @Override
  public void close() {
    for (int pid : pids) {
      try (Pidfd relay = Pidfd.open(pid).orElse(null)) {
        spawner.end(pid, relay, KILL_MILLIS);
      }
    }
  }
}
