package redoubt.agent.quarantine;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import redoubt.agent.policy.PolicyException;
import redoubt.agent.policy.PrivateFile;
import redoubt.core.linux.Descriptors;
import redoubt.core.linux.DirectoryHandle;
import redoubt.core.linux.FileCopy;
import redoubt.core.linux.FileMetadata;
import redoubt.core.linux.FileStatus;
import redoubt.core.linux.LinuxException;
import redoubt.core.model.Sha256;

/// The folder of the vault while one at a time works in it: its records, and its names.
///
/// For one thread, from [#open] to [#close].
final class VaultFolder implements AutoCloseable {
  private static final String RECORD = ".json";
  private static final String NEXT = "next";
  private static final String LOCK = ".lock";
  private static final int NUMBER_BYTES = 32;
  private static final int MOST_DIGITS = 18;

  private final Path path;
  private final long mostBytes;
  private final FileChannel lock;
  private final DirectoryHandle names;
  private final List<QuarantinedFile> files = new ArrayList<>();
  private int unreadable;

  private VaultFolder(Path path, long mostBytes, FileChannel lock, DirectoryHandle names) {
    this.path = path;
    this.mostBytes = mostBytes;
    this.lock = lock;
    this.names = names;
  }

  /// Opens the folder, which is made if there is none, and waits until nobody else works in it.
  ///
  /// @param mostBytes its budget
  /// @throws IOException if it cannot be used
  static VaultFolder open(Path path, long mostBytes) throws IOException {
    var rootOnly =
        PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------"));
    if (!Files.isDirectory(path)) {
      Files.createDirectories(path, rootOnly);
      try (FileChannel parent =
          FileChannel.open(path.toAbsolutePath().resolveSibling("."), StandardOpenOption.READ)) {
        parent.force(true);
      }
    }
    FileChannel lock = PrivateFile.openLock(path.resolve(LOCK));
    try {
      lock.lock();
      byte[] name = path.toRealPath().toString().getBytes(StandardCharsets.UTF_8);
      VaultFolder folder = new VaultFolder(path, mostBytes, lock, DirectoryHandle.open(name));
      folder.read();
      return folder;
    } catch (IOException | RuntimeException e) {
      lock.close();
      throw e;
    }
  }

  private void read() throws IOException {
    try {
      files.addAll(look(path, _ -> unreadable++));
    } catch (IOException | RuntimeException e) {
      names.close();
      throw e;
    }
  }

  /// Looks at a folder that others may be working in.
  ///
  /// @param unreadable hears of each record that cannot be read
  /// @return the files by their numbers; none if there is no folder
  /// @throws IOException if the folder cannot be read
  static List<QuarantinedFile> look(Path path, Consumer<String> unreadable) throws IOException {
    List<QuarantinedFile> found = new ArrayList<>();
    if (!Files.isDirectory(path)) {
      return found;
    }
    try (DirectoryStream<Path> records = Files.newDirectoryStream(path, "*" + RECORD)) {
      for (Path record : records) {
        try {
          Optional<byte[]> text = new PrivateFile(record, QuarantinedFileJson.MAX_BYTES).read();
          if (text.isPresent()) {
            found.add(QuarantinedFileJson.parse(text.get()));
          }
        } catch (PolicyException | IOException e) {
          unreadable.accept(record.getFileName() + ": " + firstLine(e));
        }
      }
    } catch (DirectoryIteratorException e) {
      throw e.getCause();
    }
    found.sort(Comparator.comparingLong(QuarantinedFile::id));
    return found;
  }

  private static String firstLine(Exception e) {
    return String.valueOf(e.getMessage()).lines().findFirst().orElse("");
  }

  DirectoryHandle names() {
    return names;
  }

  Path path() {
    return path;
  }

  List<QuarantinedFile> files() {
    return List.copyOf(files);
  }

  /// The record of a file as it is on disk.
  QuarantinedFile current(QuarantinedFile file) {
    return files.stream().filter(each -> each.id() == file.id()).findFirst().orElse(file);
  }

  /// How many more bytes of files the budget has.
  long roomBytes() {
    return mostBytes - files.stream().mapToLong(QuarantinedFile::bytes).sum();
  }

  /// Whether one more file fits in; one whose record cannot be read is one too.
  boolean hasRoomFor(long bytes) {
    return files.size() + unreadable < Vault.MOST_FILES && bytes <= roomBytes();
  }

  /// That there is no room for another file.
  QuarantineException full() {
    return new QuarantineException(
        "the quarantine is full: files="
            + (files.size() + unreadable)
            + " bytes="
            + (mostBytes - roomBytes())
            + " most="
            + Vault.MOST_FILES
            + ","
            + mostBytes,
        "delete what is not needed: redoubt quarantine delete");
  }

  /// A number that no file had before, for good.
  long nextId() throws IOException, PolicyException {
    PrivateFile counter = new PrivateFile(path.resolve(NEXT), NUMBER_BYTES);
    long counted =
        counter
            .read()
            .map(text -> new String(text, StandardCharsets.US_ASCII).strip())
            .filter(text -> text.matches("[0-9]{1," + MOST_DIGITS + "}"))
            .map(Long::parseLong)
            .orElse(1L);
    long highest = files.stream().mapToLong(QuarantinedFile::id).max().orElse(0);
    long id = Math.max(counted, highest + 1);
    counter.write((id + 1 + "\n").getBytes(StandardCharsets.US_ASCII));
    return id;
  }

  /// Writes a record; it is on disk for good on return.
  ///
  /// @throws IOException if it cannot be written, or could not be read again
  void write(QuarantinedFile file) throws IOException {
    byte[] record = QuarantinedFileJson.format(file);
    if (record.length > QuarantinedFileJson.MAX_BYTES
        || !QuarantinedFileJson.parse(record).equals(file)) {
      throw new IOException("no record can be made of the file: bytes=" + record.length);
    }
    new PrivateFile(recordOf(file), QuarantinedFileJson.MAX_BYTES).write(record);
    files.removeIf(each -> each.id() == file.id());
    files.add(file);
  }

  /// Removes a record; whether a power cut brings it back does not matter.
  void forget(QuarantinedFile file) throws IOException {
    Files.deleteIfExists(recordOf(file));
    files.removeIf(each -> each.id() == file.id());
    names.sync();
  }

  /// Nobody can execute, read or change what the vault holds of a file from here on.
  ///
  /// @return the file, with its digest if it is not long
  QuarantinedFile seal(QuarantinedFile file, Vault.Steps steps) {
    int descriptor = Names.require(names.openFile(file.heldName()), "in the vault");
    try {
      // It may have been sealed before, and the record of that was lost.
      Names.require(FileProperties.loosen(descriptor), "in the vault");
      FileMetadata.setMode(descriptor, 0);
      steps.done("no rights");
      FileProperties.fix(descriptor);
      FileMetadata.sync(descriptor);
      Names.require(names.sync(), "in the vault");
      steps.done("sealed");
      return digested(file, descriptor);
    } finally {
      Descriptors.close(descriptor);
    }
  }

  private static QuarantinedFile digested(QuarantinedFile file, int descriptor) {
    try (FileStatus status = new FileStatus()) {
      Names.require(status.load(descriptor), "in the vault");
      if (file.sha256() != null || status.sizeBytes() > Vault.MOST_HASHED_BYTES) {
        return file;
      }
      MessageDigest digest = Sha256.digester();
      FileCopy.read(descriptor, Vault.MOST_HASHED_BYTES, digest);
      return file.withDigest(Sha256.of(digest.digest()));
    } catch (LinuxException _) {
      // Unreadable, or growing: it is held all the same.
      return file;
    }
  }

  private Path recordOf(QuarantinedFile file) {
    return path.resolve(file.id() + RECORD);
  }

  @Override
  public void close() {
    names.close();
    try {
      lock.close();
    } catch (IOException _) {
      // The lock is gone all the same.
    }
  }
}
