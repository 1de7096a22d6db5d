package redoubt.agent.policy;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Instant;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import redoubt.agent.policy.FileOrigins.Origin;
import redoubt.core.model.PackageState;
import redoubt.core.model.Sha256;

/// Where files come from, on a host with real files and a real package database.
final class FileOriginsTest {
  private static final Instant NOW = Instant.parse("2026-11-27T12:00:00Z");

  @TempDir Path temporary;
  private PolicyHost host;
  private ShippedFiles shipped;
  private FileOrigins origins;
  private final AtomicInteger digested = new AtomicInteger();
  private Exceptions trusted = Exceptions.none();

  @BeforeEach
  void createHost() throws IOException {
    host = new PolicyHost(temporary);
    shipped = new ShippedFiles(host.packages);
    origins = new FileOrigins(shipped, host.rootOnly);
  }

  private void ship(Path file, String content) throws Exception {
    String digits =
        HexFormat.of()
            .formatHex(
                MessageDigest.getInstance("MD5").digest(content.getBytes(StandardCharsets.UTF_8)));
    Files.writeString(
        host.root.resolve("dpkg/info/tool.md5sums"), digits + "  " + file.toString().substring(1));
    shipped.load();
  }

  private Origin of(Path file) throws IOException {
    return of(file, FileFacts.of(file), true);
  }

  private Origin of(Path path, FileFacts facts, boolean ownersBelieved) {
    return origins.of(
        new FileOrigins.Subject(
            path.toString(),
            facts.device(),
            facts.inode(),
            ownersBelieved,
            sha256(path),
            () -> md5(path)),
        trusted,
        NOW);
  }

  private static FileOrigins.Subject nameless(Path file) throws IOException {
    FileFacts facts = FileFacts.of(file);
    return new FileOrigins.Subject("", facts.device(), facts.inode(), true, null, Optional::empty);
  }

  private static Sha256 sha256(Path path) {
    try {
      return Sha256.hash(Files.readAllBytes(path));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private Optional<byte[]> md5(Path path) {
    digested.incrementAndGet();
    try {
      return Optional.of(MessageDigest.getInstance("MD5").digest(Files.readAllBytes(path)));
    } catch (IOException | NoSuchAlgorithmException e) {
      throw new IllegalStateException(e);
    }
  }

  @Test
  void aFileIsAsShippedUntilItsContentChanges() throws Exception {
    Path tool = host.file("usr/bin/tool", "as shipped");
    ship(tool, "as shipped");
    assertEquals(new Origin("", "tool", PackageState.AS_SHIPPED, List.of()), of(tool));

    Files.writeString(tool, "changed");
    assertEquals(new Origin("", "tool", PackageState.CHANGED, List.of()), of(tool));

    ship(tool, "changed");
    assertEquals(PackageState.AS_SHIPPED, of(tool).state());
  }

  @Test
  void anUpgradeCountsBeforeTheDatabaseIsReadAgain() throws Exception {
    Path tool = host.file("usr/bin/tool", "old");
    ship(tool, "old");
    Files.writeString(tool, "new");
    // The clock of file systems stands still for some milliseconds.
    TimeUnit.MILLISECONDS.sleep(20);
    Path list = host.root.resolve("dpkg/info/tool.md5sums");
    Path unpacked = host.root.resolve("dpkg/info/tool.md5sums.new");
    String digits = HexFormat.of().formatHex(md5(tool).orElseThrow());
    Files.writeString(unpacked, digits + "  " + tool.toString().substring(1));
    Files.move(unpacked, list, StandardCopyOption.REPLACE_EXISTING);

    assertEquals(PackageState.AS_SHIPPED, of(tool).state());
  }

  @Test
  void whatNoPackageBroughtIsDigestedForNothing() throws Exception {
    Path other = host.file("opt/other", "x");
    shipped.load();

    assertEquals(new Origin("", "", PackageState.NONE, List.of()), of(other));
    assertEquals(0, digested.get());
  }

  @Test
  void aPathProvesNothingWhereOthersMayWrite() throws Exception {
    Path tool = host.file("usr/bin/tool", "as shipped");
    ship(tool, "as shipped");
    PolicyHost.mode(host.root.resolve("usr/bin"), "rwxrwxrwx");

    Origin open = of(tool);

    assertTrue(open.weakness().contains("path=" + host.root.resolve("usr/bin")), open.weakness());
    assertEquals("", open.packageName());
    assertEquals(0, digested.get());
  }

  @Test
  void aPathProvesNothingOfAnotherFile() throws Exception {
    Path tool = host.file("usr/bin/tool", "as shipped");
    Path evil = host.file("home/evil", "as shipped");
    ship(tool, "as shipped");

    Origin elsewhere = of(tool, FileFacts.of(evil), true);

    assertTrue(elsewhere.weakness().contains("is another file"), elsewhere.weakness());
    assertEquals(PackageState.NONE, elsewhere.state());
    assertTrue(origins.of(nameless(evil), trusted, NOW).weakness().contains("no path"));
  }

  @Test
  void aStickThatSaysThatAllIsRootsIsNotBelieved() throws Exception {
    Path tool = host.file("media/tool", "as shipped");
    ship(tool, "as shipped");

    Origin onStick = of(tool, FileFacts.of(tool), false);

    assertTrue(onStick.weakness().contains("nosuid"), onStick.weakness());
    assertEquals(PackageState.NONE, onStick.state());
  }

  @Test
  void theOwnersWordIsKeptBesideWhatPackagesSay() throws Exception {
    Path tool = host.file("usr/bin/tool", "mine");
    shipped.load();
    ExceptionsFile file =
        new ExceptionsFile(host.root.resolve("state"), host.packages, host.rootOnly);
    ExceptionEntry byHash =
        file.add(new ExceptionsFile.Proposal(sha256(tool).toString(), "*", null, ""), 0, NOW);
    trusted = file.read();

    assertEquals(List.of(byHash), of(tool).trust());
    PolicyHost.mode(host.root.resolve("usr/bin"), "rwxrwxrwx");
    assertEquals(List.of(byHash), of(tool).trust(), "a content is trusted anywhere");
  }

  @Test
  void deviceNumbersGoBothWays() {
    for (long device : new long[] {0, 0x801, 0x10302, 0xfff00fff00L, 0xfffff000000ffL}) {
      long kernel = FileFacts.kernelDevice(device);
      assertEquals(kernel, FileFacts.kernelDevice(FileFacts.libraryDevice(kernel)));
    }
  }
}
