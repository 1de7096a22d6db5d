package redoubt.agent.quarantine;

import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.UserDefinedFileAttributeView;
import java.time.Instant;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import redoubt.core.linux.Descriptors;
import redoubt.core.linux.FileFlags;
import redoubt.core.linux.FileMetadata;
import redoubt.core.model.Octets;

/// What the tests of the vault have in common.
final class Quarantining {
  static final QuarantineCause CAUSE =
      new QuarantineCause("scanner", "eicar", "found", QuarantineCause.NOBODY, Instant.EPOCH);

  private static final int CAP_BYTES = 20;

  private Quarantining() {}

  static Octets octets(Path path) {
    return Octets.of(path.toString().getBytes(StandardCharsets.UTF_8));
  }

  static QuarantinedFile putAway(Vault vault, Path file) throws QuarantineException {
    int descriptor = Descriptors.openReadOnly(file.toString());
    assertTrue(descriptor >= 0, file + " can be opened");
    try {
      return vault.putAway(descriptor, null, CAUSE);
    } finally {
      Descriptors.close(descriptor);
    }
  }

  /// A program with everything that can belong to a file: owner, set-user-id, times, a user's
  /// attribute, an access control list, capabilities.
  static Path program(Path file) throws Exception {
    Files.writeString(file, "#!/bin/sh\necho it runs\n");
    Files.setAttribute(file, "unix:uid", 4321);
    Files.setAttribute(file, "unix:gid", 8765);
    UserDefinedFileAttributeView attributes =
        Files.getFileAttributeView(file, UserDefinedFileAttributeView.class);
    attributes.write("origin", StandardCharsets.UTF_8.encode("kept with it"));
    int descriptor = Descriptors.openReadOnly(file.toString());
    try {
      // VFS_CAP_REVISION_2 with cap_net_raw permitted; an access control list with user 99.
      byte[] capabilities = new byte[CAP_BYTES];
      ByteBuffer.wrap(capabilities)
          .order(java.nio.ByteOrder.LITTLE_ENDIAN)
          .putInt(0x02000001)
          .putInt(1 << 13);
      FileMetadata.setMode(descriptor, 04750);
      FileMetadata.setAttributes(
          descriptor,
          Map.of(
              "system.posix_acl_access",
              HexFormat.of()
                  .parseHex(
                      "02000000"
                          + "01000700ffffffff"
                          + "0200040063000000"
                          + "04000500ffffffff"
                          + "10000500ffffffff"
                          + "20000000ffffffff"),
              "security.capability",
              capabilities));
    } finally {
      Descriptors.close(descriptor);
    }
    Files.setLastModifiedTime(
        file, FileTime.from(1_234_567_890_123_456_789L, TimeUnit.NANOSECONDS));
    return file;
  }

  /// All of a file but its name, its change time and its number.
  static String all(Path file) throws Exception {
    Map<String, Object> facts = new TreeMap<>(Files.readAttributes(file, "unix:*"));
    facts.keySet().retainAll(List.of("mode", "uid", "gid", "size", "lastModifiedTime"));
    int descriptor = Descriptors.openReadOnly(file.toString());
    try {
      FileMetadata.attributes(descriptor)
          .forEach((name, value) -> facts.put(name, HexFormat.of().formatHex(value)));
      facts.put("flags", FileFlags.read(descriptor) & ~0x80000);
    } finally {
      Descriptors.close(descriptor);
    }
    return facts + " " + Files.readString(file, StandardCharsets.ISO_8859_1);
  }

  /// How many files of a folder have names with this ending.
  static long count(Path where, String ending) throws IOException {
    try (var files = Files.list(where)) {
      return files.filter(file -> file.toString().endsWith(ending)).count();
    }
  }

  /// What is sealed cannot be removed otherwise.
  static void unseal(Path vault) throws IOException {
    if (Files.isDirectory(vault)) {
      Disk.run("chattr", "-R", "-i", vault.toString());
    }
  }

  static boolean isThere(Path path) {
    return Files.exists(path, LinkOption.NOFOLLOW_LINKS);
  }

  /// The only file that a vault holds, or null.
  static @Nullable QuarantinedFile only(Vault vault) throws QuarantineException {
    List<QuarantinedFile> files =
        vault.list(problem -> {
          throw new AssertionError(problem);
        });
    assertTrue(files.size() <= 1, () -> "more than one: " + files);
    return files.isEmpty() ? null : files.getFirst();
  }
}
