package redoubt.testing.system;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/// A FUSE file system whose server answers, fails, never answers or ends as a test says:
/// `src/test/c/fuseserver.c`. Not thread-safe.
final class FuseFileSystem implements AutoCloseable {
  /// What can be asked of the server.
  enum Request {
    LOOKUP,
    GETATTR,
    OPEN,
    READ,
    ALL
  }

  private final Path root;
  private final Process server;
  private final BufferedReader output;

  private FuseFileSystem(Path root, Process server) throws IOException {
    this.root = root;
    this.server = server;
    this.output = server.inputReader();
    String line = output.readLine();
    if (!"mounted".equals(line)) {
      close();
      throw new IOException("FUSE server did not start: output=" + line);
    }
  }

  /// Mounts one that serves the content that files have now, for everyone.
  static FuseFileSystem serving(Path... files) throws IOException {
    Path root = Folders.makeRootOnly("redoubt-fuse-");
    List<String> command = new ArrayList<>();
    command.add(Programs.path("fuseserver").toString());
    command.add(root.toString());
    for (Path file : files) {
      command.add(file.toString());
    }
    return new FuseFileSystem(root, new ProcessBuilder(command).redirectErrorStream(true).start());
  }

  Path root() {
    return root;
  }

  Path path(String name) {
    return root.resolve(name);
  }

  /// From now on such requests are taken and not answered, which no signal gets anybody out of.
  void hold(Request request) throws IOException {
    tell("hold " + request.name().toLowerCase(Locale.ROOT));
  }

  /// From now on such requests are answered with EIO.
  void fail(Request request) throws IOException {
    tell("fail " + request.name().toLowerCase(Locale.ROOT));
  }

  /// Answers what was held, and everything from now on.
  void serve() throws IOException {
    tell("serve");
  }

  private void tell(String words) throws IOException {
    server.getOutputStream().write((words + "\n").getBytes(StandardCharsets.US_ASCII));
    server.getOutputStream().flush();
    awaitLine("ok");
  }

  /// Waits until somebody waits for an answer.
  void awaitHeld() throws IOException {
    awaitLine("held");
  }

  private void awaitLine(String start) throws IOException {
    String line = output.readLine();
    while (line != null && !line.startsWith(start)) {
      line = output.readLine();
    }
    if (line == null) {
      throw new IOException("the FUSE server has ended");
    }
  }

  /// Ends the server at once: the file system is disconnected.
  void die() throws InterruptedException {
    server.destroyForcibly().waitFor();
  }

  @Override
  public void close() {
    server.destroyForcibly();
    server.onExit().join();
    Outcome.of("umount", "--lazy", root);
    Outcome.of("rmdir", root);
  }
}
