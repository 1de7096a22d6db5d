package redoubt.agent.policy;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import redoubt.core.model.EngineId;
import redoubt.core.model.Sha256;

/// The owner's exceptions, as they were at one moment. Immutable and safe for every thread.
///
/// A name alone is no proof: in a mount namespace of his own an unprivileged user can make any file
/// appear under any path. So an exception by path or package counts only if the path, looked up in
/// this process's namespace, leads to the very file in question, and if nobody but root could have
/// put it there. A hash is proof by itself.
public final class Exceptions {
  private static final Exceptions NONE =
      new Exceptions(0, List.of(), Map.of(), RootOnlyPaths.ofHost());

  private final long generation;
  private final List<ExceptionEntry> entries;
  private final Map<Sha256, List<ExceptionEntry>> byHash = new HashMap<>();
  private final Map<String, List<ExceptionEntry>> byFile = new HashMap<>();
  private final List<ExceptionEntry> byDirectory = new ArrayList<>();
  private final RootOnlyPaths rootOnly;

  private Exceptions(
      long generation,
      List<ExceptionEntry> entries,
      Map<ExceptionEntry, List<Path>> packageFiles,
      RootOnlyPaths rootOnly) {
    this.generation = generation;
    this.entries = List.copyOf(entries);
    this.rootOnly = rootOnly;
    entries.forEach(entry -> index(entry, packageFiles.getOrDefault(entry, List.of())));
  }

  /// Returns the exceptions of an owner who made none.
  public static Exceptions none() {
    return NONE;
  }

  /// Resolves packages to files, once, here.
  static Exceptions of(
      long generation,
      List<ExceptionEntry> entries,
      PackageDatabase packages,
      RootOnlyPaths rootOnly) {
    Map<ExceptionEntry, List<Path>> packageFiles = new HashMap<>();
    Map<Path, Path> realDirectories = new HashMap<>();
    for (ExceptionEntry entry : entries) {
      if (entry.kind() == ExceptionEntry.Kind.PACKAGE) {
        packageFiles.put(
            entry,
            filesOf(entry, packages).map(file -> realParent(file, realDirectories)).toList());
      }
    }
    return new Exceptions(generation, entries, packageFiles, rootOnly);
  }

  /// Counts the owner's changes; the same number means the same exceptions.
  public long generation() {
    return generation;
  }

  /// Every exception, ended ones too, oldest first.
  public List<ExceptionEntry> entries() {
    return entries;
  }

  /// Finds an exception that outweighs a DENY of `engine`'s. One by hash is preferred, then one by
  /// file, then one by directory.
  ///
  /// Opens nothing; may cost a few `stat`s where a path matches, so it is asked after a DENY and
  /// never by the thread that reads events.
  ///
  /// @param sha256 the content's digest, or null if it is not known
  /// @param path the file's path as this process's mount namespace shows it, empty if unknown
  /// @param device the device of the file in question
  /// @param inode its inode number
  /// @param engine who said DENY
  /// @param now the wall clock, against which exceptions end
  public Optional<ExceptionEntry> find(
      @Nullable Sha256 sha256, String path, long device, long inode, EngineId engine, Instant now) {
    return matching(sha256, path, device, inode)
        .filter(entry -> entry.isInForce(now) && entry.concerns(engine))
        .findFirst();
  }

  /// Returns all exceptions that would count for the file at `path` as it is now, of whichever
  /// engine, best first: for the question why. Costs as [#find].
  ///
  /// @param sha256 the content's digest, or null if it is not known
  /// @param path the file; it need not exist, and then only a hash counts
  /// @param now the wall clock
  public List<ExceptionEntry> applying(@Nullable Sha256 sha256, Path path, Instant now) {
    Optional<FileFacts> file = FileFacts.find(path);
    return matching(
            sha256,
            path.toString(),
            file.map(FileFacts::device).orElse(0L),
            file.map(FileFacts::inode).orElse(0L))
        .filter(entry -> entry.isInForce(now))
        .toList();
  }

  /// As [#applying(Sha256, Path, Instant)], where it is known already whether the path counts.
  ///
  /// @param proven whether the path leads to the very file and only root can have put it there
  List<ExceptionEntry> applying(@Nullable Sha256 sha256, String path, boolean proven, Instant now) {
    Stream<ExceptionEntry> byContent =
        sha256 == null ? Stream.empty() : byHash.getOrDefault(sha256, List.of()).stream();
    Stream<ExceptionEntry> byName = proven ? namedBy(path).stream() : Stream.empty();
    return Stream.concat(byContent, byName).filter(entry -> entry.isInForce(now)).toList();
  }

  /// Says why an exception has no effect on this host now, or nothing if it can have one: its path
  /// is open to unprivileged users, or its package has no files here.
  public Optional<String> findProblem(ExceptionEntry entry) {
    return switch (entry.kind()) {
      case HASH -> Optional.empty();
      case PATH ->
          FileFacts.findPath(entry.value())
              .map(rootOnly::findWeakness)
              .orElse(Optional.of("cannot be spelled in this locale: path=" + entry.value()));
      case PACKAGE ->
          byFile.values().stream().anyMatch(list -> list.contains(entry))
              ? Optional.empty()
              : Optional.of("has no files on this host: package=" + entry.value());
    };
  }

  private Stream<ExceptionEntry> matching(
      @Nullable Sha256 sha256, String path, long device, long inode) {
    List<ExceptionEntry> found = new ArrayList<>();
    if (sha256 != null) {
      found.addAll(byHash.getOrDefault(sha256, List.of()));
    }
    List<ExceptionEntry> named = namedBy(path);
    if (!named.isEmpty() && leadsTo(path, device, inode)) {
      found.addAll(named);
    }
    return found.stream();
  }

  private List<ExceptionEntry> namedBy(String path) {
    List<ExceptionEntry> named = new ArrayList<>(byFile.getOrDefault(path, List.of()));
    byDirectory.stream().filter(entry -> path.startsWith(entry.value())).forEach(named::add);
    return named;
  }

  private boolean leadsTo(String path, long device, long inode) {
    Optional<Path> file = FileFacts.findPath(path).filter(Path::isAbsolute);
    return file.filter(each -> rootOnly.findWeakness(each).isEmpty())
        .flatMap(FileFacts::find)
        .filter(facts -> facts.isRegular() && facts.device() == device && facts.inode() == inode)
        .isPresent();
  }

  private void index(ExceptionEntry entry, List<Path> packageFiles) {
    switch (entry.kind()) {
      case HASH -> add(byHash, Sha256.parse(entry.value()), entry);
      case PATH -> {
        if (entry.isDirectory()) {
          byDirectory.add(entry);
        } else {
          add(byFile, entry.value(), entry);
        }
      }
      case PACKAGE -> packageFiles.forEach(file -> add(byFile, file.toString(), entry));
    }
  }

  private static <K> void add(Map<K, List<ExceptionEntry>> map, K key, ExceptionEntry entry) {
    map.computeIfAbsent(key, _ -> new ArrayList<>()).add(entry);
  }

  private static Stream<Path> filesOf(ExceptionEntry entry, PackageDatabase packages) {
    if (!entry.files().isEmpty()) {
      return entry.files().stream().flatMap(file -> FileFacts.findPath(file).stream());
    }
    if (!packages.answersInProcess()) {
      return Stream.empty();
    }
    try {
      return packages.filesOf(List.of(entry.value()), _ -> true).stream();
    } catch (PolicyException _) {
      // findProblem then says that the package has no files here
      return Stream.empty();
    }
  }

  /// The kernel names files by real paths, packages by `/bin/ls`.
  private static Path realParent(Path file, Map<Path, Path> realDirectories) {
    Path parent = file.getParent();
    Path name = file.getFileName();
    if (parent == null || name == null) {
      return file;
    }
    return realDirectories.computeIfAbsent(parent, Exceptions::realOrSame).resolve(name);
  }

  private static Path realOrSame(Path directory) {
    try {
      return directory.toRealPath();
    } catch (IOException _) {
      return directory;
    }
  }
}
