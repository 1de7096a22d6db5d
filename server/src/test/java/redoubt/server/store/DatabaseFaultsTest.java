package redoubt.server.store;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import redoubt.core.model.EngineId;
import redoubt.core.model.HostId;
import redoubt.core.model.Octets;
import redoubt.core.model.Sha256;
import redoubt.core.wire.BundleName;
import redoubt.core.wire.HostMessage;
import redoubt.fleet.rollout.OwnerOrder;
import redoubt.fleet.serving.DatabaseAddress;
import redoubt.server.FleetServer;
import redoubt.server.made.MadeFleet;
import redoubt.server.made.MadePostgres;
import redoubt.server.made.Storage;
import redoubt.server.made.TalkingHost;

/// What becomes of a fleet when its database dies, is away, or has no room: nothing that was
/// promised is lost, and rollouts neither skip nor repeat. `-Dredoubt.kill.databases=N` for another
/// number of deaths, `-Dredoubt.fuzz.seed=N` for other moments.
class DatabaseFaultsTest {
  private static final BundleName BUNDLE =
      new BundleName("acme", new EngineId("sigma"), "rules", 7, Sha256.ofText("rules"));
  private static final int HOSTS = 5;
  private static final int SOAK = 120;
  private static final int DEATHS = Integer.getInteger("redoubt.kill.databases", 5);
  private static final int BATCH = 20;

  @TempDir Path folder;

  private static Optional<DatabaseAddress> database(MadePostgres postgres) {
    return Optional.of(postgres.database("fleet"));
  }

  private static void requireEachOnce(MadeFleet fleet, int id) throws Exception {
    assertTrue(
        fleet.passUntil(() -> fleet.status(id).healthy() == HOSTS),
        () -> fleet.desk().find(id).toString());
    fleet.restart();
    assertEquals(HOSTS, fleet.status(id).exposed());
    assertEquals(HOSTS, fleet.status(id).healthy());
    for (TalkingHost host : fleet.hosts()) {
      assertEquals(List.of("started", "confirmed"), host.did());
      assertEquals(1, host.leases().size());
    }
    assertEquals(Optional.empty(), fleet.server().audit().firstBroken());
  }

  @Test
  void aRolloutStandsWhileTheDatabaseIsAwayAndGoesOn() throws Exception {
    try (MadePostgres postgres = new MadePostgres();
        MadeFleet fleet =
            new MadeFleet(Storage.settings(folder, 0, "127.0.0.1", database(postgres)), HOSTS)) {
      int id = fleet.started(BUNDLE, SOAK);
      assertTrue(fleet.passUntil(() -> fleet.hosts().stream().anyMatch(TalkingHost::runs)));
      postgres.kill();
      assertThrows(
          RuntimeException.class, () -> fleet.desk().order(id, new OwnerOrder.Halt(), "ada"));
      fleet.pass(600);
      assertEquals(1, fleet.hosts().stream().filter(host -> !host.did().isEmpty()).count());
      postgres.begin();
      assertTrue(fleet.passUntil(() -> fleet.status(id).exposed() > 1));
      assertTrue(fleet.status(id).running(), "what failed is not done later");
      requireEachOnce(fleet, id);
    }
  }

  @Test
  void aDatabaseThatDiesAgainAndAgainNeitherSkipsNorRepeats() throws Exception {
    SplittableRandom random = new SplittableRandom(Long.getLong("redoubt.fuzz.seed", 1));
    try (MadePostgres postgres = new MadePostgres();
        MadeFleet fleet =
            new MadeFleet(Storage.settings(folder, 0, "127.0.0.1", database(postgres)), HOSTS)) {
      int id = fleet.started(BUNDLE, SOAK);
      for (int death = 0; death < DEATHS; death++) {
        fleet.pass(random.nextInt(60));
        postgres.kill();
        fleet.pass(random.nextInt(20));
        postgres.begin();
      }
      requireEachOnce(fleet, id);
    }
  }

  @Test
  void linesThatWereNotKeptAreNotPromised() throws Exception {
    try (MadePostgres postgres = new MadePostgres();
        MadeFleet fleet =
            new MadeFleet(Storage.settings(folder, 0, "127.0.0.1", database(postgres)), 1)) {
      requireNoLineIsLost(fleet, postgres::kill, postgres::begin);
    }
  }

  @Test
  void aDiskWithoutRoomLosesNothing() throws Exception {
    run("mount", "-t", "tmpfs", "-o", "size=8m", "redoubt-full", folder.toString());
    try (MadeFleet fleet = new MadeFleet(Storage.FILE.settings(folder, 0), HOSTS)) {
      int id = fleet.started(BUNDLE, SOAK);
      assertTrue(fleet.passUntil(() -> fleet.hosts().stream().anyMatch(TalkingHost::runs)));
      Path rest = folder.resolve("rest");
      requireNoLineIsLost(fleet, () -> fill(rest), () -> Files.delete(rest));
      fleet.hosts().getFirst().connect(fleet.server().hostPort());
      requireEachOnce(fleet, id);
    } finally {
      run("umount", "--lazy", folder.toString());
    }
  }

  /// Something that may fail.
  @FunctionalInterface
  private interface Step {
    void run() throws Exception;
  }

  private void requireNoLineIsLost(MadeFleet fleet, Step fault, Step end) throws Exception {
    FleetServer server = fleet.server();
    TalkingHost host = fleet.hosts().getFirst();
    host.say(new HostMessage.Records(0, lines(0, 10)));
    assertTrue(fleet.passUntil(() -> host.kept() == 10));
    int endings = host.endings();
    fault.run();
    // What the database had made room for before may still be kept.
    assertTrue(
        fleet.passUntil(() -> {
          say(host, host.kept());
          return host.endings() > endings;
        }),
        "the host is told to come again");
    long promised = host.kept();
    end.run();
    host.connect(server.hostPort());
    say(host, promised);
    assertTrue(fleet.passUntil(() -> host.kept() == promised + BATCH));
    assertEquals(
        LongStream.range(0, promised + BATCH).boxed().toList(),
        server
            .records()
            .newest(HostId.parse(host.id()), Long.MAX_VALUE, 100_000)
            .reversed()
            .stream()
            .map(RecordStore.Line::number)
            .toList());
    host.disconnect();
  }

  private static void say(TalkingHost host, long from) {
    host.say(new HostMessage.Records(from, lines(from, from + BATCH)));
  }

  private static List<Octets> lines(long from, long to) {
    return LongStream.range(from, to)
        .mapToObj(number ->
            Octets.of(
                ("{\"number\":" + number + ",\"text\":\"" + "x".repeat(5_000) + "\"}")
                    .getBytes(StandardCharsets.UTF_8)))
        .toList();
  }

  private static void fill(Path file) throws IOException {
    byte[] block = new byte[4_096];
    try (OutputStream out =
        Files.newOutputStream(file, StandardOpenOption.CREATE, StandardOpenOption.APPEND)) {
      while (true) {
        out.write(block);
      }
    } catch (IOException _) {
      assertTrue(Files.size(file) > 0);
    }
  }

  private static void run(String... command) throws Exception {
    Process process = new ProcessBuilder(command).inheritIO().start();
    assertTrue(process.waitFor(20, TimeUnit.SECONDS));
    assertEquals(0, process.exitValue(), String.join(" ", command));
  }
}
