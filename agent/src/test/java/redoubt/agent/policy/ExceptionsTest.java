package redoubt.agent.policy;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import redoubt.core.model.EngineId;
import redoubt.core.model.Sha256;

final class ExceptionsTest {
  private static final Instant NOW = Instant.parse("2026-11-23T12:00:00Z");
  private static final EngineId SCANNER = new EngineId("scanner");
  private static final EngineId SIGMA = new EngineId("sigma");

  @TempDir Path temporary;
  private PolicyHost host;

  @BeforeEach
  void createHost() throws IOException {
    host = new PolicyHost(temporary);
  }

  @ParameterizedTest(name = "seed {0}")
  @ValueSource(longs = {1, 2, 3, 4, 5})
  void hashExceptionsAnswerAsALinearSearchWould(long seed) {
    Random random = new Random(seed);
    List<ExceptionEntry> entries = new ArrayList<>();
    for (int i = 0; i < 60; i++) {
      entries.add(hashEntry(i, random));
    }
    Exceptions exceptions = Exceptions.of(9, entries, new NoPackageDatabase(), host.rootOnly);

    for (int i = 0; i < 2_000; i++) {
      Sha256 digest = digest(random.nextInt(25));
      EngineId engine = random.nextBoolean() ? SCANNER : SIGMA;
      Instant now = NOW.plusSeconds(random.nextInt(-100, 100));
      Optional<ExceptionEntry> expected =
          entries.stream()
              .filter(e -> e.value().equals(digest.toString()))
              .filter(e -> e.engine().equals("*") || e.engine().equals(engine.value()))
              .filter(e -> e.until() == null || e.until().isAfter(now))
              .findFirst();
      assertEquals(expected, exceptions.find(digest, "", 1, 1, engine, now));
    }
  }

  @Test
  void aPathCountsOnlyForTheFileThatLiesThere() throws IOException {
    Path tool = host.file("opt/tool", "tool");
    Path other = host.file("opt/other", "other");
    Exceptions exceptions = except(tool.toString());

    assertTrue(find(exceptions, tool.toString(), tool).isPresent());
    assertFalse(
        find(exceptions, tool.toString(), other).isPresent(),
        "another mount namespace can show any file under this name");
    assertFalse(find(exceptions, tool + " (deleted)", tool).isPresent());
  }

  @Test
  void aPathStopsCountingWhenOthersMayWriteThere() throws IOException {
    Path tool = host.file("opt/tool", "tool");
    Exceptions exceptions = except(tool.toString());
    PolicyHost.mode(host.root.resolve("opt"), "rwxrwxrwx");

    assertFalse(find(exceptions, tool.toString(), tool).isPresent());
    assertTrue(exceptions.findProblem(exceptions.entries().getFirst()).isPresent());
  }

  @Test
  void aDirectoryCountsForWhatIsBelowButNotThroughALooseDirectory() throws IOException {
    Path tool = host.file("opt/app/bin/tool", "tool");
    Path upload = host.file("opt/app/uploads/evil", "evil");
    Path neighbour = host.file("opt/application", "neighbour");
    PolicyHost.mode(host.root.resolve("opt/app/uploads"), "rwxrwxrwx");
    Exceptions exceptions = except(host.root.resolve("opt/app") + "/");

    assertTrue(find(exceptions, tool.toString(), tool).isPresent());
    assertFalse(find(exceptions, upload.toString(), upload).isPresent());
    assertFalse(find(exceptions, neighbour.toString(), neighbour).isPresent());
    String dodge = host.root.resolve("opt/app/../application").toString();
    assertFalse(
        find(exceptions, dodge.replace("/../", "/./../"), upload).isPresent(),
        "a path with dots leads elsewhere and must lead to the file in question");
  }

  @Test
  void aLinkOnTheWayIsNoProof() throws IOException {
    Path tool = host.file("opt/real/tool", "tool");
    Files.createSymbolicLink(host.root.resolve("opt/link"), Path.of("real"));
    Exceptions exceptions = except(host.root.resolve("opt/link/tool").toString());

    assertFalse(find(exceptions, host.root.resolve("opt/link/tool").toString(), tool).isPresent());
  }

  @Test
  void aPackageCountsForItsFilesByTheirRealNames() throws IOException {
    Path tool = host.file("usr/bin/tool", "tool");
    Path stranger = host.file("usr/bin/stranger", "stranger");
    Files.createSymbolicLink(host.root.resolve("bin"), Path.of("usr/bin"));
    host.install("tool", "", List.of(host.root.resolve("bin/tool")));
    Exceptions exceptions = except("tool");

    assertTrue(find(exceptions, tool.toString(), tool).isPresent());
    assertFalse(find(exceptions, stranger.toString(), stranger).isPresent());
    assertTrue(exceptions.findProblem(exceptions.entries().getFirst()).isEmpty());
    Exceptions missing = except("not-here");
    assertTrue(missing.findProblem(missing.entries().getFirst()).isPresent());
  }

  @Test
  void theOwnerSeesEveryEnginesExceptionOfAFile() throws IOException {
    Path tool = host.file("opt/tool", "tool");
    Sha256 digest = digest(1);
    Exceptions exceptions =
        Exceptions.of(
            1,
            List.of(
                entry("a", tool.toString(), "sigma", null),
                entry("b", digest.toString(), "scanner", null),
                entry("c", digest.toString(), "*", NOW.minusSeconds(1))),
            host.packages,
            host.rootOnly);

    List<ExceptionEntry> applying = exceptions.applying(digest, tool, NOW);

    assertEquals(List.of("b", "a"), applying.stream().map(ExceptionEntry::id).toList());
  }

  private Exceptions except(String value) {
    return Exceptions.of(1, List.of(entry("one", value, "*", null)), host.packages, host.rootOnly);
  }

  private static Optional<ExceptionEntry> find(Exceptions exceptions, String path, Path file)
      throws IOException {
    FileFacts facts = FileFacts.of(file);
    return exceptions.find(null, path, facts.device(), facts.inode(), SCANNER, NOW);
  }

  private static ExceptionEntry hashEntry(int number, Random random) {
    String engine = List.of("*", "scanner", "sigma").get(random.nextInt(3));
    Instant until = random.nextBoolean() ? null : NOW.plusSeconds(random.nextInt(-50, 50));
    return entry("x" + number, digest(random.nextInt(20)).toString(), engine, until);
  }

  static ExceptionEntry entry(String id, String value, String engine, @Nullable Instant until) {
    return new ExceptionEntry(
        id, ExceptionEntry.Kind.of(value), value, engine, until, 0, NOW, "", List.of());
  }

  private static Sha256 digest(int number) {
    return new Sha256(number, 1, 2, 3);
  }
}
