package redoubt.testing.system;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;

/// A file system of our own: the only kind that an agent under test covers.
///
/// It is unmounted by [#close] or, if a test run is interrupted, at the end of the virtual machine.
final class ScratchFileSystem implements AutoCloseable {
  private final Path folder;
  private final Path root;
  private final Thread atExit = new Thread(this::remove);

  private ScratchFileSystem(Path folder) throws IOException {
    this.folder = folder;
    this.root = Files.createDirectory(folder.resolve("mnt"));
  }

  /// Makes and mounts an ext4 in a file, as large as `mebibytes`.
  static ScratchFileSystem ext4(int mebibytes) throws IOException {
    return ext4(mebibytes, Folders.make("redoubt-scratch-"));
  }

  /// As [#ext4(int)], at a path that nobody but root can change, which `/tmp` is not.
  static ScratchFileSystem rootOnlyExt4(int mebibytes) throws IOException {
    return ext4(mebibytes, Folders.makeRootOnly("redoubt-scratch-"));
  }

  private static ScratchFileSystem ext4(int mebibytes, Path folder) throws IOException {
    ScratchFileSystem scratch = new ScratchFileSystem(folder);
    Path image = scratch.folder.resolve("image");
    try (RandomAccessFile file = new RandomAccessFile(image.toFile(), "rw")) {
      file.setLength((long) mebibytes << 20);
    }
    Outcome.of("mkfs.ext4", "-q", "-F", "-E", "lazy_itable_init=1", image).requireSuccess();
    scratch.mount("-o", "loop", image);
    return scratch;
  }

  /// Mounts an empty tmpfs.
  static ScratchFileSystem tmpfs() throws IOException {
    ScratchFileSystem scratch = new ScratchFileSystem(Folders.make("redoubt-scratch-"));
    scratch.mount("-t", "tmpfs", "redoubt-scratch");
    return scratch;
  }

  private void mount(Object option, Object value, Object device) {
    Outcome.of("mount", option, value, device, root).requireSuccess();
    Runtime.getRuntime().addShutdownHook(atExit);
  }

  /// Where it is mounted.
  Path root() {
    return root;
  }

  /// A path on it; missing folders above it are made.
  Path path(String name) throws IOException {
    Path path = root.resolve(name);
    Files.createDirectories(path.getParent());
    return path;
  }

  /// Puts a program or script there that everyone may run.
  Path program(String name, byte[] content) throws IOException {
    Path path = Files.write(path(name), content);
    return Folders.open(path);
  }

  private void unmount() {
    try {
      Mounts.unmount(root);
    } catch (Exception | AssertionError _) {
      Outcome.of("umount", "--lazy", root);
    }
  }

  private void remove() {
    unmount();
    Outcome.of("rm", "-rf", "--one-file-system", folder);
  }

  @Override
  public void close() throws IOException {
    Runtime.getRuntime().removeShutdownHook(atExit);
    remove();
  }
}
