package redoubt.core.content;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.security.DigestOutputStream;
import java.security.MessageDigest;
import java.util.List;
import redoubt.core.model.Sha256;
import redoubt.core.wire.BundleCodec;
import redoubt.core.wire.BundleManifest;
import redoubt.core.wire.BundleManifest.File;
import redoubt.core.wire.BundleManifest.Role;
import redoubt.core.wire.TestVector;

/// Writes bundles. The same manifest, content and vectors give the same bytes. Stateless.
public final class BundleWriter {
  private BundleWriter() {}

  /// Writes a bundle, which appears in one step.
  ///
  /// @param manifest all but the files
  /// @param content what the engine loads
  /// @param vectors in the order in which they are to be run
  /// @return the bundle
  /// @throws ContentException if something is out of its range, or two vectors have one name
  /// @throws IOException if `content` cannot be read or `target` not be written
  public static BundleFile write(
      Path target, BundleManifest manifest, Path content, List<TestVector> vectors)
      throws IOException, ContentException {
    Path fresh = target.resolveSibling("." + target.getFileName() + ".new");
    Files.deleteIfExists(fresh);
    try {
      try (FileChannel channel = OwnedFiles.create(fresh, OwnedFiles.READABLE);
          OutputStream out = Channels.newOutputStream(channel)) {
        BundleManifest complete = manifest.withFiles(List.of(describe(content), describe(vectors)));
        byte[] said = BundleCodec.encode(complete);
        out.write(head(said.length));
        out.write(said);
        Files.copy(content, out);
        for (TestVector vector : vectors) {
          BundleCodec.writeVector(out, vector);
        }
        channel.force(true);
      }
      // What was written is what will be read, or it does not appear.
      BundleFile.open(fresh).verify();
      Files.move(fresh, target, StandardCopyOption.ATOMIC_MOVE);
      return BundleFile.open(target);
    } catch (IllegalArgumentException e) {
      throw new ContentException("not in a bundle: " + e.getMessage(), e);
    } finally {
      Files.deleteIfExists(fresh);
    }
  }

  private static byte[] head(int manifestBytes) {
    return ByteBuffer.allocate(BundleFile.HEAD_BYTES)
        .put(BundleFile.MARK.getBytes(StandardCharsets.US_ASCII))
        .putInt(BundleFile.FORM)
        .putInt(manifestBytes)
        .array();
  }

  private static File describe(Path content) throws IOException {
    MessageDigest digest = Sha256.digester();
    try (OutputStream out = new DigestOutputStream(OutputStream.nullOutputStream(), digest)) {
      long size = Files.copy(content, out);
      return new File(Role.CONTENT, size, Sha256.of(digest.digest()));
    }
  }

  private static File describe(List<TestVector> vectors) throws IOException {
    MessageDigest digest = Sha256.digester();
    long size = 0;
    for (TestVector vector : vectors) {
      CountingDigest one = new CountingDigest(digest);
      BundleCodec.writeVector(one, vector);
      size += one.count;
    }
    return new File(Role.VECTORS, size, Sha256.of(digest.digest()));
  }

  private static final class CountingDigest extends OutputStream {
    private final MessageDigest digest;
    private long count;

    CountingDigest(MessageDigest digest) {
      this.digest = digest;
    }

    @Override
    public void write(int value) {
      digest.update((byte) value);
      count++;
    }

    @Override
    public void write(byte[] bytes, int offset, int length) {
      digest.update(bytes, offset, length);
      count += length;
    }
  }
}
