package redoubt.server;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import redoubt.core.wire.Enrolment;
import redoubt.core.wire.EnrolmentToken;
import redoubt.core.wire.FleetCodec;
import redoubt.core.wire.FleetMessage;
import redoubt.core.wire.HostInventory;
import redoubt.core.wire.HostMessage;
import redoubt.courier.FleetClient;
import redoubt.courier.HostKey;
import redoubt.fleet.rollout.DeviceClass;
import redoubt.server.made.Storage;
import redoubt.server.store.TokenTerms;

/// A host whose way to the server is a socket of its own, with somebody behind it who passes bytes.
class RelayedHostTest {
  private static final HostInventory INVENTORY =
      new HostInventory("web-1", "Debian", "6.1", "x86_64", "", 2, 4_000, "0.1.0");

  @TempDir Path scratch;
  private FleetServer server;
  private ByteRelay relay;

  @BeforeEach
  void open() throws Exception {
    server =
        FleetServer.start(
            Storage.settings(scratch.resolve("server"), 0, "fleet.example", Optional.empty()));
    relay = ByteRelay.open(scratch.resolve("relay.sock"), server.hostPort());
  }

  @AfterEach
  void close() throws IOException {
    relay.close();
    server.close();
  }

  private EnrolmentToken token() {
    return server.makeToken(
        new TokenTerms("", DeviceClass.SERVER, Optional.empty(), Duration.ofHours(1)), "ada");
  }

  @Test
  void itIsTakenInAndTalks() throws Exception {
    EnrolmentToken token = token();
    FleetClient.Relay way = new FleetClient.Relay("fleet.example", relay.socket());
    HostKey key = HostKey.make();
    Enrolment.Reply reply;
    try (FleetClient stranger = FleetClient.stranger(way, token.authority())) {
      reply = stranger.enrol(token.secret(), key, INVENTORY);
    }
    BlockingQueue<Object> heard = new LinkedBlockingQueue<>();
    try (FleetClient client =
        FleetClient.host(
            way, token.authority(), new FleetClient.Credentials(key.key(), reply.certificates()))) {
      FleetClient.Link link = client.connect(new Ears(heard));
      link.send(FleetCodec.encode(new HostMessage.Hello(1, INVENTORY, "boot", 0, 0)));
      link.awaitReady();
      assertEquals(new FleetMessage.Welcome(1, 30), heard.poll(20, TimeUnit.SECONDS));
    }
  }

  @Test
  void aServerByAnotherNameIsNotBelieved() throws Exception {
    EnrolmentToken token = token();
    FleetClient.Relay way = new FleetClient.Relay("other.example", relay.socket());
    try (FleetClient stranger = FleetClient.stranger(way, token.authority())) {
      IOException refused =
          assertThrows(
              IOException.class, () -> stranger.enrol(token.secret(), HostKey.make(), INVENTORY));
      assertTrue(String.valueOf(refused.getMessage()).contains("other.example"), refused::toString);
    }
  }

  private record Ears(BlockingQueue<Object> heard) implements FleetClient.Listener {
    @Override
    public void heard(byte[] message) {
      try {
        heard.add(FleetCodec.decodeToHost(ByteBuffer.wrap(message)));
      } catch (Exception e) {
        heard.add(e);
      }
    }

    @Override
    public void ended(String why, boolean isForGood) {
      heard.add(why);
    }
  }
}
