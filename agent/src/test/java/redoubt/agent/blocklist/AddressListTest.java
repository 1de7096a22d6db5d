package redoubt.agent.blocklist;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.net.InetAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import redoubt.agent.policy.PolicyException;

class AddressListTest {
  private static final Path NAME = Path.of("/lists/bad");
  private static final List<InetAddress> NEEDED =
      List.of(InetAddress.ofLiteral("10.0.0.1"), InetAddress.ofLiteral("2001:db8::53"));

  @TempDir private Path folder;

  private static AddressList parse(String text, AddressRange... never) throws PolicyException {
    return AddressList.parse(NAME, text.getBytes(StandardCharsets.UTF_8), List.of(never), NEEDED);
  }

  private static String problem(String text, AddressRange... never) {
    return assertThrows(PolicyException.class, () -> parse(text, never), text).getMessage();
  }

  @Test
  void aListIsRead() throws Exception {
    AddressList list =
        parse(
            """
            # käse
            192.0.2.1

              198.51.100.0/24\t2026-12-31T00:00:00Z  # until then
            198.51.100.7 2027-01-01T01:00:00+01:00
            2001:db8:1::/48
            """);
    assertEquals(
        "[192.0.2.1, 198.51.100.0-198.51.100.6, 198.51.100.7, 198.51.100.8-198.51.100.255,"
            + " 2001:db8:1:0:0:0:0:0-2001:db8:1:ffff:ffff:ffff:ffff:ffff]",
        list.blocked().toString());
    assertEquals(
        List.of(AddressRange.ALWAYS, 1_798_675_200L, 1_798_761_600L, 1_798_675_200L),
        list.blocked().stream().limit(4).map(AddressRange::untilSeconds).toList());
    assertTrue(parse("# nothing\n").isEmpty());
  }

  @Test
  void aBadLineIsNamed() {
    assertEquals(
        "not an address or a network: file=/lists/bad line=3", problem("192.0.2.1\n\nexample.org"));
    assertTrue(problem("192.0.2.1 tomorrow").startsWith("not a time such as"));
    assertTrue(problem("192.0.2.1 2026-12-31T00:00:00Z x").startsWith("more than an address"));
    assertTrue(problem("1.0.0.0/8\n0.0.0.0/7").contains("too wide a network: widest=/8"));
    assertTrue(problem("2000::/15").contains("widest=/16"));
  }

  @Test
  void whatAHostLivesOnIsNotBlocked() throws Exception {
    for (String own :
        List.of(
            "127.0.0.1",
            "127.0.0.0/8",
            "::1",
            "::/16",
            "fe80::1",
            "ff02::1",
            "224.0.0.251",
            "255.255.255.255",
            "255.0.0.0/8",
            "0.0.0.0/8")) {
      assertTrue(problem(own).contains("never blocked"), own);
    }
    assertTrue(problem("10.0.0.0/8").contains("say --never-block 10.0.0.1"));
    assertTrue(problem("2001:db8::/32").contains("address=2001:db8:0:0:0:0:0:53"));
    assertEquals(1, parse("10.0.0.0/8", AddressRange.parse("10.0.0.0/24")).blocked().size());
    assertEquals(1, parse("10.0.0.2").blocked().size());
  }

  @Test
  void thereIsAMost() throws Exception {
    StringBuilder text = new StringBuilder();
    for (int i = 0; i < AddressList.MOST; i++) {
      text.append("10.").append(i >> 16).append('.').append(i >> 8 & 255).append('.');
      text.append(i & 255).append('\n');
    }
    AddressRange router = AddressRange.parse("10.0.0.1");
    assertEquals(1, parse(text.toString(), router).blocked().size(), "they touch one another");
    assertTrue(problem(text + "192.0.2.1", router).contains("too many addresses: most=100000"));
  }

  @Test
  void aListThatOthersCanWriteIsNotBelieved() throws Exception {
    Path list = Files.writeString(folder.resolve("list"), "192.0.2.1\n");
    assertEquals(1, AddressList.read(List.of(list, list), List.of(), NEEDED).blocked().size());
    Files.setPosixFilePermissions(list, PosixFilePermissions.fromString("rw-rw-rw-"));
    assertThrows(PolicyException.class, () -> AddressList.read(List.of(list), List.of(), NEEDED));
    assertThrows(
        PolicyException.class,
        () -> AddressList.read(List.of(folder.resolve("none")), List.of(), NEEDED));
  }

  /// Whatever a list says, nothing but addresses and numbers gets into the rules, or none of it.
  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 5, 8})
  void onlyAddressesAndNumbersGetIntoTheRules(long seed) throws Exception {
    Random random = new Random(seed);
    String letters = "0123456789abcdef:./ #TZ-\n{};@\"\u00e4";
    int taken = 0;
    for (int i = 0; i < 20_000; i++) {
      StringBuilder text = new StringBuilder(random.nextBoolean() ? "192.0.2." : "2001:db8:");
      for (int length = random.nextInt(10); length > 0; length--) {
        text.append(letters.charAt(random.nextInt(letters.length())));
      }
      text.append(random.nextInt(4) == 0 ? " 2027-01-01T00:00:00Z" : "");
      try {
        AddressList list = parse(text.toString());
        StringBuilder rules = new StringBuilder();
        new BlocklistRules(list, 1_700_000_000L).writeAgain(rules);
        taken += list.isEmpty() ? 0 : 1;
        assertTrue(
            rules
                .toString()
                .matches(
                    "(flush set inet redoubt_blocklist blocked[46]\n){2}"
                        + "(add element inet redoubt_blocklist blocked[46] \\{\n"
                        + "[0-9a-f:.-]+ timeout 86400s(,\n[0-9a-f:.-]+ timeout 86400s)* }\n)*"),
            rules::toString);
      } catch (PolicyException e) {
        assertTrue(e.getMessage().contains("line="), e::getMessage);
      }
    }
    assertTrue(taken > 50, "some are lists: " + taken);
  }
}
