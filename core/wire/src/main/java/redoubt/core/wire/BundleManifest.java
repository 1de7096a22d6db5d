package redoubt.core.wire;

import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import redoubt.core.model.EngineId;
import redoubt.core.model.Sha256;

/// What a bundle says of itself; `spec/bundle.md` has the format. Immutable.
///
/// @param vendor who made it, 1 to 64 letters, digits, `.`, `_` and `-`
/// @param engine the engine that it is for
/// @param name what it is, as `vendor`
/// @param version rises with each bundle of that vendor, engine and name; from 1
/// @param created when, to the millisecond
/// @param schemaHash SHA-256 of the schema that the content is written in, 64 hexadecimal digits
/// @param engineVersions which versions of the engine may load it
/// @param limits what the engine may use with it
/// @param files in the order in which they follow
/// @param program behind those, in this order, the files of the engine itself: of a bundle for an
///   id of [EngineId#releases] at least one, of others none
public record BundleManifest(
    String vendor,
    EngineId engine,
    String name,
    long version,
    Instant created,
    String schemaHash,
    VersionRange engineVersions,
    Limits limits,
    List<File> files,
    List<ProgramFile> program) {
  public BundleManifest {
    files = List.copyOf(files);
    program = List.copyOf(program);
  }

  /// Versions of an engine, both ends included.
  ///
  /// @param oldest such as `0.1.0`, or empty for no bound
  /// @param newest such as `0.1.0`, or empty for no bound
  public record VersionRange(String oldest, String newest) {
    /// Every version.
    public static final VersionRange ALL = new VersionRange("", "");

    /// Whether a version is in the range. Of a bounded range it must be of up to four numbers with
    /// dots between, of at most nine digits each.
    public boolean contains(String version) {
      if (equals(ALL)) {
        return true;
      }
      if (version.isEmpty() || !BundleCodec.ENGINE_VERSION.matcher(version).matches()) {
        return false;
      }
      return (oldest.isEmpty() || compare(oldest, version) <= 0)
          && (newest.isEmpty() || compare(version, newest) <= 0);
    }

    private static int compare(String one, String other) {
      return Arrays.compare(numbers(one), numbers(other));
    }

    private static int[] numbers(String version) {
      int[] numbers = Arrays.stream(version.split("\\.")).mapToInt(Integer::parseInt).toArray();
      return Arrays.copyOf(numbers, 4);
    }
  }

  /// What the engine may use with this content.
  ///
  /// @param loadMillis how much processor time loading may take, 1 to [#MOST_MILLIS]
  /// @param vectorsMillis how much all vectors may take together, 1 to [#MOST_MILLIS]
  /// @param memoryMiB how much memory the engine may have, 1 to [#MOST_MEMORY_MIB]
  public record Limits(int loadMillis, int vectorsMillis, int memoryMiB) {
    /// The longest that anything may take: ten minutes.
    public static final int MOST_MILLIS = 600_000;

    /// The most memory.
    public static final int MOST_MEMORY_MIB = 4_096;

    /// How much memory the engine may have, in bytes.
    public long memoryBytes() {
      return (long) memoryMiB << 20;
    }
  }

  /// What a file is for.
  public enum Role {
    /// What the engine loads.
    CONTENT,
    /// Test vectors.
    VECTORS
  }

  /// One of the files.
  ///
  /// @param sizeBytes its length
  /// @param sha256 its digest
  public record File(Role role, long sizeBytes, Sha256 sha256) {}

  /// A file of the engine itself.
  ///
  /// @param path below the engine's folder, such as `bin/engine`: 1 to [#MOST_DEPTH] names of
  ///   letters, digits, `.`, `_`, `+` and `-` with `/` between, none of them `.` or `..`
  /// @param isProgram whether it can be executed
  /// @param sizeBytes its length
  /// @param sha256 its digest
  public record ProgramFile(String path, boolean isProgram, long sizeBytes, Sha256 sha256) {
    /// The most files of an engine.
    public static final int MOST = 512;

    /// How deep a file may lie.
    public static final int MOST_DEPTH = 8;
  }

  /// Its path in a repository: `VENDOR/ENGINE/NAME-VERSION.bundle`.
  public String target() {
    return target(vendor, engine, name, version);
  }

  static String target(String vendor, EngineId engine, String name, long version) {
    return vendor + "/" + engine + "/" + name + "-" + version + ".bundle";
  }

  /// What verdicts name as the version of the content: vendor and version.
  public String contentVersion() {
    return vendor + "-" + version;
  }

  /// The same about other files.
  public BundleManifest withFiles(List<File> others) {
    return new BundleManifest(
        vendor,
        engine,
        name,
        version,
        created,
        schemaHash,
        engineVersions,
        limits,
        others,
        program);
  }

  /// The same with other files of an engine.
  public BundleManifest withProgram(List<ProgramFile> others) {
    return new BundleManifest(
        vendor, engine, name, version, created, schemaHash, engineVersions, limits, files, others);
  }

  /// The one file of a role.
  public File file(Role role) {
    return files.stream()
        .filter(file -> file.role() == role)
        .findFirst()
        .orElseThrow(() -> new IllegalStateException("no such file: role=" + role));
  }

  /// Where a file of a role begins, counted from the end of the manifest.
  public long offset(Role role) {
    long offset = 0;
    for (File file : files) {
      if (file.role() == role) {
        return offset;
      }
      offset += file.sizeBytes();
    }
    throw new IllegalStateException("no such file: role=" + role);
  }

  /// Where the first file of the engine itself begins, counted as [#offset].
  public long programOffset() {
    return files.stream().mapToLong(File::sizeBytes).sum();
  }

  /// How long all files are together.
  public long filesBytes() {
    return programOffset() + program.stream().mapToLong(ProgramFile::sizeBytes).sum();
  }
}
