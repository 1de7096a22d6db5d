package redoubt.core.linux;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/// A tmpfs of our own: the only kind of file system that a test marks.
final class ScratchFileSystem implements AutoCloseable {
  private final Path root;

  ScratchFileSystem() throws IOException {
    root = Files.createTempDirectory("redoubt-linux-test");
    Programs.run("mount", "-t", "tmpfs", "scratch", root.toString());
  }

  Path root() {
    return root;
  }

  Path write(String name, String content) throws IOException {
    return Files.writeString(root.resolve(name), content);
  }

  @Override
  public void close() throws IOException {
    Programs.run("umount", "-l", root.toString());
    Files.delete(root);
  }
}
