package redoubt.agent.fleet;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import redoubt.agent.confinement.ConfinedEngine;
import redoubt.agent.confinement.EngineGroups;
import redoubt.agent.confinement.EngineOutput;
import redoubt.agent.confinement.EngineSandbox;
import redoubt.agent.confinement.EngineUsers;
import redoubt.agent.confinement.Relays;
import redoubt.agent.registry.EngineManifest;
import redoubt.core.linux.LinuxException;
import redoubt.core.linux.ReceiveBuffer;
import redoubt.core.linux.SeqPacketSocket;
import redoubt.core.wire.CourierCodec;
import redoubt.core.wire.CourierOrder;
import redoubt.core.wire.CourierReport;
import redoubt.core.wire.WireException;
import redoubt.core.wire.WireLimits;

/// One courier, from its start to its end: a confined process as an engine is, without a network of
/// its own, and the relay through which it reaches the one server.
///
/// One thread hears it; any thread gives it orders, and may [#cut] it off.
final class CourierProcess implements AutoCloseable {
  private static final Duration START = Duration.ofSeconds(20);
  private static final int SEND_MILLIS = 2_000;
  private static final int LAST_MILLIS = 500;

  private final ConfinedEngine process;
  private final EngineGroups groups;
  private final EngineOutput output;
  private final Relays relays;
  private final SeqPacketSocket socket;
  private final ReceiveBuffer buffer = new ReceiveBuffer(WireLimits.COURIER_MESSAGE_BYTES, 1);

  private CourierProcess(
      ConfinedEngine process,
      EngineGroups groups,
      EngineOutput output,
      Relays relays,
      SeqPacketSocket socket) {
    this.process = process;
    this.groups = groups;
    this.output = output;
    this.relays = relays;
    this.socket = socket;
  }

  /// Starts one for a server, and waits until it takes orders.
  ///
  /// @throws IOException naming the cause, if there is none in time
  static CourierProcess start(CourierHome home, FleetPlace place) throws IOException {
    EngineManifest manifest = home.manifest().withArgument(relaySocket(place));
    Files.createDirectories(home.folder());
    EngineGroups groups =
        EngineGroups.open(home.group(), manifest, EngineGroups.Haste.SOON, home.self());
    @Nullable EngineOutput output = null;
    @Nullable Relays relays = null;
    @Nullable ConfinedEngine process = null;
    try {
      output =
          EngineOutput.open(
              home.folder().resolve("courier.out"),
              manifest.id().value(),
              groups::kill,
              home.time());
      relays =
          Relays.start(
              home.spawner(),
              home.sandbox(),
              groups,
              new Relays.Plan(
                  manifest.id(),
                  Set.of(place.address()),
                  EngineUsers.FLEET_RELAY,
                  home.folder().resolve("net"),
                  home.filter(),
                  output.pipe()));
      Path socket = home.folder().resolve("courier.sock");
      List<String> command =
          home.sandbox().command(manifest, EngineUsers.FLEET, socket, relays.sockets(), List.of());
      process =
          ConfinedEngine.start(
              home.spawner(),
              groups,
              home.self(),
              new ConfinedEngine.Start(
                  manifest.id(), EngineUsers.FLEET, socket, home.filter(), output.pipe(), command));
      SeqPacketSocket accepted = accept(process);
      if (accepted != null) {
        accepted.sendTimeout(SEND_MILLIS);
        groups.serve();
        return new CourierProcess(process, groups, output, relays, accepted);
      }
    } catch (LinuxException | UncheckedIOException e) {
      close(process, relays, output, groups);
      throw new IOException("the courier does not start: " + e.getMessage(), e);
    }
    close(process, relays, output, groups);
    throw new IOException("the courier does not start: the agent's own output has what it says");
  }

  private static String relaySocket(FleetPlace place) {
    return EngineSandbox.NETWORK + "/" + place.name() + "/" + place.port();
  }

  private static @Nullable SeqPacketSocket accept(ConfinedEngine process) {
    CountDownLatch accepted = new CountDownLatch(1);
    Thread.ofPlatform()
        .daemon()
        .name("courier-start")
        .start(() -> {
          try {
            if (!accepted.await(START.toMillis(), TimeUnit.MILLISECONDS)) {
              process.refuse();
            }
          } catch (InterruptedException _) {
            process.refuse();
          }
        });
    try {
      return process.accept();
    } finally {
      accepted.countDown();
    }
  }

  /// Gives it an order, and waits while it is busy.
  ///
  /// @throws IOException if it has ended, or is busy for too long
  void order(CourierOrder order) throws IOException {
    byte[] bytes = CourierCodec.encode(order);
    int result = socket.send(bytes, bytes.length, new int[0], 0, true);
    if (result < 0) {
      throw new IOException("the courier takes no order: error=" + -result);
    }
  }

  /// Waits for what it reports.
  ///
  /// @return nothing if it has ended
  /// @throws IOException if it says what it may not
  Optional<CourierReport> next() throws IOException {
    int length = socket.receive(buffer);
    buffer.closeDescriptors();
    if (length <= 0) {
      return Optional.empty();
    }
    try {
      return Optional.of(CourierCodec.decodeReport(buffer.data()));
    } catch (WireException e) {
      throw new IOException("the courier broke its protocol: " + e.getMessage(), e);
    }
  }

  /// Whoever waits for its reports hears that it has ended.
  void cut() {
    socket.shutdown();
  }

  @Override
  public void close() {
    socket.close();
    process.end(LAST_MILLIS);
    close(process, relays, output, groups);
    buffer.close();
  }

  private static void close(
      @Nullable ConfinedEngine process,
      @Nullable Relays relays,
      @Nullable EngineOutput output,
      EngineGroups groups) {
    if (process != null) {
      process.close();
    }
    if (relays != null) {
      relays.close();
    }
    if (output != null) {
      output.close();
    }
    groups.kill();
    groups.close();
  }
}
