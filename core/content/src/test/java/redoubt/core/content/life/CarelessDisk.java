package redoubt.core.content.life;

import java.io.IOException;
import java.nio.file.Path;
import redoubt.core.disk.DiskSteps;

/// Another disk, of which one sync is not done.
final class CarelessDisk implements DiskSteps {
  private final DiskSteps disk;
  private final int leftOut;
  private int syncs;

  /// @param leftOut which sync is left out, from 1
  CarelessDisk(DiskSteps disk, int leftOut) {
    this.disk = disk;
    this.leftOut = leftOut;
  }

  /// How many syncs there were.
  int syncs() {
    return syncs;
  }

  @Override
  public void write(Path file, byte[] bytes) throws IOException {
    disk.write(file, bytes);
  }

  @Override
  public void copy(Path from, Path to) throws IOException {
    disk.copy(from, to);
  }

  @Override
  public void syncFile(Path file) throws IOException {
    if (++syncs != leftOut) {
      disk.syncFile(file);
    }
  }

  @Override
  public void rename(Path from, Path to) throws IOException {
    disk.rename(from, to);
  }

  @Override
  public void syncDirectory(Path directory) throws IOException {
    if (++syncs != leftOut) {
      disk.syncDirectory(directory);
    }
  }

  @Override
  public void delete(Path file) throws IOException {
    disk.delete(file);
  }
}
