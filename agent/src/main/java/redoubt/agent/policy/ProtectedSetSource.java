package redoubt.agent.policy;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import java.util.stream.Stream;

/// Builds [ProtectedSet]s of this host: the files of its critical packages, some well-known paths,
/// and the agent's own files.
///
/// Create it, and scan once, before any hook is open: on an rpm host that starts a child process.
/// Later scans start none and may run while hooks are open, off the answer path. A scan opens the
/// package database and examines some thousand files. For one thread at a time.
public final class ProtectedSetSource {
  /// The most files in a set; more are left out and reported among [ProtectedSet#refused].
  static final int MAX_FILES = 200_000;

  private static final int MAX_REASONS = 64;

  private final PackageDatabase packages;
  private final List<Path> wellKnown;
  private final List<Path> own;
  private final RootOnlyPaths rootOnly;

  ProtectedSetSource(
      PackageDatabase packages, List<Path> wellKnown, List<Path> own, RootOnlyPaths rootOnly) {
    this.packages = packages;
    this.wellKnown = List.copyOf(wellKnown);
    this.own = List.copyOf(own);
    this.rootOnly = rootOnly;
  }

  /// Finds this host's package database.
  ///
  /// @param own the agent's own files and directories: the Java runtime, the libraries, the
  ///   programs that it starts; what does not exist is passed over
  public static ProtectedSetSource ofHost(List<Path> own) {
    return new ProtectedSetSource(
        PackageDatabase.ofHost(), CriticalPackages.wellKnownPaths(), own, RootOnlyPaths.ofHost());
  }

  /// Whether the first scan starts child processes. Answers at once.
  public boolean startsChildren() {
    return !packages.answersInProcess();
  }

  /// Examines the host and returns what is protected now. Never fails: what cannot be read is left
  /// out, and an unreadable package database leaves the well-known paths and the agent's own files.
  public ProtectedSet scan() {
    long stamp = packages.stamp();
    List<String> critical = packages.criticalPackages(CriticalPackages::isCritical);
    Scan scan = walk(critical, _ -> {});
    String source =
        critical.isEmpty()
            ? "well-known paths"
            : packages.name() + " (" + critical.size() + " packages)";
    return scan.files.build(source, scan.reasons, stamp);
  }

  /// The files that are protected now, by their real paths. As costly as [#scan].
  public List<Path> files() {
    Set<Path> paths = new LinkedHashSet<>();
    walk(packages.criticalPackages(CriticalPackages::isCritical), paths::add);
    return List.copyOf(paths);
  }

  /// @param found takes the path of each file that is protected
  private Scan walk(List<String> critical, Consumer<Path> found) {
    Scan scan = new Scan(found);
    scan.addPackages(critical);
    wellKnown.forEach(scan::addPath);
    own.forEach(scan::addTree);
    return scan;
  }

  /// Scans again if packages were installed, upgraded or removed since `current` was made. The
  /// question costs a few `stat`s, so ask every second or two: until then a file that an upgrade
  /// just brought is judged like any other, and a freed inode number is told by its birth time.
  public Optional<ProtectedSet> rescanIfChanged(ProtectedSet current) {
    return packages.stamp() == current.stamp() ? Optional.empty() : Optional.of(scan());
  }

  /// One walk over the host; remembers each directory, so that its parents are judged only once.
  private final class Scan {
    private final ProtectedSet.Builder files = new ProtectedSet.Builder(4096);
    private final List<String> reasons = new ArrayList<>();
    private final Consumer<Path> found;
    private final Map<Path, Optional<Path>> realDirectories = new HashMap<>();

    Scan(Consumer<Path> found) {
      this.found = found;
    }

    void addPackages(List<String> names) {
      try {
        packages.filesOf(names, CriticalPackages::isWorthProtecting).forEach(this::addPath);
      } catch (PolicyException e) {
        refuse(e.getMessage());
      }
    }

    void addTree(Path top) {
      try (Stream<Path> tree = Files.walk(top)) {
        tree.limit(MAX_FILES).forEach(this::addPath);
      } catch (IOException | UncheckedIOException _) {
        // what is not there, or vanishes during the walk, needs no protection
        return;
      }
    }

    void addPath(Path path) {
      Path parent = path.toAbsolutePath().getParent();
      if (parent == null || path.getFileName() == null) {
        return;
      }
      realDirectories
          .computeIfAbsent(parent, this::realRootOnlyDirectory)
          .ifPresent(directory -> addFile(directory.resolve(path.getFileName())));
    }

    private void addFile(Path file) {
      Optional<FileFacts> found = FileFacts.find(file);
      if (found.isEmpty() || found.get().isDirectory()) {
        return;
      }
      if (found.get().isSymbolicLink()) {
        addTarget(file);
      } else if (found.get().isRegular()) {
        addRegular(file, found.get());
      }
    }

    private void addRegular(Path file, FileFacts facts) {
      Optional<String> weakness = rootOnly.weaknessOf(file, facts);
      if (weakness.isPresent()) {
        refuse(weakness.get());
      } else if (files.size() >= MAX_FILES) {
        refuse("the protected set is full: limit=" + MAX_FILES);
      } else {
        files.add(facts.device(), facts.inode(), facts.birthNanos());
        found.accept(file);
      }
    }

    /// A real path holds no link, so this goes no deeper than once.
    private void addTarget(Path link) {
      try {
        addPath(link.toRealPath());
      } catch (IOException _) {
        // a dangling link has nothing to protect
        return;
      }
    }

    private Optional<Path> realRootOnlyDirectory(Path directory) {
      try {
        Path real = directory.toRealPath();
        Optional<String> weakness = rootOnly.findWeakness(real);
        weakness.ifPresent(this::refuse);
        return weakness.isPresent() ? Optional.empty() : Optional.of(real);
      } catch (IOException _) {
        return Optional.empty();
      }
    }

    private void refuse(String reason) {
      if (reasons.size() < MAX_REASONS) {
        reasons.add(reason);
      }
    }
  }
}
