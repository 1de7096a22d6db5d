package redoubt.agent.supply;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileVisitResult;
import java.nio.file.FileVisitor;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import redoubt.agent.confinement.EngineSandbox;
import redoubt.agent.confinement.EngineUsers;
import redoubt.agent.confinement.Spawner;
import redoubt.core.tuf.mirror.MirrorException;

/// Fetches files from addresses with `curl`, one confined process for each: what comes over a
/// network meets a program that can do nothing with it but to write it to a folder of its own. The
/// agent reads the file when that process and all that it started have ended.
///
/// A status of 404, 403 (which some stores give for what is not there) or 410 means that there is
/// no such file. Up to three redirects are followed, never from HTTPS to HTTP. No proxy, no
/// cookies, no compression. For one thread at a time.
final class Courier {
  /// Where it writes, in its own view.
  private static final String FILE = "fetched";

  private static final int OK = 200;
  private static final Set<Integer> ABSENT = Set.of(403, 404, 410);
  private static final String STATUS = "status=";

  /// What it may print, beside the file.
  private static final int MOST_PRINTED = 4096;

  private static final Duration TO_END = Duration.ofSeconds(10);

  private static final FileVisitor<Path> DELETION =
      new SimpleFileVisitor<>() {
        @Override
        public FileVisitResult visitFile(Path file, BasicFileAttributes facts) throws IOException {
          Files.delete(file);
          return FileVisitResult.CONTINUE;
        }

        @Override
        public FileVisitResult postVisitDirectory(Path directory, @Nullable IOException failed)
            throws IOException {
          Files.delete(directory);
          return FileVisitResult.CONTINUE;
        }
      };

  private final Spawner spawner;
  private final EngineSandbox sandbox;
  private final Path room;
  private final Path output;
  private final Patience patience;

  /// How long an address may take: enough for a poor line, not enough to hold a host up for ever
  /// (TUF 1.5.2, slow retrieval).
  ///
  /// @param connect until a connection stands
  /// @param slow for how long it may send less than `leastBytesPerSecond`, the time until it
  ///   answers included
  /// @param leastBytesPerSecond what is not slow; a file takes no longer than its length at this
  ///   rate and twice `slow`
  record Patience(Duration connect, Duration slow, long leastBytesPerSecond) {
    static final Patience DEFAULT =
        new Patience(Duration.ofSeconds(10), Duration.ofSeconds(30), 4096);

    private Duration longest(long bytes) {
      return connect.plus(slow.multipliedBy(2)).plusSeconds(bytes / leastBytesPerSecond);
    }
  }

  /// @param room a folder for what is fetched, in one of the agent's; made, and given to the
  ///   process's user
  /// @param output a file that takes what the process prints
  Courier(Spawner spawner, EngineSandbox sandbox, Path room, Path output, Patience patience) {
    this.spawner = spawner;
    this.sandbox = sandbox;
    this.room = room;
    this.output = output;
    this.patience = patience;
  }

  /// Fetches a file.
  ///
  /// @return where it lies until the next one is fetched, not longer than `maxBytes`; nothing if
  ///   there is none at that address
  /// @throws MirrorException if it cannot be had, comes too slowly or is longer
  Optional<Path> fetch(URI address, long maxBytes) throws MirrorException {
    try {
      makeRoom();
      int status = spawner.run(command(address, maxBytes), output, limit(maxBytes));
      List<String> printed = printed();
      int answer = answer(printed);
      if (ABSENT.contains(answer)) {
        return Optional.empty();
      }
      if (status != 0 || answer != OK) {
        throw failed(address, maxBytes, status, answer, printed);
      }
      return Optional.of(takeOut(address, maxBytes));
    } catch (IOException | UncheckedIOException e) {
      throw new MirrorException(
          "the courier cannot go: address=" + address + " error=" + e.getMessage(), e);
    }
  }

  /// Whatever the process before it left is gone.
  private void makeRoom() throws IOException {
    Files.deleteIfExists(room.resolveSibling(FILE));
    if (Files.exists(room, LinkOption.NOFOLLOW_LINKS)) {
      Files.walkFileTree(room, DELETION);
    }
    Files.createDirectory(room);
    Files.setAttribute(room, "unix:uid", EngineUsers.COURIER);
    Files.setAttribute(room, "unix:gid", EngineUsers.COURIER);
  }

  /// Takes the file to where its maker cannot reach its name any more, and only then looks at it:
  /// what is no regular file is not opened.
  private Path takeOut(URI address, long maxBytes) throws IOException, MirrorException {
    Path file = room.resolveSibling(FILE);
    Files.move(room.resolve(FILE), file, StandardCopyOption.ATOMIC_MOVE);
    if (!Files.isRegularFile(file, LinkOption.NOFOLLOW_LINKS) || Files.size(file) > maxBytes) {
      throw new MirrorException("nothing that can be taken came: address=" + address);
    }
    return file;
  }

  private Duration limit(long maxBytes) {
    return patience.longest(maxBytes).plus(TO_END);
  }

  private List<String> command(URI address, long maxBytes) {
    // The first is that nobody's settings are read.
    List<String> arguments =
        List.of(
            "--disable",
            "--globoff",
            "--path-as-is",
            "--silent",
            "--show-error",
            "--fail",
            "--noproxy",
            "*",
            "--location",
            "--max-redirs",
            "3",
            "--proto",
            "=http,https",
            "--proto-redir",
            "https".equals(address.getScheme()) ? "=https" : "=http,https",
            "--connect-timeout",
            seconds(patience.connect),
            "--speed-time",
            seconds(patience.slow),
            "--speed-limit",
            Long.toString(patience.leastBytesPerSecond),
            "--max-time",
            seconds(patience.longest(maxBytes)),
            "--max-filesize",
            Long.toString(maxBytes),
            "--write-out",
            "\\n" + STATUS + "%{http_code}\\n",
            "--output",
            EngineSandbox.COURIER + "/" + FILE,
            "--url",
            address.toString());
    return sandbox.courier(EngineUsers.COURIER, room, Math.max(maxBytes, MOST_PRINTED), arguments);
  }

  /// As curl wants it: whole ones, at least one.
  private static String seconds(Duration time) {
    return Long.toString(Math.max(1, time.toSeconds()));
  }

  private List<String> printed() throws IOException {
    try (InputStream in = Files.newInputStream(output)) {
      return new String(in.readNBytes(MOST_PRINTED), StandardCharsets.UTF_8)
          .lines()
          .filter(line -> !line.isBlank())
          .toList();
    } finally {
      Files.deleteIfExists(output);
    }
  }

  /// The last answer's status, 0 if none came.
  private static int answer(List<String> printed) {
    return printed.stream()
        .filter(line -> line.matches(STATUS + "[0-9]{3}"))
        .mapToInt(line -> Integer.parseInt(line.substring(STATUS.length())))
        .reduce(0, (_, last) -> last);
  }

  private static MirrorException failed(
      URI address, long maxBytes, int status, int answer, List<String> printed) {
    String why =
        printed.stream().filter(line -> !line.startsWith(STATUS)).findFirst().orElse("ended");
    return new MirrorException(
        "the mirror failed: address="
            + address
            + " status="
            + answer
            + " limitBytes="
            + maxBytes
            + " error="
            + why
            + " ("
            + status
            + ")");
  }
}
