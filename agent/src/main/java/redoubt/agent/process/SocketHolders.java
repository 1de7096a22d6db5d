package redoubt.agent.process;

import java.io.IOException;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;
import redoubt.core.linux.Descriptors;

/// Which sockets a process has open. Looks at each of its descriptors. Stateless.
public final class SocketHolders {
  private static final String SOCKET = "socket:[";
  private static final int INODE_DIGITS = 18;

  /// Takes what was found.
  @FunctionalInterface
  public interface Taker {
    /// The process has the socket open.
    void holds(long inode, int processId);
  }

  private SocketHolders() {}

  /// Looks at a process, if it has not ended.
  ///
  /// @param inodes the sockets in question
  /// @param taker hears of each of these that the process has open, once for each descriptor
  public static void look(int processId, Set<Long> inodes, Taker taker) {
    try (DirectoryStream<Path> descriptors =
        Files.newDirectoryStream(Path.of("/proc/" + processId + "/fd"))) {
      for (Path descriptor : descriptors) {
        long inode = inode(Descriptors.readLink(descriptor.toString()));
        if (inodes.contains(inode)) {
          taker.holds(inode, processId);
        }
      }
    } catch (IOException | DirectoryIteratorException _) {
      // It has ended.
    }
  }

  private static long inode(String target) {
    int end = target.length() - 1;
    return target.startsWith(SOCKET)
            && target.endsWith("]")
            && end - SOCKET.length() <= INODE_DIGITS
        ? Long.parseLong(target, SOCKET.length(), end, 10)
        : -1;
  }
}
