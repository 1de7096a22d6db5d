package redoubt.cli;

import java.io.IOException;
import java.nio.file.FileSystems;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.PathMatcher;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Set;

/// Finds the files below a path: regular ones, on real file systems, without following links. Used
/// by one thread.
final class ScanWalk extends SimpleFileVisitor<Path> {
  /// What files a walk finds, and what it cannot look into.
  interface Visitor {
    /// A regular file.
    ///
    /// @return whether the walk is to go on
    boolean file(Path path, long sizeBytes);

    /// A file or directory that cannot be looked into.
    void problem(Path path, String why);
  }

  /// File systems whose files are made up by the kernel or by a service when they are read.
  private static final Set<String> MADE_UP =
      Set.of(
          "autofs",
          "binfmt_misc",
          "bpf",
          "cgroup",
          "cgroup2",
          "configfs",
          "debugfs",
          "devpts",
          "devtmpfs",
          "efivarfs",
          "fusectl",
          "mqueue",
          "nsfs",
          "proc",
          "pstore",
          "rpc_pipefs",
          "securityfs",
          "selinuxfs",
          "sysfs",
          "tracefs");

  private record Pattern(PathMatcher matcher, boolean nameOnly) {}

  private final List<Pattern> excluded;
  private final Path skipped;
  private final boolean oneFileSystem;
  private final Visitor visitor;
  private final Deque<Object> devices = new ArrayDeque<>();

  /// @param excluded glob patterns, of names, or of whole paths if they have a slash
  /// @param skipped a folder that the walk does not go into
  /// @param oneFileSystem whether to stay on the file system of the start
  /// @throws java.util.regex.PatternSyntaxException if a pattern is none
  ScanWalk(List<String> excluded, Path skipped, boolean oneFileSystem, Visitor visitor) {
    this.excluded =
        excluded.stream()
            .map(glob ->
                new Pattern(
                    FileSystems.getDefault().getPathMatcher("glob:" + glob), !glob.contains("/")))
            .toList();
    this.skipped = skipped.toAbsolutePath().normalize();
    this.oneFileSystem = oneFileSystem;
    this.visitor = visitor;
  }

  /// Walks over a file, or over all that is below a directory. A link that is named is followed.
  ///
  /// @throws IOException if the start cannot be used
  void walk(Path start) throws IOException {
    devices.clear();
    Files.walkFileTree(start.toRealPath(), this);
  }

  @Override
  public FileVisitResult preVisitDirectory(Path directory, BasicFileAttributes attributes) {
    try {
      return directory.equals(skipped) || isExcluded(directory) || !enter(directory)
          ? FileVisitResult.SKIP_SUBTREE
          : FileVisitResult.CONTINUE;
    } catch (IOException e) {
      visitor.problem(directory, why(e));
      return FileVisitResult.SKIP_SUBTREE;
    }
  }

  /// Whether the walk goes into a directory; if so, its device is on top.
  private boolean enter(Path directory) throws IOException {
    Object device = Files.getAttribute(directory, "unix:dev", LinkOption.NOFOLLOW_LINKS);
    Object above = devices.peek();
    if (!device.equals(above)) {
      if ((above != null && oneFileSystem) || isMadeUp(directory)) {
        return false;
      }
    }
    devices.push(device);
    return true;
  }

  @Override
  public FileVisitResult postVisitDirectory(Path directory, IOException failure) {
    devices.pop();
    if (failure != null) {
      visitor.problem(directory, why(failure));
    }
    return FileVisitResult.CONTINUE;
  }

  @Override
  public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) {
    if (!attributes.isRegularFile() || isExcluded(file)) {
      return FileVisitResult.CONTINUE;
    }
    return visitor.file(file, attributes.size())
        ? FileVisitResult.CONTINUE
        : FileVisitResult.TERMINATE;
  }

  @Override
  public FileVisitResult visitFileFailed(Path file, IOException failure) {
    if (!isExcluded(file) && !(oneFileSystem && isElsewhere(file))) {
      visitor.problem(file, why(failure));
    }
    return FileVisitResult.CONTINUE;
  }

  private boolean isElsewhere(Path file) {
    try {
      Object device = Files.getAttribute(file, "unix:dev", LinkOption.NOFOLLOW_LINKS);
      return !device.equals(devices.peek());
    } catch (IOException _) {
      return false;
    }
  }

  private static String why(IOException failure) {
    return failure.getClass().getSimpleName().replace("Exception", "");
  }

  private boolean isMadeUp(Path directory) throws IOException {
    return MADE_UP.contains(Files.getFileStore(directory).type());
  }

  private boolean isExcluded(Path path) {
    Path name = path.getFileName();
    return excluded.stream()
        .anyMatch(pattern ->
            pattern.nameOnly()
                ? name != null && pattern.matcher().matches(name)
                : pattern.matcher().matches(path));
  }
}
