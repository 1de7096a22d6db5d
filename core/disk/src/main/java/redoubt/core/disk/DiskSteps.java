package redoubt.core.disk;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.Set;

/// The steps of which a durable change of a directory is made, each of which a power cut can
/// follow.
public interface DiskSteps {
  /// Writes a fresh file.
  void write(Path file, byte[] bytes) throws IOException;

  /// Writes a fresh file with the bytes of another.
  void copy(Path from, Path to) throws IOException;

  /// Brings a file's bytes to the disk.
  void syncFile(Path file) throws IOException;

  /// Gives a file the name of another, in one step.
  void rename(Path from, Path to) throws IOException;

  /// Brings a directory's names to the disk.
  void syncDirectory(Path directory) throws IOException;

  /// Takes a file away, if it is there.
  void delete(Path file) throws IOException;

  /// The real disk, but for the waiting: for what nobody needs after a power cut. Stateless.
  record Unsynced() implements DiskSteps {
    private static final DiskSteps REAL = new Real();

    @Override
    public void write(Path file, byte[] bytes) throws IOException {
      REAL.write(file, bytes);
    }

    @Override
    public void copy(Path from, Path to) throws IOException {
      REAL.copy(from, to);
    }

    @Override
    public void syncFile(Path file) {}

    @Override
    public void rename(Path from, Path to) throws IOException {
      REAL.rename(from, to);
    }

    @Override
    public void syncDirectory(Path directory) {}

    @Override
    public void delete(Path file) throws IOException {
      REAL.delete(file);
    }
  }

  /// The real disk. Stateless.
  record Real() implements DiskSteps {
    @Override
    public void write(Path file, byte[] bytes) throws IOException {
      Files.deleteIfExists(file);
      try (FileChannel channel =
          FileChannel.open(file, Set.of(StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE))) {
        ByteBuffer rest = ByteBuffer.wrap(bytes);
        while (rest.hasRemaining()) {
          channel.write(rest);
        }
      }
    }

    @Override
    public void copy(Path from, Path to) throws IOException {
      Files.deleteIfExists(to);
      try (FileChannel source = FileChannel.open(from, StandardOpenOption.READ);
          FileChannel target =
              FileChannel.open(
                  to, Set.of(StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE))) {
        long size = source.size();
        long copied = 0;
        while (copied < size) {
          long more = source.transferTo(copied, size - copied, target);
          if (more <= 0) {
            throw new IOException("became shorter meanwhile: file=" + from);
          }
          copied += more;
        }
      }
    }

    @Override
    public void syncFile(Path file) throws IOException {
      try (FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE)) {
        channel.force(true);
      }
    }

    @Override
    public void rename(Path from, Path to) throws IOException {
      Files.move(from, to, StandardCopyOption.ATOMIC_MOVE);
    }

    @Override
    public void syncDirectory(Path directory) throws IOException {
      try (FileChannel channel = FileChannel.open(directory, StandardOpenOption.READ)) {
        channel.force(true);
      }
    }

    @Override
    public void delete(Path file) throws IOException {
      Files.deleteIfExists(file);
    }
  }
}
