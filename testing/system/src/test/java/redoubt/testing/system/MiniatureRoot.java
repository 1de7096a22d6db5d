package redoubt.testing.system;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.stream.Stream;

/// A root directory on a scratch file system, filled with programs of this host and the libraries
/// that they need, at the paths that they have here.
record MiniatureRoot(Path path) {
  /// Copies programs, named as the shell would find them or by absolute path.
  void addPrograms(String... programs) throws IOException {
    for (String program : programs) {
      Path found = find(program);
      addFile(found);
      for (Path library : librariesOf(found)) {
        addFile(library);
      }
    }
  }

  private static Path find(String program) {
    return program.startsWith("/")
        ? Path.of(program)
        : Path.of(
            Outcome.of("sh", "-c", "command -v \"$1\"", "sh", program)
                .requireSuccess()
                .output()
                .strip());
  }

  /// A static program needs none, which `ldd` calls a failure.
  private static Iterable<Path> librariesOf(Path program) {
    return Outcome.of("ldd", program)
        .output()
        .lines()
        .flatMap(line -> Stream.of(line.strip().split("\\s+")))
        .filter(word -> word.startsWith("/") && !word.endsWith(":"))
        .map(Path::of)
        .toList();
  }

  /// Copies a file; what is a link here becomes a file there.
  void addFile(Path file) throws IOException {
    Path target = inside(file);
    Files.createDirectories(Folders.of(target));
    if (!Files.exists(target)) {
      Files.copy(file.toRealPath(), target, StandardCopyOption.COPY_ATTRIBUTES);
    }
  }

  /// Copies a folder with all that is in it, or a file, as it is.
  void addTree(Path tree) throws IOException {
    Path target = Folders.of(inside(tree));
    Files.createDirectories(target);
    Outcome.of("cp", "-a", tree, target).requireSuccess();
  }

  /// Writes a file there.
  void addText(String file, String text) throws IOException {
    Path target = inside(Path.of(file));
    Files.createDirectories(Folders.of(target));
    Files.writeString(target, text);
  }

  /// Makes a folder there in which every user may write.
  void addOpenFolder(String folder) throws IOException {
    Path target = Files.createDirectories(inside(Path.of(folder)));
    Outcome.of("chmod", "1777", target).requireSuccess();
  }

  /// Makes a character device there, for every user.
  void addDevice(String device, int major, int minor) throws IOException {
    Path target = inside(Path.of(device));
    Files.createDirectories(Folders.of(target));
    Outcome.of("mknod", "-m", "666", target, "c", major, minor).requireSuccess();
  }

  /// Where a path of the inside is, seen from outside.
  Path inside(Path file) {
    return path.resolve(Path.of("/").relativize(file));
  }
}
