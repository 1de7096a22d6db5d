package redoubt.agent.engine;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import redoubt.agent.health.TimeSource;
import redoubt.agent.process.SelfProcesses;
import redoubt.agent.process.SocketHolders;
import redoubt.core.linux.KernelFile;
import redoubt.core.linux.Pidfd;
import redoubt.core.linux.ProcessStatus;

/// The sockets of this host that an engine was granted, during one run of it: which of them it was
/// shown, and the programs that serve there, which are its helpers.
///
/// An engine sees the socket that was there when it was started. One that is made anew under the
/// name is another, and has the engine started again. Who serves is not what the engine says, but
/// who has the listening socket open and runs as the owner of its file; init apart, which makes
/// sockets for others. One in another network namespace is not found, and is no helper.
/// Thread-safe.
final class EngineSockets implements AutoCloseable {
  /// How long who serves is not looked for again.
  private static final long LOOK_NANOS = Duration.ofSeconds(10).toNanos();

  /// How long an engine has to be there before it is started again for a socket's sake.
  private static final long SETTLED_NANOS = Duration.ofSeconds(5).toNanos();

  /// `S_IFMT` and `S_IFSOCK`.
  private static final int FILE_TYPE = 0170000;

  private static final int SOCKET = 0140000;
  private static final int INIT = 1;

  /// The owner of a file that is gone: no process belongs to it.
  private static final int NOBODY = -1;

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
    Map<Long, Integer> owners = ownersOfListening();
    if (owners.isEmpty()) {
      return;
    }
    for (int process : processes()) {
      if (process != INIT) {
        SocketHolders.look(
            process,
            owners.keySet(),
            (inode, holder) -> admit(holder, owners.getOrDefault(inode, NOBODY)));
      }
    }
  }

  /// A socket's name says little: whoever has mounts of his own can make one under any name, and
  /// hand it on. But the file under the name here belongs to whoever made it.
  private void admit(int pid, int owner) {
    if (helpers.containsKey(pid) || helpers.size() == MOST_HELPERS) {
      return;
    }
    Pidfd process = Pidfd.open(pid).orElse(null);
    if (process == null) {
      return;
    }
    if (runsAs(process, pid, owner)) {
      helpers.put(pid, process);
      self.addHelper(pid, process.uniqueId());
    } else {
      process.close();
    }
  }

  private static boolean runsAs(Pidfd process, int pid, int uid) {
    try (ProcessStatus status = new ProcessStatus()) {
      return status.load(process, pid) == 0 && status.effectiveUid() == uid;
    }
  }

  private static List<Integer> processes() {
    try {
      return List.copyOf(KernelFile.numbers("/proc"));
    } catch (IOException _) {
      return List.of();
    }
  }

  /// The inodes of those of the granted sockets at which somebody listens, and the owners of their
  /// files.
  private Map<Long, Integer> ownersOfListening() {
    Map<Long, Integer> owners = new HashMap<>();
    try (Stream<String> lines =
        Files.lines(Path.of("/proc/self/net/unix"), StandardCharsets.ISO_8859_1)) {
      lines
          .map(LISTENING::matcher)
          .filter(Matcher::matches)
          .forEach(line ->
              granted.stream()
                  .filter(path -> isNamed(path, line.group(2)))
                  .findFirst()
                  .ifPresent(path -> owners.put(Long.valueOf(line.group(1)), owner(path))));
    } catch (IOException | UncheckedIOException _) {
      return Map.of();
    }
    return owners;
  }

  private static int owner(Path path) {
    try {
      return Files.getAttribute(path, "unix:uid") instanceof Integer uid ? uid : NOBODY;
    } catch (IOException _) {
      return NOBODY;
    }
  }

  /// Whether a socket that was given a name is the one at the path; the path of whoever listens may
  /// have been another one.
  private static boolean isNamed(Path path, String name) {
    try {
      return name.endsWith("/" + path.getFileName())
          && (name.equals(path.toString()) || Files.isSameFile(path, Path.of(name)));
    } catch (IOException | InvalidPathException _) {
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
