package redoubt.server.rollouts;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.BufferedReader;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.SplittableRandom;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;
import redoubt.core.wire.EnrolmentToken;
import redoubt.fleet.rollout.DeviceClass;
import redoubt.server.FleetServer;
import redoubt.server.made.ServerToBeKilled;
import redoubt.server.made.Storage;
import redoubt.server.made.TalkingHost;
import redoubt.server.store.TokenTerms;

/// A server process is killed at any moment of a rollout, again and again: the rollout neither
/// skips nor repeats, and no host activates twice. `-Dredoubt.kill.servers=N` for another number of
/// rollouts, `-Dredoubt.fuzz.seed=N` for other moments.
@ParameterizedClass
@EnumSource
class KilledServerTest {
  private static final int ROLLOUTS = Integer.getInteger("redoubt.kill.servers", 1);
  private static final long SEED = Long.getLong("redoubt.fuzz.seed", 1);
  private static final int HOSTS = 5;
  private static final int KILLS = 6;
  private static final int MOST_MILLIS = 4_000;
  private static final Duration PATIENCE = Duration.ofSeconds(60);

  @Parameter Storage storage;
  @TempDir Path scratch;

  private final List<TalkingHost> hosts = new ArrayList<>();
  private Optional<Process> server = Optional.empty();
  private long exposed;
  private long healthy;

  @AfterEach
  void end() throws Exception {
    kill();
  }

  private void kill() throws InterruptedException {
    hosts.forEach(TalkingHost::disconnect);
    if (server.isPresent()) {
      server.get().destroyForcibly().waitFor();
    }
  }

  @Test
  void aRolloutNeitherSkipsNorRepeats() throws Exception {
    SplittableRandom dice = new SplittableRandom(SEED);
    for (int rollout = 0; rollout < ROLLOUTS; rollout++) {
      Path folder = scratch.resolve("server-" + rollout);
      hosts.clear();
      exposed = 0;
      healthy = 0;
      roll(folder, dice);
    }
  }

  private void roll(Path folder, SplittableRandom dice) throws Exception {
    int port = freePort();
    enrol(folder, port);
    for (int kill = 0; kill < KILLS; kill++) {
      BufferedReader said = start(folder, port);
      liveFor(dice.nextInt(MOST_MILLIS), said);
      kill();
    }
    BufferedReader said = start(folder, port);
    long end = System.nanoTime() + PATIENCE.toNanos();
    while (healthy < HOSTS && System.nanoTime() - end < 0) {
      liveFor(200, said);
    }
    kill();
    assertEquals(HOSTS, healthy);
    assertEquals(HOSTS, exposed);
    for (TalkingHost host : hosts) {
      assertEquals(List.of("started", "confirmed"), host.did(), host.id());
      assertEquals(1, host.leases().size());
    }
  }

  /// In this process, so that the tokens are at hand.
  private void enrol(Path folder, int port) throws Exception {
    try (FleetServer first = FleetServer.start(storage.settings(folder, port))) {
      for (int i = 0; i < HOSTS; i++) {
        EnrolmentToken token =
            first.makeToken(
                new TokenTerms(
                    "site-" + i / 2, DeviceClass.SERVER, Optional.empty(), Duration.ofHours(1)),
                "test");
        hosts.add(TalkingHost.enrolled(port, token, "host-" + i, ServerToBeKilled.SOAK_SECONDS));
      }
    }
  }

  private static int freePort() throws Exception {
    try (ServerSocket any = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      return any.getLocalPort();
    }
  }

  private BufferedReader start(Path folder, int port) throws Exception {
    List<String> command =
        new ArrayList<>(
            List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:TieredStopAtLevel=1",
                "-Xmx192m",
                "--enable-native-access=ALL-UNNAMED",
                "-cp",
                System.getProperty("java.class.path"),
                ServerToBeKilled.class.getName(),
                folder.toString(),
                Integer.toString(port)));
    storage
        .address(folder)
        .ifPresent(address ->
            command.addAll(List.of(address.toString(), address.password().orElseThrow())));
    Process process =
        new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.INHERIT).start();
    server = Optional.of(process);
    BufferedReader said = process.inputReader();
    hear(said.readLine());
    for (TalkingHost host : hosts) {
      host.connect(port);
    }
    return said;
  }

  private void liveFor(int millis, BufferedReader said) throws Exception {
    long end = System.nanoTime() + Duration.ofMillis(millis).toNanos();
    while (System.nanoTime() - end < 0) {
      hosts.forEach(host -> host.live(Instant.now().getEpochSecond()));
      Thread.sleep(Math.min(100, millis));
      while (said.ready()) {
        hear(said.readLine());
      }
    }
  }

  /// Never less than before, in the same rollout.
  private void hear(String line) {
    assertTrue(line != null && line.endsWith(" true"), () -> "the server said: " + line);
    String[] parts = line.split(" ");
    assertTrue(Long.parseLong(parts[0]) >= exposed, line);
    exposed = Long.parseLong(parts[0]);
    healthy = Long.parseLong(parts[1]);
    assertTrue(exposed - healthy <= HOSTS, line);
  }
}
