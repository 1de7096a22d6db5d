package redoubt.courier;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNotEquals;

import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import redoubt.core.linux.ReceiveBuffer;
import redoubt.core.linux.SeqPacketListener;
import redoubt.core.linux.SeqPacketSocket;
import redoubt.core.model.Octets;
import redoubt.core.wire.CourierCodec;
import redoubt.core.wire.CourierOrder;
import redoubt.core.wire.CourierReport;
import redoubt.core.wire.Enrolment;
import redoubt.core.wire.EnrolmentToken;
import redoubt.core.wire.FleetCodec;
import redoubt.core.wire.FleetMessage;
import redoubt.core.wire.HostInventory;
import redoubt.core.wire.HostMessage;
import redoubt.core.wire.WireException;
import redoubt.core.wire.WireLimits;
import redoubt.fleet.rollout.DeviceClass;
import redoubt.server.ByteRelay;
import redoubt.server.FleetServer;
import redoubt.server.identity.Authority;
import redoubt.server.made.Storage;
import redoubt.server.store.TokenTerms;

/// A courier between the agent that this test plays and a real server, from enrolment to the day on
/// which the certificate is to be renewed.
@Timeout(60)
class CourierRenewalTest {
  private static final String SERVER = "fleet.example";
  private static final int OWNER_ONLY = 0600;
  private static final HostInventory INVENTORY =
      new HostInventory("web-1", "Debian", "6.1", "x86_64", "", 2, 4_000, "0.1.0");

  @TempDir Path scratch;

  /// The agent's side.
  private record Agent(SeqPacketSocket socket, ReceiveBuffer buffer) {
    void order(CourierOrder order) {
      byte[] bytes = CourierCodec.encode(order);
      socket.send(bytes, bytes.length, new int[0], 0, true);
    }

    CourierReport next() throws WireException {
      socket.receive(buffer);
      return CourierCodec.decodeReport(buffer.data());
    }

    FleetMessage heard() throws WireException {
      CourierReport.Heard heard = assertInstanceOf(CourierReport.Heard.class, next());
      return FleetCodec.decodeToHost(ByteBuffer.wrap(heard.message().toArray()));
    }
  }

  @Test
  void aCertificateIsRenewedWhenHalfOfItsTimeIsOver() throws Exception {
    try (FleetServer server =
            FleetServer.start(
                Storage.settings(scratch.resolve("server"), 0, SERVER, Optional.empty()));
        ByteRelay relay = ByteRelay.open(scratch.resolve("relay.sock"), server.hostPort());
        ReceiveBuffer buffer = new ReceiveBuffer(WireLimits.COURIER_MESSAGE_BYTES, 1)) {
      EnrolmentToken token =
          server.makeToken(
              new TokenTerms("", DeviceClass.SERVER, Optional.empty(), Duration.ofHours(1)), "ada");
      Agent first = agent(relay, InstantSource.system(), buffer);
      first.order(new CourierOrder.Enrol(SERVER, token.authority(), token.secret(), INVENTORY));
      CourierReport.Enrolled enrolled =
          assertInstanceOf(CourierReport.Enrolled.class, first.next());
      first.socket().close();
      Enrolment.Reply reply =
          FleetCodec.decodeEnrolReply(ByteBuffer.wrap(enrolled.reply().toArray()));

      Instant later = Instant.now().plus(Authority.HOST_LIFE.dividedBy(2)).plusSeconds(60);
      Agent second = agent(relay, InstantSource.fixed(later), buffer);
      second.order(
          new CourierOrder.Connect(
              SERVER, token.authority(), enrolled.key(), reply.certificates()));
      second.order(
          new CourierOrder.Send(
              Octets.of(FleetCodec.encode(new HostMessage.Hello(1, INVENTORY, "boot", 0, 0)))));
      assertEquals(new FleetMessage.Welcome(1, 30), second.heard());
      assertEquals(new FleetMessage.Policy(0, List.of()), second.heard());
      CourierReport.Renewed renewed = assertInstanceOf(CourierReport.Renewed.class, second.next());
      second.socket().close();
      assertNotEquals(enrolled.key(), renewed.key());

      Agent third = agent(relay, InstantSource.system(), buffer);
      third.order(
          new CourierOrder.Connect(
              SERVER, token.authority(), renewed.key(), renewed.certificates()));
      third.order(
          new CourierOrder.Send(
              Octets.of(FleetCodec.encode(new HostMessage.Hello(1, INVENTORY, "boot", 0, 0)))));
      assertInstanceOf(CourierReport.Heard.class, third.next());
      third.socket().close();
    }
  }

  /// Starts a courier and takes its connection.
  private Agent agent(ByteRelay relay, InstantSource clock, ReceiveBuffer buffer) {
    Path socket = scratch.resolve("agent.sock");
    try (SeqPacketListener listener = SeqPacketListener.bind(socket, OWNER_ONLY)) {
      Thread.ofPlatform()
          .name("courier")
          .daemon()
          .start(() -> {
            try (AgentChannel channel = AgentChannel.open(socket)) {
              new Courier(channel, relay.socket(), clock).run();
            } catch (WireException e) {
              throw new IllegalStateException(e);
            }
          });
      return new Agent(listener.accept(), buffer);
    }
  }
}
