package redoubt.core.content.life;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import redoubt.core.disk.DiskSteps;

/// The real disk, until one step fails and all after it: a full disk, a sync that fails.
final class FailingDisk implements DiskSteps {
  private static final DiskSteps REAL = new DiskSteps.Unsynced();

  /// The step failed.
  static final class Failure extends IOException {
    private static final long serialVersionUID = 1L;
  }

  private final boolean half;
  private int left;

  /// @param step which one fails, from 1
  /// @param half whether a write that fails has written half
  FailingDisk(int step, boolean half) {
    this.left = step;
    this.half = half;
  }

  private void spend() throws Failure {
    if (--left <= 0) {
      throw new Failure();
    }
  }

  @Override
  public void write(Path file, byte[] bytes) throws IOException {
    if (half && left == 1) {
      REAL.write(file, Arrays.copyOf(bytes, bytes.length / 2));
    }
    spend();
    REAL.write(file, bytes);
  }

  @Override
  public void copy(Path from, Path to) throws IOException {
    write(to, Files.readAllBytes(from));
  }

  @Override
  public void syncFile(Path file) throws IOException {
    spend();
  }

  @Override
  public void rename(Path from, Path to) throws IOException {
    spend();
    REAL.rename(from, to);
  }

  @Override
  public void syncDirectory(Path directory) throws IOException {
    spend();
  }

  @Override
  public void delete(Path file) throws IOException {
    spend();
    REAL.delete(file);
  }
}
