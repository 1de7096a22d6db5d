package redoubt.agent.response;

import java.io.FileInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.DigestOutputStream;
import java.security.MessageDigest;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;
import redoubt.core.model.ResponseWish;
import redoubt.core.model.Sha256;

/// Keeps what there is of a stopped process for whoever looks into it: what the kernel says of it
/// in `/proc`, the program that it runs, which files it has open, and the digest of each. Copies
/// bytes and reads none of them. Not thread-safe.
final class ProcessCollector {
  /// How many collections there may be; more are refused until the owner removes some.
  static final int MOST = 64;

  /// The most that is kept of one file.
  static final int FILE_BYTES = 64 << 20;

  /// What is copied from `/proc/PID`.
  private static final List<String> FACTS =
      List.of("status", "stat", "cmdline", "environ", "maps", "mountinfo", "cgroup", "limits");

  private static final String DIGESTS = "SHA256SUMS";
  private static final int PART_BYTES = 64 * 1024;
  private static final DateTimeFormatter NAME =
      DateTimeFormatter.ofPattern("yyyyMMdd'T'HHmmss.SSS'Z'", Locale.ROOT).withZone(ZoneOffset.UTC);

  private final Path directory;

  /// @param directory where collections go; made when the first comes
  ProcessCollector(Path directory) {
    this.directory = directory;
  }

  /// Collects of a process, which stays stopped meanwhile.
  ///
  /// @param wish for the record that goes with it
  /// @return the folder with what was collected, for root alone
  /// @throws IOException if there are too many already, or nothing can be written
  Path collect(int pid, ResponseWish wish, long wallMillis) throws IOException {
    var rootOnly =
        PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------"));
    Files.createDirectories(directory, rootOnly);
    try (Stream<Path> earlier = Files.list(directory)) {
      if (earlier.count() >= MOST) {
        throw new IOException(
            "too many collections: folder=" + directory + " most=" + MOST + ": remove some");
      }
    }
    Path folder =
        Files.createDirectory(
            directory.resolve(NAME.format(Instant.ofEpochMilli(wallMillis)) + "-" + pid), rootOnly);
    Path process = Path.of("/proc/" + pid);
    List<String> digests = new ArrayList<>();
    for (String fact : FACTS) {
      copy(process.resolve(fact), folder.resolve(fact), digests);
    }
    copy(process.resolve("exe"), folder.resolve("program"), digests);
    write(folder.resolve("files"), links(process), digests);
    write(folder.resolve("wish"), List.of(wish.toString()), digests);
    Files.write(folder.resolve(DIGESTS), digests);
    return folder;
  }

  /// Which file each descriptor is.
  private static List<String> links(Path process) {
    List<String> lines = new ArrayList<>();
    for (String name : List.of("exe", "cwd", "root")) {
      lines.add(name + "\t" + target(process.resolve(name)));
    }
    try (DirectoryStream<Path> descriptors = Files.newDirectoryStream(process.resolve("fd"))) {
      for (Path descriptor : descriptors) {
        lines.add(descriptor.getFileName() + "\t" + target(descriptor));
      }
    } catch (IOException | DirectoryIteratorException e) {
      lines.add("not read: " + e.getMessage());
    }
    return lines;
  }

  private static String target(Path link) {
    try {
      return Files.readSymbolicLink(link).toString().replaceAll("\\p{Cntrl}", "?");
    } catch (IOException _) {
      return "?";
    }
  }

  private static void write(Path file, List<String> lines, List<String> digests)
      throws IOException {
    byte[] bytes = (String.join("\n", lines) + "\n").getBytes(StandardCharsets.UTF_8);
    Files.write(file, bytes);
    digests.add(Sha256.hash(bytes) + "  " + file.getFileName());
  }

  /// What cannot be read, or ends early, is missing or cut; everything else is kept.
  private static void copy(Path from, Path to, List<String> digests) throws IOException {
    MessageDigest digest = Sha256.digester();
    try (OutputStream out = new DigestOutputStream(Files.newOutputStream(to), digest)) {
      byte[] part = new byte[PART_BYTES];
      int left = FILE_BYTES;
      try (InputStream in = new FileInputStream(from.toFile())) {
        for (int count = in.read(part); count >= 0 && left > 0; count = in.read(part)) {
          out.write(part, 0, Math.min(count, left));
          left -= Math.min(count, left);
        }
      } catch (IOException e) {
        if (left == FILE_BYTES) {
          out.write(("not read: " + e.getMessage() + "\n").getBytes(StandardCharsets.UTF_8));
        }
      }
    }
    digests.add(Sha256.of(digest.digest()) + "  " + to.getFileName());
  }
}
