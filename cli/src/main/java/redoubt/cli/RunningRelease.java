package redoubt.cli;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.Optional;
import redoubt.core.content.PlatformRelease;
import redoubt.core.model.Sha256;

/// Which release of the platform protects this host. Between two of them none does.
///
/// @param home where it lies
record RunningRelease(Path home) {
  static Optional<RunningRelease> find(Directories directories) {
    try {
      String home = Files.readString(directories.run().resolve(PlatformRelease.PROTECTING_FILE));
      return Optional.of(new RunningRelease(Path.of(home.strip())));
    } catch (IOException | InvalidPathException _) {
      return Optional.empty();
    }
  }

  /// Whether it came in that bundle. The installation itself came in none.
  boolean isFrom(Sha256 bundle) {
    try {
      return Files.readString(home.resolve(PlatformRelease.DIGEST_FILE))
          .strip()
          .equals(bundle.toString());
    } catch (IOException _) {
      return false;
    }
  }
}
