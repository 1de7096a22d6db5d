package redoubt.core.tuf;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import redoubt.core.disk.DiskSteps;

/// The real disk until the power fails or the process is killed: of the last write half of the
/// bytes are there, of any other step nothing.
final class CutDisk implements DiskSteps {
  private static final DiskSteps REAL = new DiskSteps.Real();

  /// The power is gone.
  static final class PowerCut extends IOException {
    private static final long serialVersionUID = 1L;
  }

  private int left;

  /// @param steps which step is the last
  CutDisk(int steps) {
    this.left = steps;
  }

  @Override
  public void write(Path file, byte[] bytes) throws IOException {
    if (left == 1) {
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
    REAL.syncFile(file);
  }

  @Override
  public void rename(Path from, Path to) throws IOException {
    spend();
    REAL.rename(from, to);
  }

  @Override
  public void syncDirectory(Path directory) throws IOException {
    spend();
    REAL.syncDirectory(directory);
  }

  @Override
  public void delete(Path file) throws IOException {
    spend();
    REAL.delete(file);
  }

  private void spend() throws PowerCut {
    if (--left == 0) {
      throw new PowerCut();
    }
  }
}
