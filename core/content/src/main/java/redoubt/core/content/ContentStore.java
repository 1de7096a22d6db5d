package redoubt.core.content;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.security.MessageDigest;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import redoubt.core.model.EngineId;
import redoubt.core.model.Sha256;

/// The bundles on this host, below `content/` in the state directory: `ENGINE/DIGEST/payload` and
/// `manifest`, and `ENGINE/active`, which names the digest in force and the one before it.
///
/// Everything in it is checked again whenever it is read. A bundle appears in one step, and so does
/// a change of what is active; a power cut leaves the old state or the new one. For one thread of
/// one process at a time.
public final class ContentStore {
  /// The largest payload.
  public static final long MAX_PAYLOAD_BYTES = 256L * 1024 * 1024;

  private static final String ACTIVE = "active";
  private static final int KEPT = 2;
  private static final int COPY_BYTES = 128 * 1024;

  private final Path directory;
  private final OwnerKey key;

  /// Names the store below a state directory. Touches nothing yet.
  public ContentStore(Path stateDirectory, OwnerKey key) {
    this.directory = stateDirectory.resolve("content");
    this.key = key;
  }

  /// Takes the owner's file into the store and signs it. The file is opened once and read once;
  /// what happens to it afterwards does not matter. Does not activate it.
  ///
  /// @param engine the engine that it is for
  /// @param source a regular file of at most [#MAX_PAYLOAD_BYTES], or a link to one
  /// @param now the wall clock
  /// @throws ContentException if the file cannot be taken; the store is then as before
  public VerifiedBundle importLocal(EngineId engine, Path source, Instant now)
      throws ContentException {
    Path engineDirectory = directory.resolve(engine.value());
    Path fresh = engineDirectory.resolve(".new");
    try {
      Files.createDirectories(engineDirectory, OwnedFiles.DIRECTORY);
      deleteTree(fresh);
      Files.createDirectory(fresh, OwnedFiles.DIRECTORY);
      LocalBundle bundle = copyIn(engine, source, fresh.resolve(VerifiedBundle.PAYLOAD), now);
      OwnedFiles.write(
          fresh.resolve(VerifiedBundle.MANIFEST), bundle.sign(key), OwnedFiles.READABLE);
      Path home = engineDirectory.resolve(bundle.sha256().toString());
      if (holdsSound(home, engine)) {
        deleteTree(fresh);
      } else {
        deleteTree(home);
        Files.move(fresh, home, StandardCopyOption.ATOMIC_MOVE);
        OwnedFiles.syncDirectory(engineDirectory);
      }
      return VerifiedBundle.verify(home, engine, key);
    } catch (IOException e) {
      throw new ContentException(
          "content cannot be taken: file=" + source + " error=" + e.getMessage(), e);
    }
  }

  /// Remembers a bundle as the one in force, also after a restart, and forgets all but the one
  /// before it.
  ///
  /// @throws ContentException if that cannot be written
  public void activate(VerifiedBundle bundle) throws ContentException {
    Path engineDirectory = directory.resolve(bundle.engine().value());
    try {
      List<Sha256> order = new ArrayList<>(List.of(bundle.sha256()));
      orderBefore(bundle.engine()).stream()
          .filter(digest -> !digest.equals(bundle.sha256()))
          .limit(KEPT - 1)
          .forEach(order::add);
      OwnedFiles.write(
          engineDirectory.resolve(ACTIVE),
          textOf(order).getBytes(StandardCharsets.US_ASCII),
          OwnedFiles.READABLE);
      deleteAllBut(engineDirectory, order);
    } catch (IOException e) {
      throw new ContentException(
          "the active content cannot be written: engine=" + bundle.engine(), e);
    }
  }

  /// Returns the bundle that was activated last, checked again, or nothing if none ever was.
  ///
  /// @throws ContentException if it is broken; [#previous] may still be sound
  public Optional<VerifiedBundle> active(EngineId engine) throws ContentException {
    return numbered(engine, 0);
  }

  /// Returns the bundle that was in force before the active one, checked again, or nothing.
  ///
  /// @throws ContentException if it is broken
  public Optional<VerifiedBundle> previous(EngineId engine) throws ContentException {
    return numbered(engine, 1);
  }

  private Optional<VerifiedBundle> numbered(EngineId engine, int number) throws ContentException {
    try {
      List<Sha256> order = readOrder(engine);
      if (order.size() <= number) {
        return Optional.empty();
      }
      Sha256 digest = order.get(number);
      Path home = directory.resolve(engine.value()).resolve(digest.toString());
      VerifiedBundle bundle = VerifiedBundle.verify(home, engine, key);
      if (!bundle.sha256().equals(digest)) {
        throw new ContentException("another bundle lies there: directory=" + home);
      }
      return Optional.of(bundle);
    } catch (IOException e) {
      throw new ContentException("the active content cannot be read: engine=" + engine, e);
    }
  }

  /// The same content may be active already, and must not be missing for a moment.
  private boolean holdsSound(Path home, EngineId engine) {
    try {
      VerifiedBundle.verify(home, engine, key);
      return true;
    } catch (ContentException _) {
      // absent or broken: the fresh one replaces it
      return false;
    }
  }

  /// What was active is of no use if its name is broken, and must not stand in the way.
  private List<Sha256> orderBefore(EngineId engine) throws IOException {
    try {
      return readOrder(engine);
    } catch (ContentException _) {
      // whoever asked for the active content was told
      return List.of();
    }
  }

  private List<Sha256> readOrder(EngineId engine) throws IOException, ContentException {
    Path file = directory.resolve(engine.value()).resolve(ACTIVE);
    if (!Files.exists(file, LinkOption.NOFOLLOW_LINKS)) {
      return List.of();
    }
    String text = new String(OwnedFiles.read(file, 1024), StandardCharsets.US_ASCII);
    try {
      List<Sha256> order = text.lines().map(Sha256::parse).toList();
      if (order.size() <= KEPT && text.equals(textOf(order))) {
        return order;
      }
    } catch (IllegalArgumentException e) {
      throw new ContentException("the name of the active content is broken: file=" + file, e);
    }
    throw new ContentException("the name of the active content is broken: file=" + file);
  }

  private static String textOf(List<Sha256> order) {
    return String.join("", order.stream().map(digest -> digest + "\n").toList());
  }

  private static LocalBundle copyIn(EngineId engine, Path source, Path payload, Instant now)
      throws IOException, ContentException {
    if (!Files.isRegularFile(source)) {
      throw new ContentException("not a regular file: file=" + source);
    }
    MessageDigest digest = Sha256.digester();
    long copied = 0;
    try (FileChannel from = FileChannel.open(source, StandardOpenOption.READ);
        FileChannel to = OwnedFiles.create(payload, OwnedFiles.READABLE)) {
      ByteBuffer part = ByteBuffer.allocate(COPY_BYTES);
      while (from.read(part.clear()) >= 0) {
        copied += part.flip().remaining();
        if (copied > MAX_PAYLOAD_BYTES) {
          throw new ContentException("too large: file=" + source + " limit=" + MAX_PAYLOAD_BYTES);
        }
        digest.update(part.duplicate());
        OwnedFiles.writeFully(to, part);
      }
      to.force(true);
    }
    return new LocalBundle(
        engine,
        LocalBundle.nameOf(String.valueOf(source.getFileName())),
        copied,
        Sha256.of(digest.digest()),
        Instant.ofEpochMilli(now.toEpochMilli()));
  }

  private static void deleteAllBut(Path engineDirectory, List<Sha256> kept) throws IOException {
    List<String> names = kept.stream().map(Sha256::toString).toList();
    try (Stream<Path> entries = Files.list(engineDirectory)) {
      for (Path entry : entries.filter(Files::isDirectory).toList()) {
        if (!names.contains(String.valueOf(entry.getFileName()))) {
          deleteTree(entry);
        }
      }
    }
  }

  /// Deletes a bundle's directory; it holds files only.
  private static void deleteTree(Path bundle) throws IOException {
    if (!Files.isDirectory(bundle, LinkOption.NOFOLLOW_LINKS)) {
      Files.deleteIfExists(bundle);
      return;
    }
    try (Stream<Path> files = Files.list(bundle)) {
      for (Path file : files.toList()) {
        Files.delete(file);
      }
    }
    Files.delete(bundle);
  }
}
