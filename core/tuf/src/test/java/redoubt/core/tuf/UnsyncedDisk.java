package redoubt.core.tuf;

import java.io.IOException;
import java.nio.file.Path;
import redoubt.core.tuf.store.DiskSteps;

/// The real disk, but for the waiting: a test that is about something else survives no power cut.
record UnsyncedDisk() implements DiskSteps {
  private static final DiskSteps REAL = new DiskSteps.Real();

  @Override
  public void write(Path file, byte[] bytes) throws IOException {
    REAL.write(file, bytes);
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
