package redoubt.core.wire;

import com.google.protobuf.CodedInputStream;
import com.google.protobuf.InvalidProtocolBufferException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import redoubt.core.model.EngineId;
import redoubt.core.model.Sha256;
import redoubt.core.wire.BundleManifest.File;
import redoubt.core.wire.BundleManifest.Limits;
import redoubt.core.wire.BundleManifest.ProgramFile;
import redoubt.core.wire.BundleManifest.Role;
import redoubt.core.wire.BundleManifest.VersionRange;

/// Turns the manifest of a bundle and its test vectors into bytes and back, as `spec/bundle.proto`
/// has them. Stateless: safe for use by any thread.
public final class BundleCodec {
  /// The longest manifest, in bytes.
  public static final int MANIFEST_BYTES = 64 * 1024;

  /// The longest vector, in bytes.
  public static final int VECTOR_BYTES = 2 << 20;

  /// The longest file, and the most that all of an engine's own may have together, in bytes.
  public static final long FILE_BYTES = 256L << 20;

  private static final int VERSION_CHARS = 32;
  private static final Pattern NAME = Pattern.compile("[A-Za-z0-9._-]{1,64}");
  static final Pattern ENGINE_VERSION = Pattern.compile("(?:[0-9]{1,9}(?:\\.[0-9]{1,9}){0,3})?");
  private static final String FILE_NAME = "(?!\\.{1,2}(?:/|$))[A-Za-z0-9._+-]{1,64}";
  private static final Pattern PROGRAM_PATH =
      Pattern.compile(FILE_NAME + "(?:/" + FILE_NAME + "){0," + (ProgramFile.MOST_DEPTH - 1) + "}");
  private static final Role[] ROLES = Role.values();

  private BundleCodec() {}

  /// Encodes a manifest.
  ///
  /// @throws IllegalArgumentException if a field is out of its range
  public static byte[] encode(BundleManifest manifest) {
    check(manifest);
    ProtoWriter out = new ProtoWriter();
    out.text(1, manifest.vendor());
    out.text(2, manifest.engine().value());
    out.text(3, manifest.name());
    out.unsigned(4, manifest.version());
    out.fixed64(5, manifest.created().toEpochMilli());
    out.text(6, manifest.schemaHash());
    out.text(7, manifest.engineVersions().oldest());
    out.text(8, manifest.engineVersions().newest());
    out.begin(9);
    out.uint32(1, manifest.limits().loadMillis());
    out.uint32(2, manifest.limits().vectorsMillis());
    out.uint32(3, manifest.limits().memoryMiB());
    out.end();
    for (File file : manifest.files()) {
      out.begin(10);
      out.unsigned(1, numberOf(file.role()));
      out.unsigned(2, file.sizeBytes());
      out.bytes(3, file.sha256().bytes());
      out.end();
    }
    for (ProgramFile file : manifest.program()) {
      out.begin(11);
      out.text(1, file.path());
      out.flag(2, file.isProgram());
      out.unsigned(3, file.sizeBytes());
      out.bytes(4, file.sha256().bytes());
      out.end();
    }
    return out.toBytes(MANIFEST_BYTES);
  }

  /// Decodes a manifest.
  ///
  /// @throws WireException if the bytes are no manifest within its limits
  public static BundleManifest decodeManifest(byte[] bytes) throws WireException {
    try {
      requireLength(bytes.length, MANIFEST_BYTES);
      BundleManifest manifest = readManifest(new ProtoReader(bytes));
      check(manifest);
      return manifest;
    } catch (IllegalArgumentException e) {
      throw new WireException("invalid manifest: " + e.getMessage(), e);
    }
  }

  /// Encodes a vector.
  ///
  /// @throws IllegalArgumentException if it exceeds its limits
  public static byte[] encode(TestVector vector) {
    VectorFormat.check(vector);
    ProtoWriter out = new ProtoWriter();
    VectorFormat.write(out, vector);
    return out.toBytes(VECTOR_BYTES);
  }

  /// Decodes a vector.
  ///
  /// @throws WireException if the bytes are no vector within its limits
  public static TestVector decodeVector(byte[] bytes) throws WireException {
    try {
      requireLength(bytes.length, VECTOR_BYTES);
      TestVector vector = VectorFormat.read(new ProtoReader(bytes));
      VectorFormat.check(vector);
      return vector;
    } catch (IllegalArgumentException e) {
      throw new WireException("invalid vector: " + e.getMessage(), e);
    }
  }

  /// Writes a vector behind its length.
  ///
  /// @throws IllegalArgumentException if it exceeds its limits
  public static void writeVector(OutputStream target, TestVector vector) throws IOException {
    byte[] bytes = encode(vector);
    ProtoWriter length = new ProtoWriter();
    length.varint(bytes.length);
    target.write(length.toBytes());
    target.write(bytes);
  }

  /// Reads the next vector behind its length.
  ///
  /// @return nothing at the end
  /// @throws WireException if the bytes are no vector within its limits
  public static Optional<TestVector> readVector(InputStream source)
      throws IOException, WireException {
    int first = source.read();
    if (first < 0) {
      return Optional.empty();
    }
    int length = readLength(first, source);
    requireLength(length, VECTOR_BYTES);
    byte[] bytes = source.readNBytes(length);
    if (bytes.length < length) {
      throw new WireException("a vector ends early: lengthBytes=" + length);
    }
    return Optional.of(decodeVector(bytes));
  }

  private static int readLength(int first, InputStream source) throws IOException, WireException {
    try {
      return CodedInputStream.readRawVarint32(first, source);
    } catch (InvalidProtocolBufferException e) {
      throw new WireException("no length of a vector", e);
    }
  }

  private static void requireLength(int length, int most) throws WireException {
    if (length < 0 || length > most) {
      throw new WireException("too long: lengthBytes=" + length + " mostBytes=" + most);
    }
  }

  private static BundleManifest readManifest(ProtoReader in) throws WireException {
    String vendor = "";
    String engine = "";
    String name = "";
    long version = 0;
    long created = 0;
    String schemaHash = "";
    String oldest = "";
    String newest = "";
    Limits limits = new Limits(0, 0, 0);
    List<File> files = new ArrayList<>();
    List<ProgramFile> program = new ArrayList<>();
    while (in.next()) {
      switch (in.field()) {
        case 1 -> vendor = in.text();
        case 2 -> engine = in.text();
        case 3 -> name = in.text();
        case 4 -> version = in.uint64();
        case 5 -> created = in.fixed64();
        case 6 -> schemaHash = in.text();
        case 7 -> oldest = in.text();
        case 8 -> newest = in.text();
        case 9 -> limits = readLimits(in.message());
        case 10 -> {
          Check.range("files", files.size(), 0, ROLES.length - 1L);
          files.add(readFile(in.messageElement()));
        }
        case 11 -> {
          Check.range("program", program.size(), 0, ProgramFile.MOST - 1L);
          program.add(readProgramFile(in.messageElement()));
        }
        default -> in.skip();
      }
    }
    return new BundleManifest(
        vendor,
        new EngineId(engine),
        name,
        version,
        Instant.ofEpochMilli(created),
        schemaHash,
        new VersionRange(oldest, newest),
        limits,
        files,
        program);
  }

  private static Limits readLimits(ProtoReader in) throws WireException {
    int load = 0;
    int vectors = 0;
    int memory = 0;
    while (in.next()) {
      switch (in.field()) {
        case 1 -> load = in.uint32();
        case 2 -> vectors = in.uint32();
        case 3 -> memory = in.uint32();
        default -> in.skip();
      }
    }
    return new Limits(load, vectors, memory);
  }

  private static File readFile(ProtoReader in) throws WireException {
    int role = 0;
    long size = 0;
    byte[] digest = {};
    while (in.next()) {
      switch (in.field()) {
        case 1 -> role = in.uint32();
        case 2 -> size = in.uint64();
        case 3 -> digest = in.bytes();
        default -> in.skip();
      }
    }
    return new File(roleOf(role), size, Sha256.of(digest));
  }

  private static ProgramFile readProgramFile(ProtoReader in) throws WireException {
    String path = "";
    boolean isProgram = false;
    long size = 0;
    byte[] digest = {};
    while (in.next()) {
      switch (in.field()) {
        case 1 -> path = in.text();
        case 2 -> isProgram = in.flag();
        case 3 -> size = in.uint64();
        case 4 -> digest = in.bytes();
        default -> in.skip();
      }
    }
    return new ProgramFile(path, isProgram, size, Sha256.of(digest));
  }

  private static int numberOf(Role role) {
    return switch (role) {
      case CONTENT -> 1;
      case VECTORS -> 2;
    };
  }

  private static Role roleOf(int number) throws WireException {
    return switch (number) {
      case 1 -> Role.CONTENT;
      case 2 -> Role.VECTORS;
      default -> throw new WireException("unknown role of a file: number=" + number);
    };
  }

  private static void check(BundleManifest manifest) {
    name("vendor", manifest.vendor());
    name("name", manifest.name());
    Check.range("version", manifest.version(), 1, Long.MAX_VALUE);
    Check.range("createdMillis", manifest.created().toEpochMilli(), 0, Long.MAX_VALUE);
    Check.schemaHash(manifest.schemaHash());
    engineVersion(manifest.engineVersions().oldest());
    engineVersion(manifest.engineVersions().newest());
    Limits limits = manifest.limits();
    Check.range("loadMillis", limits.loadMillis(), 1, Limits.MOST_MILLIS);
    Check.range("vectorsMillis", limits.vectorsMillis(), 1, Limits.MOST_MILLIS);
    Check.range("memoryMiB", limits.memoryMiB(), 1, Limits.MOST_MEMORY_MIB);
    List<Role> roles = manifest.files().stream().map(File::role).toList();
    if (roles.size() != ROLES.length || !Set.copyOf(roles).equals(Set.of(ROLES))) {
      throw new IllegalArgumentException("each file is there once: roles=" + roles);
    }
    manifest.files().forEach(file -> Check.range("sizeBytes", file.sizeBytes(), 0, FILE_BYTES));
    program(manifest);
  }

  private static void program(BundleManifest manifest) {
    List<ProgramFile> program = manifest.program();
    Check.count("program", program, 0, ProgramFile.MOST);
    if (manifest.engine().released().isPresent() == program.isEmpty()) {
      throw new IllegalArgumentException(
          "a release of an engine, and nothing else, has files of the engine: engine="
              + manifest.engine()
              + " program="
              + program.size());
    }
    long bytes = 0;
    Set<String> files = new HashSet<>();
    Set<String> folders = new HashSet<>();
    for (ProgramFile file : program) {
      String path = file.path();
      Check.range("sizeBytes", file.sizeBytes(), 0, FILE_BYTES);
      bytes += file.sizeBytes();
      if (!PROGRAM_PATH.matcher(path).matches()) {
        throw new IllegalArgumentException(
            "not a path below the engine's folder: path="
                + WireText.cut(path, WireLimits.NAME_CHARS));
      }
      if (!files.add(path)) {
        throw new IllegalArgumentException("twice there: path=" + path);
      }
      for (int at = path.indexOf('/'); at >= 0; at = path.indexOf('/', at + 1)) {
        folders.add(path.substring(0, at));
      }
    }
    Check.range("programBytes", bytes, 0, FILE_BYTES);
    folders.retainAll(files);
    if (!folders.isEmpty()) {
      throw new IllegalArgumentException("both a file and a folder: paths=" + folders);
    }
  }

  static void name(String field, String value) {
    if (!NAME.matcher(value).matches() || value.startsWith(".")) {
      throw new IllegalArgumentException(
          "must be 1 to 64 letters, digits, '.', '_' and '-', not '.' first: "
              + field
              + "="
              + WireText.cut(value, WireLimits.NAME_CHARS));
    }
  }

  private static void engineVersion(String value) {
    if (value.length() > VERSION_CHARS || !ENGINE_VERSION.matcher(value).matches()) {
      throw new IllegalArgumentException(
          "not a version such as 0.1.0: version=" + WireText.cut(value, VERSION_CHARS));
    }
  }
}
