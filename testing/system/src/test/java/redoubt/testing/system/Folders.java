package redoubt.testing.system;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Objects;

/// Files and temporary folders that every user reaches: engines and some programs run as others.
final class Folders {
  private Folders() {}

  /// Makes a temporary folder.
  static Path make(String prefix) throws IOException {
    return open(Files.createTempDirectory(prefix));
  }

  /// Makes a temporary folder at a path that root alone can change.
  static Path makeRootOnly(String prefix) throws IOException {
    return open(Files.createTempDirectory(Path.of("/run"), prefix));
  }

  /// The folder that a file lies in.
  static Path of(Path file) {
    return Objects.requireNonNull(file.getParent());
  }

  /// Lets everyone read and execute a file, or search a folder; root alone writes.
  static Path open(Path path) throws IOException {
    return Files.setPosixFilePermissions(path, PosixFilePermissions.fromString("rwxr-xr-x"));
  }
}
