package redoubt.core.tuf.policy;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import redoubt.core.disk.DiskSteps;
import redoubt.core.disk.Ownership;
import redoubt.core.model.Octets;
import redoubt.core.tuf.CanonicalJson;
import redoubt.core.tuf.JsonReader;
import redoubt.core.tuf.Limits;
import redoubt.core.tuf.TufException;

/// The repositories that the owner of a host trusts, each a directory with the root that was pinned
/// (`root.json`) and what it may do (`repository.json`). One appears and goes as a whole, also when
/// the power is cut. For one process at a time that changes it; any number may read.
public final class PinnedRepositories {
  private static final String ROOT = "root.json";
  private static final String REPOSITORY = "repository.json";
  private static final String HIDDEN = ".";
  private static final Set<PosixFilePermission> DIRECTORY =
      PosixFilePermissions.fromString("rwxr-xr-x");
  private static final Set<PosixFilePermission> FILE = PosixFilePermissions.fromString("rw-r--r--");

  private final Path directory;
  private final DiskSteps disk = new DiskSteps.Real();

  /// Names the directory. Touches nothing yet.
  public PinnedRepositories(Path directory) {
    this.directory = directory;
  }

  /// All of them, by name.
  ///
  /// @throws TufException if what lies there is not to be understood, or others could have written
  ///   it: nobody is trusted then
  /// @throws IOException if it cannot be read
  public List<PinnedRepository> read() throws IOException, TufException {
    List<PinnedRepository> found = new ArrayList<>();
    List<Path> entries = entries();
    if (!entries.isEmpty()) {
      requireOwned(directory);
    }
    for (Path each : entries) {
      found.add(read(each));
    }
    try {
      trusted(found);
    } catch (IllegalArgumentException e) {
      throw malformed(directory, String.valueOf(e.getMessage()));
    }
    return found;
  }

  /// What all of them may do together.
  ///
  /// @throws IllegalArgumentException if they contradict one another
  public static TrustedRepositories trusted(List<PinnedRepository> all) {
    return new TrustedRepositories(all.stream().map(PinnedRepository::trusted).toList());
  }

  private List<Path> entries() throws IOException {
    if (!Files.isDirectory(directory, LinkOption.NOFOLLOW_LINKS)) {
      return List.of();
    }
    try (Stream<Path> entries = Files.list(directory)) {
      return entries
          .filter(entry -> !entry.getFileName().toString().startsWith(HIDDEN))
          .sorted()
          .toList();
    }
  }

  private PinnedRepository read(Path home) throws IOException, TufException {
    requireOwned(home);
    byte[] root = read(home.resolve(ROOT), Limits.DEFAULT.rootBytes());
    byte[] form = read(home.resolve(REPOSITORY), Limits.DEFAULT.timestampBytes());
    try {
      TrustedRepository.requireRoot(root);
      return PinnedRepository.parse(
          home.getFileName().toString(), JsonReader.read(form), Octets.of(root));
    } catch (TufException e) {
      throw malformed(home, String.valueOf(e.getMessage()));
    }
  }

  private static byte[] read(Path file, int maxBytes) throws IOException, TufException {
    requireOwned(file);
    try (InputStream in = Files.newInputStream(file, LinkOption.NOFOLLOW_LINKS)) {
      byte[] bytes = in.readNBytes(maxBytes + 1);
      if (bytes.length > maxBytes) {
        throw malformed(file, "too long: limitBytes=" + maxBytes);
      }
      return bytes;
    }
  }

  /// Who may write it decides whom this host believes.
  private static void requireOwned(Path file) throws IOException, TufException {
    Optional<String> weakness = Ownership.weakness(file, Ownership.WRITE_BY_OTHERS);
    if (weakness.isPresent()) {
      throw malformed(file, weakness.get());
    }
  }

  private static TufException malformed(Path file, String why) {
    return new TufException(
        TufException.Reason.MALFORMED,
        "pinned",
        "not a trusted repository: file=" + file + ": " + why);
  }

  /// Trusts one more, from the next reading on.
  ///
  /// @throws IllegalArgumentException if there is one of its name, or one that speaks for a vendor
  ///   of its
  /// @throws TufException if its root is none, or what is there is not to be understood
  /// @throws IOException if it cannot be written; then it is not trusted
  public void add(PinnedRepository repository) throws IOException, TufException {
    TrustedRepository.requireRoot(repository.trusted().root().toArray());
    List<PinnedRepository> all = new ArrayList<>(read());
    all.add(repository);
    trusted(all);
    Files.createDirectories(directory);
    Files.setPosixFilePermissions(directory, DIRECTORY);
    String name = repository.trusted().name();
    Path fresh = directory.resolve(HIDDEN + name + ".new");
    delete(fresh);
    Files.createDirectory(fresh);
    Files.setPosixFilePermissions(fresh, DIRECTORY);
    put(fresh.resolve(ROOT), repository.trusted().root().toArray());
    put(fresh.resolve(REPOSITORY), CanonicalJson.writeFile(repository.form()));
    disk.syncDirectory(fresh);
    disk.rename(fresh, directory.resolve(name));
    disk.syncDirectory(directory);
  }

  private void put(Path file, byte[] bytes) throws IOException {
    disk.write(file, bytes);
    Files.setPosixFilePermissions(file, FILE);
    disk.syncFile(file);
  }

  /// Trusts one no more.
  ///
  /// @return whether there was one of that name
  /// @throws IOException if the disk fails
  public boolean remove(String name) throws IOException {
    Optional<Path> found =
        entries().stream().filter(entry -> entry.endsWith(Path.of(name))).findFirst();
    if (found.isEmpty()) {
      return false;
    }
    Path gone = directory.resolve(HIDDEN + name + ".gone");
    delete(gone);
    disk.rename(found.get(), gone);
    disk.syncDirectory(directory);
    delete(gone);
    return true;
  }

  private static void delete(Path home) throws IOException {
    if (!Files.exists(home, LinkOption.NOFOLLOW_LINKS)) {
      return;
    }
    try (Stream<Path> files = Files.list(home)) {
      for (Path file : files.toList()) {
        Files.delete(file);
      }
    }
    Files.delete(home);
  }
}
