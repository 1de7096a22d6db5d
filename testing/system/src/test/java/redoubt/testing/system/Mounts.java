package redoubt.testing.system;

import java.nio.file.Path;
import java.time.Duration;

/// Takes mounts away as a user has to on a protected host.
final class Mounts {
  private static final Duration BUSY_LIMIT = Duration.ofSeconds(5);

  private Mounts() {}

  /// Unmounts, and tries again while the mount is busy: the descriptor of an event keeps the mount
  /// on which the file was used until its record is written, and a process that a test started may
  /// still be ending.
  static void unmount(Path mount) throws Exception {
    Await.until("unmount", BUSY_LIMIT, () -> Outcome.of("umount", mount).status() == 0);
  }
}
