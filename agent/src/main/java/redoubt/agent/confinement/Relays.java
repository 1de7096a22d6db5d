package redoubt.agent.confinement;

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
import redoubt.core.linux.Pidfd;
import redoubt.core.model.EngineId;

/// A confined process's way to the peers that it may reach: for each one a relay, a confined
/// process of its own, and a socket in the other's view, which itself has no network.
///
/// A relay looks the peer's name up anew for every connection, and passes bytes. For one thread.
public final class Relays implements AutoCloseable {
  /// How long a killed relay may take to end.
  private static final int KILL_MILLIS = 500;

  private final Spawner spawner;
  private final Path directory;
  private final List<Integer> pids = new ArrayList<>();

  /// What is started.
  ///
  /// @param id whose relays they are, for the spawner's messages
  /// @param peers `HOST:PORT` each
  /// @param uid their user id
  /// @param directory for their sockets: one for each host, in which one for each port
  /// @param filter a file with a filter of system calls, which relays do without
  /// @param output what their output is written to
  public record Plan(
      EngineId id, Set<String> peers, int uid, Path directory, Path filter, Path output) {
    public Plan {
      peers = Set.copyOf(peers);
    }
  }

  private Relays(Spawner spawner, Path directory) {
    this.spawner = spawner;
    this.directory = directory;
  }

  /// Starts them.
  ///
  /// @param groups the control groups of the process that they are for, which they join
  /// @throws UncheckedIOException if one cannot be started
  public static Relays start(
      Spawner spawner, EngineSandbox sandbox, EngineGroups groups, Plan plan) {
    Relays relays = new Relays(spawner, plan.directory());
    try {
      relays.clear();
      for (String peer : plan.peers()) {
        Path room = relays.room(peer, plan.uid());
        relays.pids.add(
            spawner.start(
                plan.id(),
                plan.filter(),
                plan.output(),
                groups,
                sandbox.relay(plan.uid(), room, peer)));
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

  /// The directory to show to the process, if it may reach anybody.
  public Optional<Path> sockets() {
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
