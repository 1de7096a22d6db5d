package redoubt.core.content;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.channels.WritableByteChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.DigestInputStream;
import java.security.MessageDigest;
import java.util.HashSet;
import java.util.Optional;
import java.util.Set;
import redoubt.core.model.Sha256;
import redoubt.core.wire.BundleCodec;
import redoubt.core.wire.BundleManifest;
import redoubt.core.wire.BundleManifest.ProgramFile;
import redoubt.core.wire.BundleManifest.Role;
import redoubt.core.wire.TestVector;
import redoubt.core.wire.WireException;

/// A bundle on disk, as `spec/bundle.md` lays it out. It says nothing of who made it: that is for
/// whoever verified its signatures.
///
/// Each use opens the file again and checks the digest of what it reads on the way, so a change in
/// between is noticed by whoever uses it. Immutable and safe for every thread.
public final class BundleFile {
  /// How every bundle begins.
  static final String MARK = "RDBUNDLE";

  /// The form that this build writes and reads.
  static final int FORM = 1;

  /// The mark, the form and the length of the manifest.
  static final int HEAD_BYTES = 16;

  /// The most vectors.
  public static final int MOST_VECTORS = 1 << 16;

  private static final int COPY_BYTES = 128 * 1024;

  private final Path file;
  private final BundleManifest manifest;
  private final long filesBegin;

  private BundleFile(Path file, BundleManifest manifest, long filesBegin) {
    this.file = file;
    this.manifest = manifest;
    this.filesBegin = filesBegin;
  }

  /// What is done with each vector.
  @FunctionalInterface
  public interface VectorUse {
    /// Takes the next one.
    void take(TestVector vector) throws IOException, ContentException;
  }

  /// Reads the manifest of a bundle, and insists that the file is as long as that says. Of the
  /// files in it nothing is read.
  ///
  /// @throws ContentException if it is no bundle, or none that this build reads
  /// @throws IOException if it cannot be read
  public static BundleFile open(Path file) throws IOException, ContentException {
    try (FileChannel channel = OwnedFiles.openRead(file)) {
      ByteBuffer head = read(channel, HEAD_BYTES, file);
      byte[] mark = new byte[MARK.length()];
      head.get(mark);
      if (!new String(mark, StandardCharsets.ISO_8859_1).equals(MARK)) {
        throw new ContentException("no bundle: file=" + file);
      }
      int form = head.getInt();
      if (form != FORM) {
        throw new ContentException(
            "a bundle of another form: file=" + file + " form=" + form + " known=" + FORM);
      }
      int length = head.getInt();
      if (length < 1 || length > BundleCodec.MANIFEST_BYTES) {
        throw new ContentException(
            "the manifest's length is out of range: file="
                + file
                + " lengthBytes="
                + length
                + " mostBytes="
                + BundleCodec.MANIFEST_BYTES);
      }
      byte[] manifest = new byte[length];
      read(channel, length, file).get(manifest);
      BundleFile bundle =
          new BundleFile(file, BundleCodec.decodeManifest(manifest), (long) HEAD_BYTES + length);
      bundle.requireLength(channel.size());
      return bundle;
    } catch (WireException e) {
      throw new ContentException(
          "the manifest cannot be read: file=" + file + " problem=" + e.getMessage(), e);
    }
  }

  private void requireLength(long length) throws ContentException {
    long expected = filesBegin + manifest.filesBytes();
    if (length != expected) {
      throw new ContentException(
          "not as long as the manifest says: file="
              + file
              + " lengthBytes="
              + length
              + " expectedBytes="
              + expected);
    }
  }

  /// What the bundle says of itself.
  public BundleManifest manifest() {
    return manifest;
  }

  /// Where it lies.
  public Path file() {
    return file;
  }

  /// Reads everything, and insists that each file has the digest in the manifest and each vector is
  /// one.
  ///
  /// @return how many vectors there are
  /// @throws ContentException if something is not as it should be
  /// @throws IOException if it cannot be read
  public long verify() throws IOException, ContentException {
    WritableByteChannel nowhere = Channels.newChannel(OutputStream.nullOutputStream());
    copyContentTo(nowhere);
    for (ProgramFile file : manifest.program()) {
      copyProgramTo(file, nowhere);
    }
    return forEachVector(_ -> {});
  }

  /// Copies what the engine loads, checking its digest on the way. Blocks on the disk.
  ///
  /// @throws ContentException if it is not what the manifest says; what `target` got must then not
  ///   be used
  /// @throws IOException if the bundle cannot be read or `target` not be written
  public void copyContentTo(WritableByteChannel target) throws IOException, ContentException {
    try (InputStream source = stream(Role.CONTENT)) {
      requireDigest(Role.CONTENT, copy(source, target));
    }
  }

  /// Copies a file of the engine itself, as [#copyContentTo] does.
  ///
  /// @param program one of the manifest's
  /// @throws ContentException if it is not what the manifest says; what `target` got must then not
  ///   be used
  /// @throws IOException if the bundle cannot be read or `target` not be written
  public void copyProgramTo(ProgramFile program, WritableByteChannel target)
      throws IOException, ContentException {
    long offset = manifest.programOffset();
    for (ProgramFile before : manifest.program()) {
      if (before.equals(program)) {
        break;
      }
      offset += before.sizeBytes();
    }
    try (InputStream source = stream(offset, program.sizeBytes())) {
      requireDigest(program.path(), program.sha256(), copy(source, target));
    }
  }

  private static MessageDigest copy(InputStream source, WritableByteChannel target)
      throws IOException {
    MessageDigest digest = Sha256.digester();
    byte[] part = new byte[COPY_BYTES];
    for (int read = source.read(part); read >= 0; read = source.read(part)) {
      digest.update(part, 0, read);
      OwnedFiles.writeFully(target, ByteBuffer.wrap(part, 0, read));
    }
    return digest;
  }

  /// Goes through the vectors, in their order. Names are unique.
  ///
  /// @return how many there are
  /// @throws ContentException if they are not what the manifest says, or one is none; what `use`
  ///   got must then not be used
  /// @throws IOException if the bundle cannot be read
  public long forEachVector(VectorUse use) throws IOException, ContentException {
    MessageDigest digest = Sha256.digester();
    Set<Long> names = new HashSet<>();
    long count = 0;
    try (InputStream source =
        new DigestInputStream(new BufferedInputStream(stream(Role.VECTORS), COPY_BYTES), digest)) {
      for (Optional<TestVector> next = BundleCodec.readVector(source);
          next.isPresent();
          next = BundleCodec.readVector(source)) {
        TestVector vector = next.get();
        if (++count > MOST_VECTORS) {
          throw new ContentException("too many vectors: file=" + file + " most=" + MOST_VECTORS);
        }
        if (!names.add(keyOf(vector.name()))) {
          throw new ContentException(
              "two vectors of one name: file=" + file + " name=" + vector.name());
        }
        use.take(vector);
      }
    } catch (WireException e) {
      throw new ContentException(
          "a vector cannot be read: file="
              + file
              + " number="
              + (count + 1)
              + " problem="
              + e.getMessage(),
          e);
    }
    requireDigest(Role.VECTORS, digest);
    return count;
  }

  /// Stands for a name in little room. Whoever finds two names of one key has made a bundle that
  /// nobody takes.
  private static long keyOf(String name) {
    return Sha256.ofText(name).a();
  }

  private void requireDigest(Role role, MessageDigest digest) throws ContentException {
    requireDigest(role.name(), manifest.file(role).sha256(), digest);
  }

  private void requireDigest(String part, Sha256 expected, MessageDigest digest)
      throws ContentException {
    if (!Sha256.of(digest.digest()).equals(expected)) {
      throw new ContentException(
          "not what the manifest says: file=" + file + " part=" + part + " sha256=" + expected);
    }
  }

  /// The bytes of the file of a role.
  private InputStream stream(Role role) throws IOException {
    return stream(manifest.offset(role), manifest.file(role).sizeBytes());
  }

  private InputStream stream(long offset, long sizeBytes) throws IOException {
    FileChannel channel = OwnedFiles.openRead(file);
    channel.position(filesBegin + offset);
    return new LimitedStream(Channels.newInputStream(channel), sizeBytes);
  }

  private static ByteBuffer read(FileChannel channel, int bytes, Path file)
      throws IOException, ContentException {
    ByteBuffer buffer = ByteBuffer.allocate(bytes);
    while (buffer.hasRemaining()) {
      if (channel.read(buffer) < 0) {
        throw new ContentException("no bundle: it ends early: file=" + file);
      }
    }
    return buffer.flip();
  }
}
