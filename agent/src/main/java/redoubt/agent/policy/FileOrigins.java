package redoubt.agent.policy;

import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import redoubt.core.model.PackageState;
import redoubt.core.model.Sha256;

/// Finds out where a file comes from: who can have put it there, which package brought it, and
/// whether the owner trusts it.
///
/// A path alone is no proof, as [Exceptions] says: what is said of a path counts only if it leads
/// to the very file in question. Safe for use by several threads; costs some `stat`s and, for the
/// file of a package, its MD5 digest where that is what the package database keeps.
public final class FileOrigins {
  private final ShippedFiles shipped;
  private final RootOnlyPaths rootOnly;

  FileOrigins(ShippedFiles shipped, RootOnlyPaths rootOnly) {
    this.shipped = shipped;
    this.rootOnly = rootOnly;
  }

  /// Those of this host.
  public static FileOrigins ofHost(ShippedFiles shipped) {
    return new FileOrigins(shipped, RootOnlyPaths.ofHost());
  }

  /// A file in question.
  ///
  /// @param path where it lies as this process's mount namespace shows it, empty if unknown
  /// @param device the device of the file
  /// @param inode its inode number
  /// @param ownersBelieved whether the file system's word on who owns a file is believed, as of one
  ///   that is not mounted `nosuid`: a stick that somebody brings may say that all on it is root's
  /// @param sha256 the content's digest, or null if it is not known
  /// @param md5 digests the content when that is needed
  public record Subject(
      String path,
      long device,
      long inode,
      boolean ownersBelieved,
      @Nullable Sha256 sha256,
      Md5Source md5) {}

  /// Digests the content of the file in question.
  public interface Md5Source {
    /// The 16 bytes of its MD5 digest, or nothing if it could not be read in time.
    Optional<byte[]> digest();
  }

  /// Where a file comes from.
  ///
  /// @param weakness who else than root could have put it there, in words; empty if nobody
  /// @param packageName the package that brought a file of that path, where only root can have put
  ///   it there; else empty
  /// @param state how the file compares with that one
  /// @param trust the owner's word on it, best first; empty for none
  public record Origin(
      String weakness, String packageName, PackageState state, List<ExceptionEntry> trust) {
    /// Whether nobody but root can have put it there.
    public boolean isRootOnly() {
      return weakness.isEmpty();
    }
  }

  /// Turns a device number into the form that [java.nio.file.Files#readAttributes] gives as
  /// `unix:dev`.
  public static long libraryDevice(long device) {
    return FileFacts.libraryDevice(device);
  }

  /// What [Md5Source] digests with.
  public static MessageDigest md5Digester() {
    try {
      return MessageDigest.getInstance("MD5");
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java has MD5", e);
    }
  }

  /// Counts whatever may change what is said of a file, beside the owner's word.
  public long generation() {
    return shipped.generation();
  }

  /// Finds out where a file comes from.
  ///
  /// @param trusted what the owner trusts
  /// @param now the wall clock
  public Origin of(Subject file, Exceptions trusted, Instant now) {
    String weakness = weakness(file);
    List<ExceptionEntry> trust =
        trusted.applying(file.sha256(), file.path(), weakness.isEmpty(), now);
    if (!weakness.isEmpty()) {
      return new Origin(weakness, "", PackageState.NONE, trust);
    }
    Comparison comparison = new Comparison(file);
    comparison.add(shipped.find(file.path()));
    if (!comparison.state.passes()) {
      comparison.add(shipped.findNewer(file.path()));
    }
    return new Origin("", comparison.packageName, comparison.state, trust);
  }

  /// As [#of(Subject, Exceptions, Instant)] for the file at a path, which need not be what it was a
  /// moment ago.
  ///
  /// @param ownersBelieved as of a [Subject]
  /// @param sha256 the content's digest, or null if it is not known
  public Origin of(
      Path path,
      boolean ownersBelieved,
      @Nullable Sha256 sha256,
      Md5Source md5,
      Exceptions trusted,
      Instant now) {
    Optional<FileFacts> facts = FileFacts.find(path);
    return of(
        new Subject(
            path.toString(),
            facts.map(FileFacts::device).orElse(0L),
            facts.map(FileFacts::inode).orElse(0L),
            ownersBelieved,
            sha256,
            md5),
        trusted,
        now);
  }

  private String weakness(Subject file) {
    Optional<Path> path = FileFacts.findPath(file.path()).filter(Path::isAbsolute);
    if (path.isEmpty()) {
      return "has no path here";
    }
    Optional<String> weakness = rootOnly.findWeakness(path.get().normalize());
    if (weakness.isPresent()) {
      return weakness.get();
    }
    Optional<FileFacts> facts = path.flatMap(FileFacts::find);
    if (facts.isEmpty()
        || facts.get().device() != file.device()
        || facts.get().inode() != file.inode()) {
      return "is another file than the one at its path here: path=" + path.get();
    }
    return file.ownersBelieved()
        ? ""
        : "is on a file system whose owners of files are not believed (nosuid): path=" + path.get();
  }

  /// Holds a file against what packages say of its path; its digest is computed once.
  private static final class Comparison {
    private final Subject file;
    private String packageName = "";
    private PackageState state = PackageState.NONE;
    private Optional<byte[]> md5 = Optional.empty();
    private boolean digested;

    Comparison(Subject file) {
      this.file = file;
    }

    void add(List<ShippedFile> candidates) {
      for (ShippedFile candidate : candidates) {
        if (state == PackageState.AS_SHIPPED) {
          return;
        }
        packageName = candidate.packageName();
        state = compare(candidate);
      }
    }

    private PackageState compare(ShippedFile candidate) {
      return switch (candidate.algorithm()) {
        case NONE -> PackageState.UNVERIFIED;
        case MD5 -> md5().map(digest -> matches(candidate, digest)).orElse(PackageState.UNVERIFIED);
        case SHA_256 -> {
          Sha256 sha256 = file.sha256();
          if (sha256 == null) {
            yield PackageState.UNVERIFIED;
          }
          yield candidate.matches(sha256) ? PackageState.AS_SHIPPED : PackageState.CHANGED;
        }
      };
    }

    private static PackageState matches(ShippedFile candidate, byte[] digest) {
      return candidate.matchesMd5(ShippedFile.word(digest, 0), ShippedFile.word(digest, 1))
          ? PackageState.AS_SHIPPED
          : PackageState.CHANGED;
    }

    private Optional<byte[]> md5() {
      if (!digested) {
        digested = true;
        md5 = file.md5().digest();
      }
      return md5;
    }
  }
}
