package redoubt.core.tuf.store;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import redoubt.core.disk.DiskSteps;
import redoubt.core.tuf.Metadata;
import redoubt.core.tuf.RoleName;
import redoubt.core.tuf.Root;
import redoubt.core.tuf.TufException;

/// The trusted metadata of one repository. After a power cut at any moment each file is as before
/// or as after the change that was under way.
public final class MetadataStore {
  private static final String HISTORY = "root_history";
  private static final String FRESH = ".new";

  private final Path directory;
  private final DiskSteps disk;

  /// Names a store. Touches nothing yet.
  public MetadataStore(Path directory) {
    this(directory, new DiskSteps.Real());
  }

  /// Names a store on another disk.
  public MetadataStore(Path directory, DiskSteps disk) {
    this.directory = directory;
    this.disk = disk;
  }

  /// Where it lies.
  public Path directory() {
    return directory;
  }

  /// Begins with a root that the owner trusts, and forgets what was there. Whether it is a root at
  /// all shows when it is used.
  ///
  /// @throws IOException if that cannot be written
  public void initialize(byte[] root) throws IOException {
    Files.createDirectories(directory);
    for (Path file : files(directory)) {
      disk.delete(file);
    }
    if (Files.isDirectory(directory.resolve(HISTORY), LinkOption.NOFOLLOW_LINKS)) {
      for (Path file : files(directory.resolve(HISTORY))) {
        disk.delete(file);
      }
    }
    put(directory.resolve(fileName(Root.TYPE)), root);
    remember(root);
  }

  /// Whether it was begun.
  public boolean isInitialized() {
    return Files.exists(directory.resolve(fileName(Root.TYPE)), LinkOption.NOFOLLOW_LINKS);
  }

  /// Reads a role's file, or nothing if there is none or one longer than `maxBytes`.
  ///
  /// @throws IOException if the disk fails
  public Optional<byte[]> find(String role, int maxBytes) throws IOException {
    Path file = directory.resolve(fileName(role));
    if (!Files.isRegularFile(file, LinkOption.NOFOLLOW_LINKS)) {
      return Optional.empty();
    }
    try (InputStream in = Files.newInputStream(file, LinkOption.NOFOLLOW_LINKS)) {
      byte[] bytes = in.readNBytes(maxBytes + 1);
      return bytes.length > maxBytes ? Optional.empty() : Optional.of(bytes);
    }
  }

  /// Reads a root that was trusted once, or nothing.
  ///
  /// @throws IOException if the disk fails
  public Optional<byte[]> findRoot(long version) throws IOException {
    Path file = directory.resolve(HISTORY).resolve(version + "." + fileName(Root.TYPE));
    return Files.isRegularFile(file, LinkOption.NOFOLLOW_LINKS)
        ? Optional.of(Files.readAllBytes(file))
        : Optional.empty();
  }

  /// Puts a role's file in place, exactly as it was received.
  ///
  /// @throws IOException if that cannot be written; the file is then as before
  public void put(String role, byte[] file) throws IOException {
    put(directory.resolve(fileName(role)), file);
  }

  /// Puts a new root in place and remembers it.
  ///
  /// @throws IOException if that cannot be written; the root is then as before
  public void putRoot(long version, byte[] file) throws IOException {
    Path history = directory.resolve(HISTORY);
    Files.createDirectories(history);
    put(history.resolve(version + "." + fileName(Root.TYPE)), file);
    put(Root.TYPE, file);
  }

  /// Takes a role's file away.
  ///
  /// @throws IOException if the disk fails
  public void delete(String role) throws IOException {
    disk.delete(directory.resolve(fileName(role)));
    disk.syncDirectory(directory);
  }

  private void remember(byte[] root) throws IOException {
    try {
      long version = Metadata.parse(root, Root.class).signed().version();
      Path history = directory.resolve(HISTORY);
      Files.createDirectories(history);
      put(history.resolve(version + "." + fileName(Root.TYPE)), root);
    } catch (TufException _) {
      // no root: whoever uses it is told
    }
  }

  private void put(Path file, byte[] bytes) throws IOException {
    Path home = file.resolveSibling("");
    Path fresh = file.resolveSibling(file.getFileName() + FRESH);
    disk.write(fresh, bytes);
    disk.syncFile(fresh);
    disk.rename(fresh, file);
    disk.syncDirectory(home);
  }

  private static List<Path> files(Path directory) throws IOException {
    try (Stream<Path> entries = Files.list(directory)) {
      return entries
          .filter(entry -> Files.isRegularFile(entry, LinkOption.NOFOLLOW_LINKS))
          .toList();
    }
  }

  private static String fileName(String role) {
    return RoleName.encode(role) + ".json";
  }
}
