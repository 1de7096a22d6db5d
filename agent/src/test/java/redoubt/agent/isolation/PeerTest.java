package redoubt.agent.isolation;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PeerTest {
  @Test
  void aPlaceIsReadAndItsTextIsReadAgain() {
    assertEquals("to 192.0.2.7:443/tcp", peer(Peer.Direction.TO, "192.0.2.7:443"));
    assertEquals("from 192.0.2.7:53/udp", peer(Peer.Direction.FROM, "192.0.2.7:53/udp"));
    assertEquals("to [2001:db8:0:0:0:0:0:7]:22/tcp", peer(Peer.Direction.TO, "[2001:db8::7]:22"));
    for (String text : List.of("to 192.0.2.7:443/tcp", "from [2001:db8:0:0:0:0:0:7]:22/udp")) {
      assertEquals(text, Peer.of(text).toString());
    }
    assertTrue(Peer.parse(Peer.Direction.TO, "localhost:1").size() >= 1);
  }

  private static String peer(Peer.Direction direction, String place) {
    return Peer.parse(direction, place).getFirst().toString();
  }

  @Test
  void whatIsNoPlaceIsRefused() {
    for (String place :
        List.of(
            "",
            "192.0.2.7",
            ":443",
            "192.0.2.7:0",
            "192.0.2.7:65536",
            "192.0.2.7:443/icmp",
            "2001:db8::7:22",
            "[2001:db8::7]",
            "0.0.0.0:1",
            "[::]:1",
            "224.0.0.1:1",
            "[fe80::1%eth0]:1",
            "a b:1",
            "192.0.2.7:443; drop",
            "no-such-host.invalid:1")) {
      assertThrows(
          IllegalArgumentException.class, () -> Peer.parse(Peer.Direction.TO, place), place);
    }
    // Nobody is asked for an address by the agent.
    for (String name : List.of("localhost", "1face", "192.0.2", "cafe")) {
      assertThrows(IllegalArgumentException.class, () -> Peer.of("to " + name + ":1/tcp"), name);
    }
    assertThrows(IllegalArgumentException.class, () -> Peer.of("via 192.0.2.7:1/tcp"));
  }

  /// Whatever a request says, nothing but addresses and numbers gets into the rules.
  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 5, 8})
  void onlyAddressesAndNumbersGetIntoTheRules(long seed) {
    Random random = new Random(seed);
    String letters = "tofrm 0123456789abcdef:.[]/udp{};@\n\"";
    int taken = 0;
    for (int i = 0; i < 20_000; i++) {
      StringBuilder text =
          new StringBuilder(random.nextBoolean() ? "to 192.0.2." : "from [2001:db8::");
      for (int length = random.nextInt(12); length > 0; length--) {
        text.append(letters.charAt(random.nextInt(letters.length())));
      }
      text.append(random.nextBoolean() ? ":80/tcp" : "");
      try {
        String rules =
            IsolationRules.text(Duration.ofHours(1), List.of(Peer.of(text.toString())), List.of());
        taken++;
        assertTrue(
            rules.matches("(?s).*elements = \\{ [0-9a-f:.]+ \\. (tcp|udp) \\. [0-9]+ }.*"), rules);
      } catch (IllegalArgumentException _) {
        // Refused.
      }
    }
    assertTrue(taken > 50, "some are peers: " + taken);
  }

  @Test
  void theKernelsAnswerIsRead() throws Exception {
    String held =
        """
        {"nftables": [{"set": {"name": "isolated", "flags": ["timeout"], "elem": [
          {"elem": {"val": "ipv4", "timeout": 60, "expires": 41}},
          {"elem": {"val": "ipv6", "timeout": 60, "expires": 42}}]}},
          {"rule": {"expr": [{"counter": {"packets": 3, "bytes": 180}}, {"drop": null}]}},
          {"rule": {"expr": [{"counter": {"packets": 4, "bytes": 240}}]}}]}
        """;
    assertEquals(
        new NetworkIsolation.State(Duration.ofSeconds(42), 7),
        NetworkIsolation.parse(held).orElseThrow());
    assertTrue(NetworkIsolation.parse("{\"nftables\": []}").isEmpty());
    assertThrows(java.io.IOException.class, () -> NetworkIsolation.parse("{\"nftables\": "));
  }
}
