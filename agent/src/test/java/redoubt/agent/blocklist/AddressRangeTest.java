package redoubt.agent.blocklist;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class AddressRangeTest {
  @Test
  void addressesAndNetworksAreRead() {
    assertEquals("192.0.2.7", AddressRange.parse("192.0.2.7").toString());
    assertEquals("192.0.2.0-192.0.2.255", AddressRange.parse("192.0.2.0/24").toString());
    assertEquals("0.0.0.0-255.255.255.255", AddressRange.parse("0.0.0.0/0").toString());
    assertEquals("2001:db8:0:0:0:0:0:7", AddressRange.parse("2001:db8::7/128").toString());
    assertEquals(
        "2001:db8:0:0:0:0:0:0-2001:db8:0:0:ffff:ffff:ffff:ffff",
        AddressRange.parse("2001:DB8::/64").toString());
    assertEquals(
        "2001:db8:0:0:0:0:0:0-2001:db8:0:ffff:ffff:ffff:ffff:ffff",
        AddressRange.parse("2001:db8::/48").toString());
    assertEquals(
        "0:0:0:0:0:0:0:0-ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff",
        AddressRange.parse("::/0").toString());
  }

  @Test
  void whatIsNoneIsRefused() {
    for (String text :
        List.of(
            "",
            "192.0.2",
            "192.0.2.256",
            "192.0.2.1/33",
            "192.0.2.1/24",
            "192.0.2.0/",
            "192.0.2.0/-1",
            "192.0.2.1-192.0.2.9",
            "2001:db8::1/129",
            "2001:db8::1/64",
            "2001:db8::1%eth0",
            "::ffff:192.0.2.1",
            ":",
            "cafe",
            "localhost",
            "192.0.2.1; drop")) {
      assertThrows(IllegalArgumentException.class, () -> AddressRange.parse(text), text);
    }
  }

  /// Against every address counted out, in a small part of the numbers, at both of their ends.
  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 5, 8, 13, 21, 34})
  void apartEachAddressIsMeantAsLongAsBefore(long seed) {
    Random random = new Random(seed);
    for (int round = 0; round < 300; round++) {
      boolean ipv6 = random.nextBoolean();
      String base =
          random.nextBoolean() ? (ipv6 ? "::" : "0.0.0.") : (ipv6 ? "ff" : "255.255.255.");
      List<AddressRange> networks = new ArrayList<>();
      for (int count = random.nextInt(12); count > 0; count--) {
        int bits = random.nextInt(9);
        int last = random.nextInt(256) >> bits << bits;
        networks.add(AddressRange.parse(text(base, last, bits, ipv6), random.nextInt(4)));
      }
      List<AddressRange> apart = AddressRange.apart(networks);
      for (int last = 0; last < 256; last++) {
        AddressRange one = AddressRange.parse(text(base, last, 0, ipv6));
        assertEquals(until(networks, one), until(apart, one), networks + " " + apart);
      }
      for (int i = 1; i < apart.size(); i++) {
        assertTrue(apart.get(i - 1).last().isBefore(apart.get(i).first()), apart::toString);
      }
    }
  }

  private static String text(String base, int last, int bits, boolean ipv6) {
    if (!ipv6) {
      return base + last + "/" + (32 - bits);
    }
    String address =
        base.equals("::")
            ? "::" + Integer.toHexString(last)
            : "ffff:ffff:ffff:ffff:ffff:ffff:ffff:ff" + HexFormat.of().toHexDigits((byte) last);
    return address + "/" + (128 - bits);
  }

  private static long until(List<AddressRange> ranges, AddressRange one) {
    return ranges.stream()
        .filter(range -> range.contains(one))
        .mapToLong(AddressRange::untilSeconds)
        .max()
        .orElse(-1);
  }
}
