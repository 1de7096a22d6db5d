package redoubt.core.content;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.security.DigestOutputStream;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import redoubt.core.model.Sha256;
import redoubt.core.wire.BundleCodec;
import redoubt.core.wire.BundleManifest;
import redoubt.core.wire.BundleManifest.File;
import redoubt.core.wire.BundleManifest.ProgramFile;
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
    return write(target, manifest, content, vectors, List.of());
  }

  /// Writes a release of an engine, which appears in one step.
  ///
  /// @param manifest all but the files, for an id of [redoubt.core.model.EngineId#releases]
  /// @param content what the engine is tried with, and judges with while a host has nothing else
  /// @param vectors in the order in which they are to be run
  /// @param program the folder with the engine's own files, all of which go in
  /// @return the bundle
  /// @throws ContentException if something is out of its range, or in `program` is something else
  ///   than files and folders
  /// @throws IOException if `content` or `program` cannot be read or `target` not be written
  public static BundleFile writeRelease(
      Path target, BundleManifest manifest, Path content, List<TestVector> vectors, Path program)
      throws IOException, ContentException {
    List<Path> files;
    try (Stream<Path> tree = Files.walk(program)) {
      files =
          tree.filter(path -> !Files.isDirectory(path, LinkOption.NOFOLLOW_LINKS))
              .sorted()
              .toList();
    }
    List<ProgramFile> described = new ArrayList<>();
    for (Path file : files) {
      if (!Files.isRegularFile(file, LinkOption.NOFOLLOW_LINKS)) {
        throw new ContentException("neither a file nor a folder: file=" + file);
      }
      File as = describe(file);
      described.add(
          new ProgramFile(
              program.relativize(file).toString(),
              Files.isExecutable(file),
              as.sizeBytes(),
              as.sha256()));
    }
    return write(target, manifest.withProgram(described), content, vectors, files);
  }

  private static BundleFile write(
      Path target,
      BundleManifest manifest,
      Path content,
      List<TestVector> vectors,
      List<Path> program)
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
        for (Path file : program) {
          Files.copy(file, out);
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
