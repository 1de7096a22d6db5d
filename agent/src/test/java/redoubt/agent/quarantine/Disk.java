package redoubt.agent.quarantine;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import java.util.concurrent.TimeUnit;

/// An ext4 file system of our own on a file, whose power can be cut: what the kernel has handed to
/// the disk by now is there, what it keeps in memory is not.
final class Disk implements AutoCloseable {
  private static final long BYTES = 160L << 20;

  private final Path image;
  private final Path root;

  private Disk(Path image, Path root) {
    this.image = image;
    this.root = root;
  }

  /// Makes an empty one below a folder.
  static Disk make(Path folder, String name) throws IOException {
    Path image = folder.resolve(name + ".img");
    try (RandomAccessFile file = new RandomAccessFile(image.toFile(), "rw")) {
      file.setLength(BYTES);
    }
    run("mkfs.ext4", "-q", "-F", "-I", "256", image.toString());
    return mount(image, Files.createDirectory(folder.resolve(name)));
  }

  private static Disk mount(Path image, Path root) throws IOException {
    run("mount", "-o", "loop", image.toString(), root.toString());
    return new Disk(image, root);
  }

  Path root() {
    return root;
  }

  /// What a power cut now would leave, to be looked at with [#after].
  Path cut(String name) throws IOException {
    Path copy = image.resolveSibling(name + ".img");
    run("cp", "--sparse=always", image.toString(), copy.toString());
    return copy;
  }

  /// The disk of a power cut in place of this one, at the same place.
  Disk after(Path cut) throws IOException {
    close();
    Files.move(cut, image, StandardCopyOption.REPLACE_EXISTING);
    return mount(image, root);
  }

  @Override
  public void close() throws IOException {
    run("umount", root.toString());
  }

  static void run(String... command) throws IOException {
    Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
    try {
      String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
      if (!process.waitFor(60, TimeUnit.SECONDS) || process.exitValue() != 0) {
        throw new IOException(List.of(command) + " failed: " + said);
      }
    } catch (InterruptedException e) {
      throw new IOException(e);
    }
  }
}
