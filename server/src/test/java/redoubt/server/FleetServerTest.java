package redoubt.server;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;
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

@ParameterizedClass
@EnumSource
class FleetServerTest {
  private static final HostInventory INVENTORY =
      new HostInventory("web-1", "Debian", "6.1", "x86_64", "", 2, 4_000, "0.1.0");

  @Parameter Storage storage;
  @TempDir Path scratch;

  @Test
  void whatAServerPromisedItKeepsOverARestart() throws Exception {
    Path folder = scratch.resolve("server");
    HostKey key = HostKey.make();
    Enrolment.Reply reply;
    EnrolmentToken token;
    try (FleetServer server = start(folder)) {
      token =
          server.makeToken(
              new TokenTerms("berlin", DeviceClass.LAPTOP, Optional.empty(), Duration.ofHours(1)),
              "ada");
      try (FleetClient stranger = FleetClient.stranger(address(server), token.authority())) {
        reply = stranger.enrol(token.secret(), key, INVENTORY);
      }
      talk(server, token, key, reply);
    }
    assertEquals("rwx------", PosixFilePermissions.toString(Files.getPosixFilePermissions(folder)));
    try (FleetServer again = start(folder)) {
      talk(again, token, key, reply);
      var host = again.hosts().find(reply.host()).orElseThrow();
      assertEquals("berlin", host.site());
      assertEquals(Optional.of(HostMessage.State.ENFORCING), host.state());
      assertEquals(Optional.empty(), again.audit().firstBroken());
    }
  }

  private static void talk(
      FleetServer server, EnrolmentToken token, HostKey key, Enrolment.Reply reply)
      throws Exception {
    BlockingQueue<String> heard = new LinkedBlockingQueue<>();
    FleetClient.Listener ears =
        new FleetClient.Listener() {
          @Override
          public void heard(byte[] message) {
            try {
              heard.add(FleetCodec.decodeToHost(ByteBuffer.wrap(message)).toString());
            } catch (Exception e) {
              heard.add(e.toString());
            }
          }

          @Override
          public void ended(String why, boolean isForGood) {
            heard.add("ended: " + why);
          }
        };
    try (FleetClient client =
        FleetClient.host(
            address(server),
            token.authority(),
            new FleetClient.Credentials(key.key(), reply.certificates()))) {
      FleetClient.Link link = client.connect(ears);
      link.send(FleetCodec.encode(new HostMessage.Hello(1, INVENTORY, "boot", 0, 0)));
      link.send(
          FleetCodec.encode(
              new HostMessage.Heartbeat(HostMessage.State.ENFORCING, 1, 0, 0, 0, 0, 0)));
      assertEquals(new FleetMessage.Welcome(1, 30).toString(), next(heard));
      assertEquals(new FleetMessage.Policy(0, List.of()).toString(), next(heard));
      link.end();
      assertTrue(next(heard).startsWith("ended: "));
    }
  }

  private static String next(BlockingQueue<String> heard) throws InterruptedException {
    return String.valueOf(heard.poll(20, TimeUnit.SECONDS));
  }

  private FleetServer start(Path folder) throws Exception {
    return FleetServer.start(storage.settings(folder, 0));
  }

  private static FleetClient.Address address(FleetServer server) {
    return new FleetClient.Address("127.0.0.1", server.hostPort());
  }
}
