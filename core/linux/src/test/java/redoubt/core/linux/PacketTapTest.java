package redoubt.core.linux;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.random.RandomGenerator;
import java.util.random.RandomGeneratorFactory;
import org.junit.jupiter.api.Test;
import redoubt.core.model.Octets;

/// On the real kernel, over the loopback network alone.
class PacketTapTest {
  private static final int WAIT_MILLIS = 5_000;

  private static void send(String from, String address, int port, int bytes) throws IOException {
    byte[] payload = new byte[bytes];
    Arrays.fill(payload, (byte) 'x');
    try (DatagramSocket socket = new DatagramSocket(0, InetAddress.ofLiteral(from))) {
      socket.send(new DatagramPacket(payload, bytes, InetAddress.ofLiteral(address), port));
    }
  }

  private static UdpPacket await(PacketTap tap) {
    assertTrue(tap.await(WAIT_MILLIS));
    UdpPacket packet = tap.receive();
    assertNotNull(packet);
    return packet;
  }

  @Test
  void packetsOfThePortAreSeenOnceAndOthersAreNot() throws Exception {
    int port;
    try (DatagramSocket server = new DatagramSocket(0, InetAddress.ofLiteral("127.0.0.1"));
        DatagramSocket other = new DatagramSocket(0, InetAddress.ofLiteral("127.0.0.1"));
        PacketTap tap = PacketTap.open(server.getLocalPort())) {
      port = server.getLocalPort();
      send("127.0.0.1", "127.0.0.1", other.getLocalPort(), 10);
      send("127.0.0.1", "127.0.0.1", port, 7);
      UdpPacket packet = await(tap);
      assertEquals("127.0.0.1", packet.source().address());
      assertEquals(port, packet.destination().port());
      assertEquals(Octets.of("xxxxxxx".getBytes(StandardCharsets.US_ASCII)), packet.payload());
      assertTrue(packet.outgoing());
      assertTrue(packet.loopback());
      assertNull(tap.receive());
      assertEquals(0, tap.lost());
    }
  }

  @Test
  void ipv6IsSeenAndAnswersAre() throws Exception {
    try (DatagramSocket server = new DatagramSocket(0, InetAddress.ofLiteral("::1"));
        PacketTap tap = PacketTap.open(server.getLocalPort())) {
      send("::1", "::1", server.getLocalPort(), 1);
      UdpPacket packet = await(tap);
      assertEquals("::1", packet.destination().address());
      byte[] answer = {1, 2, 3};
      server.send(
          new DatagramPacket(answer, 3, InetAddress.ofLiteral("::1"), packet.source().port()));
      assertEquals(Octets.of(answer), await(tap).payload());
    }
  }

  @Test
  void whatIsNotReceivedInTimeIsCounted() throws Exception {
    try (DatagramSocket server = new DatagramSocket(0, InetAddress.ofLiteral("127.0.0.1"));
        PacketTap tap = PacketTap.open(server.getLocalPort())) {
      for (int i = 0; i < 2_000; i++) {
        send("127.0.0.1", "127.0.0.1", server.getLocalPort(), 1_400);
      }
      int seen = 0;
      while (tap.receive() != null) {
        seen++;
      }
      // Each packet is there twice: as it leaves and as it comes back.
      assertTrue(seen > 0 && tap.lost() > 0, "seen " + seen + " lost " + tap.lost());
    }
  }

  @Test
  void noBytesAreTooOddToParse() {
    RandomGenerator random = RandomGeneratorFactory.of("L64X128MixRandom").create(1);
    int packets = 0;
    for (int i = 0; i < 100_000; i++) {
      byte[] bytes = new byte[random.nextInt(100)];
      random.nextBytes(bytes);
      if (bytes.length > 9) {
        bytes[0] = (byte) (random.nextBoolean() ? 0x45 + random.nextInt(4) : 0x60);
        bytes[6] = 17;
        bytes[9] = 17;
      }
      UdpPacket packet = UdpPacket.parse(true, false, bytes);
      if (packet != null) {
        packets++;
        assertTrue(packet.payload().length() <= bytes.length - 28);
      }
    }
    assertFalse(packets == 0);
  }
}
