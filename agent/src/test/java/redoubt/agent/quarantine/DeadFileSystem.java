package redoubt.agent.quarantine;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/// A FUSE file system whose server never answers: whoever touches what is on it waits.
final class DeadFileSystem implements AutoCloseable {
  private static final String SCRIPT =
      "exec 3<>/dev/fuse"
          + " && mount -i -t fuse -o fd=3,rootmode=40000,user_id=0,group_id=0 dead \"$0\""
          + " && echo mounted && read end";

  private final Process server;
  private final Path root;

  private DeadFileSystem(Process server, Path root) {
    this.server = server;
    this.root = root;
  }

  static DeadFileSystem mountAt(Path root) throws IOException {
    Process server =
        new ProcessBuilder("sh", "-c", SCRIPT, Files.createDirectories(root).toString())
            .redirectError(ProcessBuilder.Redirect.INHERIT)
            .start();
    BufferedReader said = server.inputReader();
    if (!"mounted".equals(said.readLine())) {
      server.destroyForcibly();
      throw new IOException("not mounted: " + root);
    }
    return new DeadFileSystem(server, root);
  }

  /// Whoever waits hears that the server is no more.
  @Override
  public void close() throws IOException {
    server.destroyForcibly();
    Disk.run("umount", "-l", root.toString());
  }
}
