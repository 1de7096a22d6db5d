package redoubt.agent.policy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Set;

/// A small host below a temporary directory, with real files and a real dpkg database, on which any
/// user can play root.
final class PolicyHost {
  /// Whatever the umask of who runs the tests.
  private static final FileAttribute<Set<PosixFilePermission>> OWNER_WRITES =
      PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwxr-xr-x"));

  final Path root;
  final RootOnlyPaths rootOnly;
  final DpkgDatabase packages;

  PolicyHost(Path temporary) throws IOException {
    root = temporary.toRealPath();
    rootOnly = RootOnlyPaths.below(root, FileFacts.of(root).uid());
    packages = new DpkgDatabase(root.resolve("dpkg"));
    Files.createDirectories(root.resolve("dpkg/info"));
    Files.createDirectories(root.resolve("dpkg/updates"));
    Files.writeString(root.resolve("dpkg/status"), "");
  }

  Path file(String name, String content) throws IOException {
    Path file = root.resolve(name);
    Files.createDirectories(file.getParent(), OWNER_WRITES);
    Files.writeString(file, content);
    mode(file, "rwxr-xr-x");
    return file;
  }

  static void mode(Path file, String permissions) throws IOException {
    Files.setPosixFilePermissions(file, PosixFilePermissions.fromString(permissions));
  }

  void install(String name, String fields, List<Path> files) throws IOException {
    Path status = root.resolve("dpkg/status");
    Files.writeString(
        status,
        Files.readString(status)
            + "Package: "
            + name
            + "\nStatus: install ok installed\nArchitecture: amd64\n"
            + fields
            + "\n\n");
    Files.write(
        root.resolve("dpkg/info/" + name + ".list"), files.stream().map(Path::toString).toList());
  }

  ProtectedSetSource protectedSets(Path... own) {
    return new ProtectedSetSource(packages, List.of(), List.of(own), rootOnly);
  }

  ExceptionsFile exceptions() {
    return new ExceptionsFile(root.resolve("state"), packages, rootOnly);
  }

  static boolean protects(ProtectedSet set, Path file) throws IOException {
    FileFacts facts = FileFacts.of(file.toRealPath());
    return set.contains(facts.device(), facts.inode(), facts.birthNanos());
  }
}
