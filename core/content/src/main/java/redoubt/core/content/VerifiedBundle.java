package redoubt.core.content;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.channels.WritableByteChannel;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.time.Instant;
import redoubt.core.model.EngineId;
import redoubt.core.model.Sha256;

/// Content whose signature and digest were checked over its exact bytes. There is no other way to
/// get one than [#verify], so whoever holds one needs to check nothing.
///
/// The payload stays on disk; every copy of it is checked again while it is made, so a change
/// between check and use is noticed by whoever uses it. Immutable and safe for every thread.
public final class VerifiedBundle {
  static final String MANIFEST = "manifest";
  static final String PAYLOAD = "payload";

  private static final int COPY_BYTES = 128 * 1024;
  private static final int VERSION_DIGITS = 12;

  private final LocalBundle bundle;
  private final Path payload;
  private final String trust;

  private VerifiedBundle(LocalBundle bundle, Path payload, String trust) {
    this.bundle = bundle;
    this.payload = payload;
    this.trust = trust;
  }

  /// Checks the bundle in `directory`: reads the whole payload.
  ///
  /// @throws ContentException if anything in it is not what the owner signed for that engine
  static VerifiedBundle verify(Path directory, EngineId engine, OwnerKey key)
      throws ContentException {
    Path payload = directory.resolve(PAYLOAD);
    try {
      OwnedFiles.require(payload);
      byte[] manifest =
          OwnedFiles.read(directory.resolve(MANIFEST), LocalBundle.MAX_MANIFEST_BYTES);
      LocalBundle bundle = LocalBundle.verify(manifest, key);
      if (!bundle.engine().equals(engine)) {
        throw new ContentException(
            "the bundle is for another engine: engine=" + bundle.engine() + " wanted=" + engine);
      }
      VerifiedBundle verified =
          new VerifiedBundle(bundle, payload, "local (owner key " + key.id() + ")");
      verified.copyTo(Channels.newChannel(OutputStream.nullOutputStream()));
      return verified;
    } catch (IOException e) {
      throw new ContentException(
          "the bundle cannot be read: directory=" + directory + " error=" + e.getMessage(), e);
    }
  }

  /// The engine that the content is for.
  public EngineId engine() {
    return bundle.engine();
  }

  /// The name of the owner's file, for people.
  public String name() {
    return bundle.name();
  }

  /// The version: `local-` and the first 12 digits of the digest.
  public String version() {
    return "local-" + bundle.sha256().toString().substring(0, VERSION_DIGITS);
  }

  /// The digest of the payload.
  public Sha256 sha256() {
    return bundle.sha256();
  }

  /// The payload's size.
  public long sizeBytes() {
    return bundle.sizeBytes();
  }

  /// When the owner's file was taken.
  public Instant created() {
    return bundle.created();
  }

  /// Who vouches for it, for people, such as `local (owner key 3f2a90c1)`.
  public String trust() {
    return trust;
  }

  /// Copies the payload to `target`, checking size and digest on the way. Blocks on the disk.
  ///
  /// @throws ContentException if the payload is no longer what was signed; what `target` got must
  ///   then not be used
  /// @throws IOException if the payload cannot be read or `target` not be written
  public void copyTo(WritableByteChannel target) throws IOException, ContentException {
    MessageDigest digest = Sha256.digester();
    long copied = 0;
    try (FileChannel source = OwnedFiles.openRead(payload)) {
      ByteBuffer part = ByteBuffer.allocate(COPY_BYTES);
      while (copied <= sizeBytes() && source.read(part.clear()) >= 0) {
        copied += part.flip().remaining();
        digest.update(part.duplicate());
        OwnedFiles.writeFully(target, part);
      }
    }
    if (copied != sizeBytes() || !Sha256.of(digest.digest()).equals(sha256())) {
      throw new ContentException(
          "the payload is not what was signed: file=" + payload + " sha256=" + sha256());
    }
  }

  /// Returns the payload's bytes in a new array, checked.
  ///
  /// @throws ContentException if the payload is no longer what was signed
  /// @throws IOException if it cannot be read
  public byte[] bytes() throws IOException, ContentException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream((int) sizeBytes());
    copyTo(Channels.newChannel(bytes));
    return bytes.toByteArray();
  }
}
