package redoubt.agent.policy;

import java.nio.file.Path;
import java.util.Collection;
import java.util.Map;
import java.util.Optional;

/// Which files the host's own installation brought: those that only root can have put there, and
/// those of packages. Immutable; a question costs some `stat`s, one about packages reads the
/// package database: not for an answering thread.
public final class KnownFiles {
  private final PackageDatabase packages;
  private final RootOnlyPaths rootOnly;

  KnownFiles(PackageDatabase packages, RootOnlyPaths rootOnly) {
    this.packages = packages;
    this.rootOnly = rootOnly;
  }

  /// Those of this host.
  public static KnownFiles ofHost() {
    return new KnownFiles(PackageDatabase.ofHost(), RootOnlyPaths.ofHost());
  }

  /// Whether nobody but root can have put a file there.
  public boolean isRootOnly(String path) {
    Optional<Path> found = path.startsWith("/") ? FileFacts.findPath(path) : Optional.empty();
    return found.isPresent() && rootOnly.findWeakness(found.get().normalize()).isEmpty();
  }

  /// Whether a package manager looks after it: a package brought it, or, where the database cannot
  /// say without starting a process, it lies where packages put their files.
  public boolean isManaged(String path) {
    return packages.answersInProcess()
        ? packages.owns(path)
        : path.startsWith("/usr/") && !path.startsWith("/usr/local/");
  }

  /// Whether an installed package brought it. Where the database cannot say without starting a
  /// process, the answer is no.
  public boolean isPackaged(String path) {
    return packages.answersInProcess() && packages.owns(path);
  }

  /// The name of the package that brought each file, by its path; files of no package are left out.
  ///
  /// Where the database is rpm's, that starts child processes: for a command, never while hooks are
  /// open.
  ///
  /// @throws PolicyException if the database cannot be read
  public Map<String, String> packagesOf(Collection<String> paths) throws PolicyException {
    return packages.ownersOf(paths);
  }

  /// The kind of package database: `dpkg`, `rpm` or `none`.
  public String packageDatabase() {
    return packages.name();
  }
}
