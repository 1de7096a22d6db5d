package redoubt.agent.policy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.function.BiConsumer;
import java.util.function.Predicate;
import java.util.regex.Pattern;

/// The host's package database, as far as policy needs it: which files a package brought.
sealed interface PackageDatabase permits DpkgDatabase, RpmDatabase, NoPackageDatabase {
  /// The most files that are read of one package; no real package comes near.
  int MAX_FILES_PER_PACKAGE = 100_000;

  /// What lies below `/usr` since the merge.
  Pattern MERGED = Pattern.compile("/(?:bin|sbin|lib|lib32|lib64|libx32)/");

  /// Its name for people: `dpkg`, `rpm` or `none`.
  String name();

  /// Whether [#filesOf] may be asked while hooks are open: it starts no child process.
  boolean answersInProcess();

  /// Has child processes, where it needs any, be run in another way than as children of this
  /// process; then it may be asked while hooks are open.
  default void runWith(HostCommands commands) {}

  /// Returns the installed packages that match, and whatever they depend on as far as the database
  /// can tell without a child process.
  List<String> criticalPackages(Predicate<String> critical);

  /// Returns the paths that the packages brought; one that is not installed brought none. Paths are
  /// as the package spells them: symbolic links and perhaps directories among them.
  ///
  /// @param wanted leaves out paths, by their text, before they cost more
  /// @throws PolicyException if the database cannot be read
  List<Path> filesOf(Collection<String> packageNames, Predicate<String> wanted)
      throws PolicyException;

  /// Whether a package brought the file at a path, as the package spells it. Reads the database.
  default boolean owns(String path) {
    return false;
  }

  /// Returns the name of the package that brought each file, by its path as it is asked for; one
  /// that no package brought is left out. Reads the whole database, and starts child processes
  /// unless it [#answersInProcess].
  ///
  /// @throws PolicyException if the database cannot be read
  Map<String, String> ownersOf(Collection<String> paths) throws PolicyException;

  /// Hands out every file that packages brought, with the digest that it came with, by its path;
  /// those of one package one after the other. Starts a child process unless it
  /// [#answersInProcess].
  ///
  /// @throws PolicyException if the database cannot be read
  default void forEachShipped(BiConsumer<ShippedFile, String> sink) throws PolicyException {}

  /// What packages that came since then say of one path; starts no child process.
  ///
  /// @param sinceNanos nanoseconds since the epoch
  default List<ShippedFile> findNewer(String path, long sinceNanos) {
    return List.of();
  }

  /// The package whose script, which the package manager runs, lies at a path.
  default Optional<ShippedFile> findScript(String path) {
    return Optional.empty();
  }

  /// Returns the ways to spell a path, each with the path as it was asked for. Packages of before
  /// the merge of `/usr` have `/lib/x` where others have `/usr/lib/x`, and a link leads from one to
  /// the other.
  static Map<String, String> spellings(Collection<String> paths) {
    Map<String, String> spellings = new HashMap<>();
    paths.forEach(path -> spellings.put(path, path));
    for (String path : paths) {
      if (path.startsWith("/usr/")) {
        spellings.putIfAbsent(path.substring("/usr".length()), path);
      } else if (MERGED.matcher(path).lookingAt()) {
        spellings.putIfAbsent("/usr" + path, path);
      }
    }
    return spellings;
  }

  /// A number that changes when packages are installed, upgraded or removed. Costs a few `stat`s.
  long stamp();

  /// Finds this host's database, or [NoPackageDatabase].
  static PackageDatabase ofHost() {
    Path dpkg = Path.of("/var/lib/dpkg");
    if (DpkgDatabase.isAt(dpkg)) {
      return new DpkgDatabase(dpkg);
    }
    return RpmDatabase.find(Path.of("/"))
        .<PackageDatabase>map(found -> found)
        .orElseGet(NoPackageDatabase::new);
  }

  /// Combines the modification times of `paths`; one that cannot be read counts as 0.
  static long stampOf(List<Path> paths) {
    long stamp = 1;
    for (Path path : paths) {
      stamp = stamp * 1_000_003 + modifiedNanos(path);
    }
    return stamp;
  }

  private static long modifiedNanos(Path path) {
    try {
      return Files.getLastModifiedTime(path).to(TimeUnit.NANOSECONDS);
    } catch (IOException _) {
      return 0;
    }
  }
}
