package redoubt.agent.policy;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class ExceptionsFileTest {
  private static final Instant NOW = Instant.parse("2026-11-23T12:00:00Z");
  private static final String DIGEST = "0123456789abcdef".repeat(4);

  @TempDir Path temporary;
  private PolicyHost host;
  private ExceptionsFile file;

  @BeforeEach
  void createHost() throws IOException {
    host = new PolicyHost(temporary);
    file = host.exceptions();
  }

  @Test
  void aHostWithoutAFileHasNoExceptions() throws PolicyException {
    assertEquals(List.of(), file.read().entries());
    assertTrue(file.load().problem().isEmpty());
    assertFalse(Files.exists(file.path()), "reading writes nothing");
  }

  @Test
  void whatIsAddedIsReadByAnybodyAndCanBeRemoved() throws Exception {
    ExceptionEntry added = add(DIGEST.toUpperCase(Locale.ROOT), null);

    Exceptions read = host.exceptions().read();
    assertEquals(List.of(added), read.entries());
    assertEquals(1, read.generation());
    assertEquals("rw-------", permissions(file.path()));

    assertEquals(List.of(added), file.remove(added.id()));
    assertEquals(List.of(), file.read().entries());
    assertEquals(2, file.read().generation());
    assertThrows(PolicyException.class, () -> file.remove(DIGEST));
  }

  @Test
  void addingAgainReplaces() throws PolicyException {
    add(DIGEST, null);
    ExceptionEntry second = add(DIGEST, NOW.plusSeconds(60));

    assertEquals(List.of(second), file.read().entries());
  }

  @Test
  void aDirectoryGetsItsSlashAndALinkItsTarget() throws Exception {
    host.file("opt/app/tool", "tool");
    Files.createSymbolicLink(host.root.resolve("link"), Path.of("opt"));

    ExceptionEntry added = add(host.root.resolve("link/app").toString(), null);

    assertEquals(host.root.resolve("opt/app") + "/", added.value());
    assertEquals(List.of(added), file.remove(host.root.resolve("opt/app").toString()));
  }

  @Test
  void anUnsafePathIsRefusedAndTheCulpritNamed() throws Exception {
    Path tool = host.file("opt/open/app/tool", "tool");
    PolicyHost.mode(host.root.resolve("opt/open"), "rwxrwxrwx");

    PolicyException refused = assertThrows(PolicyException.class, () -> add(tool.toString(), null));

    assertTrue(refused.getMessage().contains(host.root.resolve("opt/open") + " mode=0777"));
    assertTrue(refused.fix().endsWith("--hash " + tool));
    assertFalse(Files.exists(file.path()));
  }

  @Test
  void theRealTmpIsRefusedBecauseAnybodyCanCreateNamesThere() throws Exception {
    ExceptionsFile real =
        new ExceptionsFile(host.root.resolve("state"), host.packages, RootOnlyPaths.ofHost());

    PolicyException refused =
        assertThrows(
            PolicyException.class,
            () -> real.add(new ExceptionsFile.Proposal("/tmp", "*", null, ""), 0, NOW));

    assertTrue(refused.getMessage().contains("path=/tmp"));
  }

  @Test
  void refusesWhatMeansNothing() {
    assertThrows(PolicyException.class, () -> add("no-such-package", null));
    assertThrows(PolicyException.class, () -> add("/no/such/file", null));
    assertThrows(PolicyException.class, () -> add("/", null));
    assertThrows(PolicyException.class, () -> add(DIGEST, NOW));
    assertThrows(PolicyException.class, () -> add("../../etc", null));
  }

  @Test
  void aPackageIsAcceptedWhenItIsInstalled() throws Exception {
    Path tool = host.file("usr/bin/tool", "tool");
    host.install("tool", "", List.of(tool));

    assertEquals(List.of(), add("tool", null).files(), "dpkg is asked again at each load");
  }

  @Test
  void aBrokenFileIsReportedAndTheLastGoodCopyStays() throws Exception {
    ExceptionEntry added = add(DIGEST, null);
    file.load();
    Files.writeString(file.path(), "{\"version\":1,");

    ExceptionsFile.Loaded loaded = host.exceptions().load();

    assertEquals(List.of(added), loaded.exceptions().entries());
    assertTrue(loaded.problem().orElseThrow().getMessage().contains(file.path().toString()));
    assertThrows(PolicyException.class, () -> add("cd".repeat(32), null));
    assertEquals("{\"version\":1,", Files.readString(file.path()), "a broken file is left alone");
  }

  @Test
  void bothCopiesBrokenMeansNoExceptions() throws Exception {
    add(DIGEST, null);
    file.load();
    Files.writeString(file.path(), "x");
    Files.writeString(goodCopy(), "x");

    assertEquals(List.of(), file.load().exceptions().entries());
    assertTrue(file.load().problem().isPresent());
  }

  @Test
  void removingTheFileEndsTheGoodCopyToo() throws Exception {
    add(DIGEST, null);
    file.load();
    Files.delete(file.path());

    assertEquals(List.of(), file.load().exceptions().entries());
    assertFalse(Files.exists(goodCopy()));
  }

  @Test
  void refusesAFileThatOthersCouldHaveWritten() throws Exception {
    add(DIGEST, null);
    PolicyHost.mode(file.path(), "rw-rw----");
    assertThrows(PolicyException.class, file::read);

    PolicyHost.mode(file.path(), "rw-r--r--");
    assertEquals(1, file.read().entries().size());

    PolicyHost.mode(host.root.resolve("state"), "rwxrwxrwx");
    assertThrows(PolicyException.class, file::read);
  }

  @Test
  void refusesALinkAndADirectoryAndTooMuch() throws Exception {
    add(DIGEST, null);
    Path elsewhere = host.root.resolve("elsewhere.json");
    Files.move(file.path(), elsewhere);
    Files.createSymbolicLink(file.path(), elsewhere);
    assertThrows(PolicyException.class, file::read);

    Files.delete(file.path());
    Files.createDirectory(file.path());
    assertThrows(PolicyException.class, file::read);

    Files.delete(file.path());
    Files.write(file.path(), new byte[ExceptionsJson.MAX_BYTES + 1]);
    PolicyHost.mode(file.path(), "rw-------");
    assertThrows(PolicyException.class, file::read);
  }

  private static ExceptionsFile.Given given(String value) {
    return new ExceptionsFile.Given(
        new ExceptionsFile.Proposal(value, "*", null, "the fleet's"), NOW.minusSeconds(60));
  }

  @Test
  void whatWasMadeElsewhereIsAllThatIsThere() throws Exception {
    add("ab".repeat(32), null);

    assertEquals(
        new ExceptionsFile.Replaced(true, List.of()), file.replace(List.of(given(DIGEST)), 7, NOW));

    Exceptions first = file.read();
    assertEquals(7, first.generation());
    ExceptionEntry entry = first.entries().getFirst();
    assertEquals(DIGEST, entry.value());
    assertEquals(NOW.minusSeconds(60), entry.added());

    file.replace(List.of(given("cd".repeat(32)), given(DIGEST)), 8, NOW);
    assertEquals(entry, file.read().entries().getLast(), "it is called as it was");

    file.replace(List.of(), 9, NOW);
    assertEquals(List.of(), file.read().entries());
  }

  @Test
  void whatMakesNoSenseHereIsLeftOutAndTheRestCounts() throws Exception {
    List<String> problems =
        file.replace(
                List.of(given("no-such-package"), given(DIGEST), given("/no/such/file")), 3, NOW)
            .problems();

    assertEquals(2, problems.size());
    assertTrue(problems.getFirst().contains("package=no-such-package"), problems::toString);
    assertEquals(1, file.read().entries().size());
  }

  @Test
  void whatIsAsItWasIsNotWrittenAgainAndWhatIsBrokenIs() throws Exception {
    file.replace(List.of(given(DIGEST)), 3, NOW);
    assertFalse(file.replace(List.of(given(DIGEST)), 3, NOW.plusSeconds(5)).isChange());
    assertTrue(file.replace(List.of(given(DIGEST)), 4, NOW.plusSeconds(5)).isChange());

    Files.writeString(file.path(), "{");
    assertTrue(file.replace(List.of(given(DIGEST)), 3, NOW).isChange());
    assertEquals(1, file.read().entries().size());
  }

  @Test
  void readersSeeOldOrNewNeverHalf() throws Exception {
    add(DIGEST, null);
    try (ExecutorService readers = Executors.newVirtualThreadPerTaskExecutor()) {
      Future<Integer> reads =
          readers.submit(() -> {
            int seen = 0;
            while (seen < 40) {
              seen = host.exceptions().read().entries().size();
            }
            return seen;
          });
      for (int i = 0; i < 40; i++) {
        add(String.format("%064x", i), null);
      }
      assertTrue(reads.get() >= 40);
    }
  }

  private ExceptionEntry add(String value, @Nullable Instant until) throws PolicyException {
    return file.add(new ExceptionsFile.Proposal(value, "*", until, "a test"), 0, NOW);
  }

  private Path goodCopy() {
    return file.path().resolveSibling("exceptions.json.good");
  }

  private static String permissions(Path path) throws IOException {
    return PosixFilePermissions.toString(Files.getPosixFilePermissions(path));
  }
}
