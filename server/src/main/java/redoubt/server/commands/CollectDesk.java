package redoubt.server.commands;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import redoubt.core.model.HostId;
import redoubt.core.wire.FleetMessage;
import redoubt.core.wire.HostMessage;
import redoubt.server.plane.HostEvents;
import redoubt.server.plane.HostSession;
import redoubt.server.store.CommandStore;

/// Takes what hosts collect, part by part, into files that nobody here looks into. A host begins
/// anew after its connection has ended in between. Thread-safe.
public final class CollectDesk implements HostEvents, AutoCloseable {
  private static final System.Logger LOG = System.getLogger("redoubt.server");

  /// The most that one host brings at a time: what `redoubt collect` writes, and a little more.
  private static final long MOST_BYTES = 18L << 20;

  /// How much is kept in all; the oldest goes first.
  private static final long MOST_KEPT_BYTES = 4L << 30;

  private static final Duration KEPT = Duration.ofDays(30);
  private static final String DONE = ".zip";
  private static final String UNDER_WAY = ".part";

  private final Path folder;
  private final CommandStore commands;
  private final InstantSource clock;
  private final Map<HostId, Receiving> receiving = new HashMap<>();

  /// @param folder where it is kept; made when there is something
  public CollectDesk(Path folder, CommandStore commands, InstantSource clock) {
    this.folder = folder;
    this.commands = commands;
    this.clock = clock;
  }

  /// What a host is bringing.
  private static final class Receiving {
    private final long command;
    private final Path file;
    private final FileChannel channel;
    private long next;

    Receiving(long command, Path file, FileChannel channel) {
      this.command = command;
      this.file = file;
      this.channel = channel;
    }
  }

  /// What a host has collected for a command; nothing if it has not, or it is not kept any more.
  public Optional<Path> find(HostId host, long command) {
    return Optional.of(folder.resolve(name(host, command) + DONE)).filter(Files::isRegularFile);
  }

  private static String name(HostId host, long command) {
    return host + "-" + command;
  }

  @Override
  public void arrived(HostSession session, HostMessage.Hello hello) {
    // It begins by itself.
  }

  @Override
  public void said(HostSession session, HostMessage message) {
    if (message instanceof HostMessage.Part part) {
      session.send(take(session.host().id(), part));
    }
  }

  private synchronized FleetMessage take(HostId host, HostMessage.Part part) {
    try {
      Receiving one = receiving.get(host);
      if (one == null || one.command != part.command()) {
        forget(host);
        if (!isWanted(host, part.command())) {
          return refusal(part, "nobody has asked for it");
        }
        one = begin(host, part.command());
      }
      if (part.offset() != one.next) {
        return new FleetMessage.PartKept(part.command(), one.next, "");
      }
      if (one.next + part.bytes().length() > MOST_BYTES) {
        forget(host);
        return refusal(part, "it is too much: bytes=" + MOST_BYTES);
      }
      write(host, one, part);
      return new FleetMessage.PartKept(part.command(), one.next, "");
    } catch (IOException e) {
      LOG.log(System.Logger.Level.ERROR, "what a host has collected cannot be kept", e);
      forget(host);
      return refusal(part, "the server cannot keep it; its log says why");
    }
  }

  private static FleetMessage refusal(HostMessage.Part part, String problem) {
    return new FleetMessage.PartKept(part.command(), 0, problem);
  }

  private boolean isWanted(HostId host, long command) {
    return commands.open(host, clock.instant()).stream()
        .filter(open -> open.id() == command)
        .anyMatch(open -> open.action() instanceof FleetMessage.Action.Collect);
  }

  private Receiving begin(HostId host, long command) throws IOException {
    Files.createDirectories(
        folder, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
    makeRoom();
    Path file = folder.resolve(name(host, command) + UNDER_WAY);
    Receiving one =
        new Receiving(
            command,
            file,
            FileChannel.open(
                file,
                StandardOpenOption.CREATE,
                StandardOpenOption.TRUNCATE_EXISTING,
                StandardOpenOption.WRITE));
    receiving.put(host, one);
    return one;
  }

  private void write(HostId host, Receiving one, HostMessage.Part part) throws IOException {
    ByteBuffer bytes = ByteBuffer.wrap(part.bytes().toArray());
    while (bytes.hasRemaining()) {
      one.channel.write(bytes);
    }
    one.next += part.bytes().length();
    if (part.isLast()) {
      one.channel.force(true);
      one.channel.close();
      Files.move(
          one.file,
          folder.resolve(name(host, one.command) + DONE),
          StandardCopyOption.ATOMIC_MOVE,
          StandardCopyOption.REPLACE_EXISTING);
      receiving.remove(host);
    }
  }

  private void forget(HostId host) {
    Receiving one = receiving.remove(host);
    if (one != null) {
      try {
        one.channel.close();
        Files.deleteIfExists(one.file);
      } catch (IOException e) {
        LOG.log(System.Logger.Level.WARNING, "a part of what was collected is left", e);
      }
    }
  }

  private record Kept(Path file, Instant at, long bytes) {}

  /// What is too old goes, and the oldest of what there is no room for.
  private void makeRoom() throws IOException {
    List<Kept> all = new ArrayList<>();
    try (Stream<Path> files = Files.list(folder)) {
      for (Path file : files.filter(each -> each.toString().endsWith(DONE)).toList()) {
        BasicFileAttributes facts = Files.readAttributes(file, BasicFileAttributes.class);
        all.add(new Kept(file, facts.lastModifiedTime().toInstant(), facts.size()));
      }
    }
    all.sort(Comparator.comparing(Kept::at));
    long bytes = all.stream().mapToLong(Kept::bytes).sum() + MOST_BYTES;
    Instant oldest = clock.instant().minus(KEPT);
    for (Kept kept : all) {
      if (bytes <= MOST_KEPT_BYTES && kept.at().isAfter(oldest)) {
        return;
      }
      Files.deleteIfExists(kept.file());
      bytes -= kept.bytes();
    }
  }

  @Override
  public synchronized void gone(HostSession session, boolean saidGoodbye) {
    forget(session.host().id());
  }

  @Override
  public synchronized void close() {
    List.copyOf(receiving.keySet()).forEach(this::forget);
  }
}
