package redoubt.agent.sensor;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import redoubt.agent.process.SocketHolders;
import redoubt.core.linux.Descriptors;
import redoubt.core.linux.KernelFile;

/// Which processes listen on which TCP ports now, in every network namespace that a process is in.
///
/// Takes as long as it takes to look at every descriptor of every process.
final class ListeningSockets {
  /// `sl local_address rem_address st tx:rx tr:when retrnsmt uid timeout inode`, of one that
  /// listens.
  private static final Pattern LISTENING =
      Pattern.compile(
          "\\s*\\d+: [0-9A-F]+:([0-9A-F]{4}) [0-9A-F:]+ 0A \\S+ \\S+ \\S+\\s+\\d+\\s+\\d+ (\\d{1,18}) .*");

  /// How many sockets are looked for.
  private static final int MOST = 1_024;

  /// Takes what was found.
  interface Taker {
    void found(int port, int processId);
  }

  private ListeningSockets() {}

  /// Looks at all processes.
  static void find(Taker taker) {
    List<Integer> processes;
    try {
      processes = KernelFile.numbers("/proc");
    } catch (IOException _) {
      return; // Those who accept are unknown until they listen anew.
    }
    Map<Long, Integer> portsByInode = new HashMap<>();
    Set<String> namespaces = new HashSet<>();
    for (int process : processes) {
      String namespace = Descriptors.readLink("/proc/" + process + "/ns/net");
      if (!namespace.isEmpty() && namespaces.add(namespace)) {
        read(Path.of("/proc/" + process + "/net/tcp"), portsByInode);
        read(Path.of("/proc/" + process + "/net/tcp6"), portsByInode);
      }
    }
    for (int process : processes) {
      if (!portsByInode.isEmpty()) {
        SocketHolders.look(
            process,
            portsByInode.keySet(),
            (inode, holder) -> taker.found(portsByInode.getOrDefault(inode, 0), holder));
      }
    }
  }

  /// The kernel names those that listen first, so the others are not looked at.
  private static void read(Path file, Map<Long, Integer> portsByInode) {
    try (Stream<String> lines = Files.lines(file, StandardCharsets.ISO_8859_1)) {
      lines
          .skip(1)
          .map(LISTENING::matcher)
          .takeWhile(Matcher::matches)
          .limit(MOST - Math.min(MOST, portsByInode.size()))
          .forEach(line ->
              portsByInode.put(Long.valueOf(line.group(2)), Integer.valueOf(line.group(1), 16)));
    } catch (IOException | UncheckedIOException _) {
      // The process has ended; another may be in the same namespace, if anybody is.
    }
  }
}
