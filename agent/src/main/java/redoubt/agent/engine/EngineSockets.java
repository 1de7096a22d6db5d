package redoubt.agent.engine;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import redoubt.agent.health.TimeSource;
import redoubt.agent.process.SelfProcesses;
import redoubt.agent.process.SocketHolders;
import redoubt.core.linux.KernelFile;
import redoubt.core.linux.Pidfd;

/// The sockets of this host that an engine was granted, during one run of it: which of them it was
/// shown, and the programs that serve there, which are its helpers.
///
/// An engine sees the socket that was there when it was started. One that is made anew under the
/// name is another, and has the engine started again. Who serves is not what the engine says, but
/// who has the listening socket open, init apart: it makes sockets for others. One in another
/// network namespace is not found, and is no helper. Thread-safe.
final class EngineSockets implements AutoCloseable {
  /// How long who serves is not looked for again.
  private static final long LOOK_NANOS = Duration.ofSeconds(10).toNanos();

  /// How long an engine has to be there before it is started again for a socket's sake.
  private static final long SETTLED_NANOS = Duration.ofSeconds(5).toNanos();

  /// `S_IFMT` and `S_IFSOCK`.
  private static final int FILE_TYPE = 0170000;

  private static final int SOCKET = 0140000;
  private static final int INIT = 1;
  private static final int MOST_HELPERS = 32;

  /// `Num RefCount Protocol Flags Type St Inode Path`, of one that listens.
  private static final Pattern LISTENING =
      Pattern.compile("[0-9a-f]+: \\S+ \\S+ 00010000 \\S+ \\S+ +(\\d{1,18}) (/.*)");

  private final Set<Path> granted;
  private final Map<Path, Object> shown;
  private final SelfProcesses self;
  private final TimeSource time;
  private final long begunNanos;
  private final Map<Integer, Pidfd> helpers = new HashMap<>();
  private long lookedNanos;

  private EngineSockets(Set<Path> granted, SelfProcesses self, TimeSource time) {
    this.granted = granted;
    this.shown = present(granted);
    this.self = self;
    this.time = time;
    begunNanos = time.nanos();
    lookedNanos = begunNanos - LOOK_NANOS;
  }

  /// Looks which are there.
  ///
  /// @param self is told of those who serve
  static EngineSockets open(Set<Path> granted, SelfProcesses self, TimeSource time) {
    EngineSockets sockets = new EngineSockets(granted, self, time);
    sockets.findHelpers();
    return sockets;
  }

  /// Those that the engine can be shown.
  List<Path> shown() {
    return shown.keySet().stream().sorted().toList();
  }

  /// Looks again, now and then, who serves.
  ///
  /// @return the socket for whose sake the engine has to be started again
  synchronized Optional<Path> tick() {
    if (granted.isEmpty()) {
      return Optional.empty();
    }
    findHelpers();
    if (time.nanos() - begunNanos < SETTLED_NANOS) {
      return Optional.empty();
    }
    return present(granted).entrySet().stream()
        .filter(now -> !now.getValue().equals(shown.get(now.getKey())))
        .map(Map.Entry::getKey)
        .findFirst();
  }

  private static Map<Path, Object> present(Set<Path> paths) {
    Map<Path, Object> present = new HashMap<>();
    for (Path path : paths) {
      try {
        Map<String, Object> facts = Files.readAttributes(path, "unix:mode,fileKey,creationTime");
        if (facts.get("mode") instanceof Integer mode && (mode & FILE_TYPE) == SOCKET) {
          // An inode's number is soon used again; when it was made is not.
          present.put(path, facts);
        }
      } catch (IOException _) {
        // It is not there.
      }
    }
    return present;
  }

  private synchronized void findHelpers() {
    boolean ended = helpers.values().stream().anyMatch(helper -> helper.awaitExit(0));
    boolean due = helpers.isEmpty() && time.nanos() - lookedNanos >= LOOK_NANOS;
    if (granted.isEmpty() || !(ended || due)) {
      return;
    }
    lookedNanos = time.nanos();
    forget();
    Set<Long> listening = listening();
    if (listening.isEmpty()) {
      return;
    }
    Set<Integer> holders = new HashSet<>();
    for (int process : processes()) {
      if (process != INIT && holders.size() < MOST_HELPERS) {
        SocketHolders.look(process, listening, (_, holder) -> holders.add(holder));
      }
    }
    for (int holder : holders) {
      Pidfd.open(holder)
          .ifPresent(process -> {
            helpers.put(holder, process);
            self.addHelper(holder, process.uniqueId());
          });
    }
  }

  private static List<Integer> processes() {
    try {
      return List.copyOf(KernelFile.numbers("/proc"));
    } catch (IOException _) {
      return List.of();
    }
  }

  /// The inodes of those of the granted sockets at which somebody listens.
  private Set<Long> listening() {
    Set<String> names =
        granted.stream()
            .map(path -> String.valueOf(path.getFileName()))
            .collect(Collectors.toSet());
    try (Stream<String> lines =
        Files.lines(Path.of("/proc/self/net/unix"), StandardCharsets.ISO_8859_1)) {
      return lines
          .map(LISTENING::matcher)
          .filter(Matcher::matches)
          .filter(line -> names.contains(line.group(2).replaceFirst(".*/", "")))
          .filter(line -> isGranted(Path.of(line.group(2))))
          .map(line -> Long.valueOf(line.group(1)))
          .collect(Collectors.toSet());
    } catch (IOException | UncheckedIOException _) {
      return Set.of();
    }
  }

  /// Whoever listens may have named the socket by another path.
  private boolean isGranted(Path bound) {
    return granted.stream().anyMatch(path -> path.equals(bound) || isSame(path, bound));
  }

  private static boolean isSame(Path one, Path other) {
    try {
      return Files.isSameFile(one, other);
    } catch (IOException _) {
      return false;
    }
  }

  private void forget() {
    helpers.forEach((pid, process) -> {
      self.removeHelper(pid);
      process.close();
    });
    helpers.clear();
  }

  @Override
  public synchronized void close() {
    forget();
  }
}
