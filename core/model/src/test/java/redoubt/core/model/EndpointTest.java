package redoubt.core.model;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.net.InetAddress;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class EndpointTest {
  private static String format(String address) throws Exception {
    return Endpoint.of(InetAddress.getByName(address).getAddress(), 1).address();
  }

  /// The examples of RFC 5952, sections 4 and 5, and some more.
  @ParameterizedTest
  @CsvSource({
    "2001:0db8::0001, 2001:db8::1",
    "2001:db8:0:0:0:0:2:1, 2001:db8::2:1",
    "2001:db8::1:1:1:1:1, 2001:db8:0:1:1:1:1:1",
    "2001:0:0:1:0:0:0:1, 2001:0:0:1::1",
    "2001:db8:0:0:1:0:0:1, 2001:db8::1:0:0:1",
    "2001:DB8::AbCd, 2001:db8::abcd",
    "0:0:0:0:0:0:0:0, ::",
    "0:0:0:0:0:0:0:1, ::1",
    "fe80:0:0:0:0:0:0:0, fe80::",
    "0:0:1:2:3:4:5:6, ::1:2:3:4:5:6",
    "1:2:3:4:5:6:0:0, 1:2:3:4:5:6::",
    "1:2:3:4:5:6:7:8, 1:2:3:4:5:6:7:8",
    "192.0.2.255, 192.0.2.255",
    "0.0.0.0, 0.0.0.0"
  })
  void anAddressIsWrittenAsTheStandardsSay(String address, String written) throws Exception {
    assertEquals(written, format(address));
  }

  @Test
  void anIpv4AddressWithinIpv6IsTakenForWhatItIs() {
    byte[] mapped = {0, 0, 0, 0, 0, 0, 0, 0, 0, 0, -1, -1, (byte) 192, 0, 2, 1};
    assertEquals("192.0.2.1", Endpoint.of(mapped, 1).address());
    mapped[9] = 1;
    assertEquals("::1:ffff:c000:201", Endpoint.of(mapped, 1).address());
  }

  @Test
  void everyAddressReadsBackAsItself() throws Exception {
    Random random = new Random(20261126);
    byte[] address = new byte[16];
    for (int i = 0; i < 20_000; i++) {
      for (int at = 0; at < address.length; at += 2) {
        boolean zero = random.nextBoolean();
        address[at] = (byte) (zero ? 0 : random.nextInt());
        address[at + 1] = (byte) (zero ? 0 : random.nextInt());
      }
      String written = Endpoint.of(address, 1).address();
      assertEquals(InetAddress.getByAddress(address), InetAddress.getByName(written), written);
    }
  }

  @Test
  void whatIsNoEndIsRefused() {
    assertThrows(IllegalArgumentException.class, () -> new Endpoint("", -1));
    assertThrows(IllegalArgumentException.class, () -> new Endpoint("", 65_536));
    assertThrows(IllegalArgumentException.class, () -> Endpoint.of(new byte[5], 1));
  }
}
