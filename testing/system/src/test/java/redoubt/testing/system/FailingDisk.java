package redoubt.testing.system;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;

/// A disk that answers, fails or never answers as a test says: an ext4 on a loop device whose image
/// lies on a [FuseFileSystem]. Nothing of a file's content has been read before it is first used.
///
/// It is mounted for reading only. Not thread-safe.
final class FailingDisk implements AutoCloseable {
  private static final int MEBIBYTES = 32;

  private final Path folder;
  private final Path root;
  private final FuseFileSystem below;

  private FailingDisk(Path folder, FuseFileSystem below) throws IOException {
    this.folder = folder;
    this.below = below;
    this.root = Files.createDirectory(folder.resolve("mnt"));
    Outcome.of("mount", "-o", "loop,ro,noload", below.path("image"), root).requireSuccess();
  }

  /// A disk with programs that everyone may run, by their names.
  static FailingDisk with(Map<String, byte[]> programs) throws IOException {
    Path folder = Folders.makeRootOnly("redoubt-disk-");
    Path tree = Files.createDirectory(folder.resolve("tree"));
    for (Map.Entry<String, byte[]> program : programs.entrySet()) {
      Folders.open(Files.write(tree.resolve(program.getKey()), program.getValue()));
    }
    Path image = folder.resolve("image");
    try (RandomAccessFile file = new RandomAccessFile(image.toFile(), "rw")) {
      file.setLength((long) MEBIBYTES << 20);
    }
    Outcome.of("mkfs.ext4", "-q", "-F", "-d", tree, image).requireSuccess();
    FuseFileSystem below = FuseFileSystem.serving(image);
    try {
      FailingDisk disk = new FailingDisk(folder, below);
      for (String name : programs.keySet()) {
        Outcome.of("stat", disk.root.resolve(name)).requireSuccess();
      }
      return disk;
    } catch (IOException | AssertionError e) {
      below.close();
      throw e;
    }
  }

  Path root() {
    return root;
  }

  Path path(String name) {
    return root.resolve(name);
  }

  /// From now on what is read of it fails with EIO.
  void fail() throws IOException {
    below.fail(FuseFileSystem.Request.READ);
  }

  /// From now on what is read of it never comes.
  void hold() throws IOException {
    below.hold(FuseFileSystem.Request.READ);
  }

  /// Waits until somebody waits for what he reads.
  void awaitHeld() throws IOException {
    below.awaitHeld();
  }

  /// It works again.
  void serve() throws IOException {
    below.serve();
  }

  @Override
  public void close() {
    Outcome.of("umount", "--lazy", root);
    below.close();
    Outcome.of("rm", "-rf", "--one-file-system", folder);
  }
}
