package redoubt.testing.architecture;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;

/// The files of a checkout, without what a build leaves behind.
///
/// @param root its top directory
record SourceTree(Path root) {
  private static final Set<String> NOT_OURS = Set.of("target", "build", ".git", ".idea", ".vscode");
  private static final Pattern MODULE = Pattern.compile("(?m)^(?:open )?module ([\\w.]+)");
  private static final Pattern PACKAGE = Pattern.compile("(?m)^package ([\\w.]+);");

  /// Finds the checkout that the tests run in.
  static SourceTree ofThisRepository() {
    Path directory = Path.of("").toAbsolutePath();
    while (!Files.exists(directory.resolve("mvnw"))) {
      Path parent = directory.getParent();
      if (parent == null) {
        throw new IllegalStateException(
            "not within a checkout: directory=" + Path.of("").toAbsolutePath());
      }
      directory = parent;
    }
    return new SourceTree(directory);
  }

  /// Every regular file, in order of name.
  List<Path> files() throws IOException {
    List<Path> files = new ArrayList<>();
    Files.walkFileTree(
        root,
        new SimpleFileVisitor<>() {
          @Override
          public FileVisitResult preVisitDirectory(Path directory, BasicFileAttributes facts) {
            return NOT_OURS.contains(nameOf(directory)) && !directory.equals(root)
                ? FileVisitResult.SKIP_SUBTREE
                : FileVisitResult.CONTINUE;
          }

          @Override
          public FileVisitResult visitFile(Path file, BasicFileAttributes facts) {
            if (facts.isRegularFile() && !nameOf(file).equals(".git")) {
              files.add(file);
            }
            return FileVisitResult.CONTINUE;
          }
        });
    files.sort(null);
    return files;
  }

  /// Directories of packages of the shipped rooms: those outside `testing/` that hold classes.
  List<Path> shippedPackageDirectories() throws IOException {
    return files().stream()
        .filter(file -> inRepository(file).matches("(?!testing/).*src/main/java/.*\\.java"))
        .filter(file -> !nameOf(file).equals("module-info.java"))
        .map(file -> file.resolveSibling("").normalize())
        .distinct()
        .toList();
  }

  /// Names of the packages of the shipped rooms.
  List<String> shippedPackages() throws IOException {
    List<String> packages = new ArrayList<>();
    for (Path directory : shippedPackageDirectories()) {
      Path charter = directory.resolve("package-info.java");
      if (Files.exists(charter)) {
        packages.add(first(PACKAGE, charter));
      }
    }
    return packages;
  }

  /// Names of the modules of the shipped rooms.
  List<String> shippedModules() throws IOException {
    return files().stream()
        .filter(
            file -> inRepository(file).matches("(?!testing/).*src/main/java/module-info\\.java"))
        .map(file -> first(MODULE, file))
        .toList();
  }

  /// A file's path as it stands in the repository, with `/`.
  String inRepository(Path file) {
    return root.relativize(file).toString();
  }

  /// The text of a file, empty if it is no text.
  static String textOf(Path file) throws IOException {
    String text = new String(Files.readAllBytes(file), StandardCharsets.UTF_8);
    return text.indexOf('\0') < 0 ? text : "";
  }

  static String nameOf(Path file) {
    Path name = file.getFileName();
    return name == null ? "" : name.toString();
  }

  private static String first(Pattern pattern, Path file) {
    try {
      return pattern
          .matcher(textOf(file))
          .results()
          .map((MatchResult found) -> found.group(1))
          .findFirst()
          .orElse("");
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
