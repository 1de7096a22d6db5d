package redoubt.core.content.life;

import java.io.IOException;
import java.nio.file.Path;
import redoubt.core.disk.DiskSteps;

/// Another disk, without some of its steps.
///
/// @param leftOut which steps are not done
record CarelessDisk(DiskSteps disk, LeftOut leftOut) implements DiskSteps {
  /// What is forgotten.
  enum LeftOut {
    /// To sync files.
    FILES,
    /// To sync the folder.
    FOLDER
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
    if (leftOut != LeftOut.FILES) {
      disk.syncFile(file);
    }
  }

  @Override
  public void rename(Path from, Path to) throws IOException {
    disk.rename(from, to);
  }

  @Override
  public void syncDirectory(Path directory) throws IOException {
    if (leftOut != LeftOut.FOLDER) {
      disk.syncDirectory(directory);
    }
  }

  @Override
  public void delete(Path file) throws IOException {
    disk.delete(file);
  }
}
