package redoubt.core.content.life;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.File;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import redoubt.core.disk.DiskSteps;

/// A real process on a real file system is killed at any moment, again and again, each time on what
/// the last one left; one after the other in a store, and in as many stores at once as there are
/// processors. `-Dredoubt.kill.rounds=N` for another number of times.
class KilledTest {
  private static final int ROUNDS = Integer.getInteger("redoubt.kill.rounds", 12);
  private static final long SEED = Long.getLong("redoubt.fuzz.seed", 1);

  /// How long it lives at most, once it has begun: the way of some ten bundles.
  private static final int MOST_MILLIS = 300;

  @TempDir Path scratch;

  @Test
  void whateverIsKilledWhenANewOneStartsWithAWholeBundle() throws Exception {
    int stores = Runtime.getRuntime().availableProcessors();
    long bundles = 0;
    try (ExecutorService threads = Executors.newFixedThreadPool(stores)) {
      List<Future<Long>> newest = new ArrayList<>();
      for (int store = 0; store < stores; store++) {
        Path folder = Files.createDirectory(scratch.resolve("store-" + store));
        int rounds = (ROUNDS - store + stores - 1) / stores;
        SplittableRandom dice = new SplittableRandom(SEED + store);
        newest.add(threads.submit(() -> rounds(folder, rounds, dice)));
      }
      for (Future<Long> one : newest) {
        bundles += one.get();
      }
    }
    System.out.println("figures: kill rounds=" + ROUNDS + " bundles=" + bundles);
    assertTrue(bundles > 0, "it did something: bundles=" + bundles);
  }

  /// Kills again and again in one store; the newest version at the end.
  private static long rounds(Path place, int rounds, SplittableRandom dice) throws Exception {
    Path folder = Files.createDirectory(place.resolve("folder"));
    long newest = 0;
    for (int round = 0; round < rounds; round++) {
      Path bundles = Files.createDirectory(place.resolve("bundles-" + round));
      goOnAndBeKilled(folder, bundles, dice);
      LifeStore store = new LifeStore(folder, new DiskSteps.Real());
      LifeStore.Found found = store.read();
      assertEquals(Optional.empty(), found.problem(), "round=" + round);
      for (Release release : found.life().releases().toList()) {
        assertEquals(release.version(), store.open(release).manifest().version());
      }
      LifeStore.Begun begun = store.begin(Instant.EPOCH);
      assertEquals(List.of(), begun.problems(), "round=" + round);
      store.write(begun.start().life().settled(Life.Plan.CONTENT));
      long now = found.life().newest().getOrDefault("acme rules", 0L);
      assertTrue(now >= newest, "a version was forgotten: before=" + newest + " now=" + now);
      newest = now;
      delete(bundles);
    }
    return newest;
  }

  private static void goOnAndBeKilled(Path folder, Path bundles, SplittableRandom dice)
      throws Exception {
    Process process =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:TieredStopAtLevel=1",
                "-Xmx64m",
                "-cp",
                classPath(),
                LifeToBeKilled.class.getName(),
                folder.toString(),
                bundles.toString(),
                Long.toString(dice.nextLong()))
            .redirectError(ProcessBuilder.Redirect.INHERIT)
            .start();
    try {
      assertEquals("begun", process.inputReader().readLine());
      Thread.sleep(dice.nextInt(MOST_MILLIS));
      assertTrue(process.isAlive(), "it ended by itself");
    } finally {
      process.destroyForcibly().waitFor();
    }
  }

  /// The modules that these tests run with, and the tests, which are patched into one of them.
  private static String classPath() {
    Stream<String> modules =
        ModuleLayer.boot().configuration().modules().stream()
            .flatMap(module -> module.reference().location().stream())
            .filter(place -> "file".equals(place.getScheme()))
            .map(place -> Path.of(place).toString());
    return Stream.concat(Stream.of("target/test-classes"), modules)
        .collect(Collectors.joining(File.pathSeparator));
  }

  private static void delete(Path folder) throws Exception {
    try (var files = Files.list(folder)) {
      for (Path file : files.toList()) {
        Files.delete(file);
      }
    }
    Files.delete(folder);
  }
}
