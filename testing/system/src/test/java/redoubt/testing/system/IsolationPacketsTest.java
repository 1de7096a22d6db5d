package redoubt.testing.system;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.net.InetAddress;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// What an isolated host needs of the network besides whom its owner names, and no more of that
/// than it needs.
class IsolationPacketsTest {
  private static final int NAMED = 5300;
  private static final int SILENT = 5301;
  private static final int DHCP = 67;
  private static final int DHCP6 = 547;
  private static final int SHORT = 100;

  /// More than fits into three packets.
  private static final int LONG = 5_000;

  @TempDir private static Path folder;
  private static TwoHosts hosts;

  @BeforeAll
  static void wire() throws Exception {
    hosts = TwoHosts.make();
    hosts.serveDatagrams(NAMED, LONG);
    hosts.serveDatagrams(DHCP, SHORT);
    hosts.serveDatagrams(DHCP6, SHORT);
    // Nobody tracks connections here: what the kernel puts together, it does by itself.
    isolate("off").requireSuccess();
  }

  @AfterAll
  static void unwire() throws Exception {
    hosts.close();
  }

  @AfterEach
  void free() {
    isolate("off").requireSuccess();
  }

  private static Outcome isolate(Object... words) {
    Object[] command = new Object[words.length + 1];
    command[0] = "isolate";
    System.arraycopy(words, 0, command, 1, words.length);
    return hosts.redoubt(folder, command);
  }

  private static void isolateBut(int port) {
    isolate(
            "on",
            "--to",
            TwoHosts.OTHER + ":" + port + "/udp",
            "--to",
            "[" + TwoHosts.OTHER6 + "]:" + port + "/udp")
        .requireSuccess();
  }

  @Test
  void anAnswerInPiecesComesInWhole() {
    isolateBut(NAMED);
    assertEquals(LONG, hosts.datagram("UDP:" + TwoHosts.OTHER + ":" + NAMED));
    assertEquals(LONG, hosts.datagram("UDP6:[" + TwoHosts.OTHER6 + "]:" + NAMED));
    assertEquals(0, hosts.datagram("UDP:" + TwoHosts.FAR_OTHER + ":" + NAMED));
  }

  @Test
  void whoIsNamedAndDoesNotListenIsHeardOfAtOnce() {
    isolateBut(SILENT);
    assertEquals(-1, hosts.datagram("UDP:" + TwoHosts.OTHER + ":" + SILENT));
    assertEquals(-1, hosts.datagram("UDP6:[" + TwoHosts.OTHER6 + "]:" + SILENT));
  }

  /// From whomever they come: it is a router that says that a packet is too big.
  @Test
  void errorsComeInOnlyAboutThoseWhoAreNamed() throws Exception {
    isolateBut(NAMED);
    String before4 = errors();
    hosts.send(raw4(), error4(TwoHosts.FAR_OTHER));
    hosts.send(raw6(), error6("fd77::99"));
    assertEquals(before4, errors());
    hosts.send(raw4(), error4(TwoHosts.OTHER));
    hosts.send(raw6(), error6(TwoHosts.OTHER6));
    Await.until("errors", Duration.ofSeconds(5), () -> arrived(before4, errors()));
  }

  private static String errors() {
    return hosts.counted("Icmp InDestUnreachs") + " " + hosts.counted("Icmp6InPktTooBigs");
  }

  private static boolean arrived(String before, String now) {
    String[] then = before.split(" ");
    String[] counts = now.split(" ");
    return Long.parseLong(counts[0]) == Long.parseLong(then[0]) + 1
        && Long.parseLong(counts[1]) == Long.parseLong(then[1]) + 1;
  }

  private static String raw4() {
    return "IP4-SENDTO:" + TwoHosts.FAR_HOST + ":1";
  }

  private static String raw6() {
    return "IP6-SENDTO:[" + TwoHosts.HOST6 + "]:58";
  }

  /// That a datagram to somebody needs to be split (RFC 792, RFC 1191).
  private static byte[] error4(String to) throws Exception {
    ByteBuffer error = ByteBuffer.allocate(36);
    error.put((byte) 3).put((byte) 4).putShort((short) 0).putShort((short) 0);
    error.putShort((short) 1_400);
    error.putShort((short) 0x4500).putShort((short) 28).putInt(0x4000);
    error.put((byte) 64).put((byte) 17).putShort((short) 0);
    error.put(InetAddress.ofLiteral(TwoHosts.HOST).getAddress());
    error.put(InetAddress.ofLiteral(to).getAddress());
    error.putShort((short) 40_000).putShort((short) NAMED).putShort((short) 8);
    int sum = 0;
    for (int at = 0; at < error.capacity(); at += Short.BYTES) {
      sum += Short.toUnsignedInt(error.getShort(at));
    }
    sum = (sum & 0xffff) + (sum >>> 16);
    sum = (sum & 0xffff) + (sum >>> 16);
    return error.putShort(2, (short) ~sum).array();
  }

  /// That a datagram to somebody is too big (RFC 4443). The kernel puts the check sum in.
  private static byte[] error6(String to) throws Exception {
    ByteBuffer error = ByteBuffer.allocate(56);
    error.put((byte) 2).put((byte) 0).putShort((short) 0).putInt(1_400);
    error.putInt(0x6000_0000).putShort((short) 8).put((byte) 17).put((byte) 64);
    error.put(InetAddress.ofLiteral(TwoHosts.HOST6).getAddress());
    error.put(InetAddress.ofLiteral(to).getAddress());
    error.putShort((short) 40_000).putShort((short) NAMED).putShort((short) 8);
    return error.array();
  }

  @Test
  void addressesAreAskedForNearbyOnly() {
    isolate("on").requireSuccess();
    String link = "UDP6:[" + hosts.linkAddress() + "%cable]:" + DHCP6 + ",sourceport=546";
    assertEquals(SHORT, hosts.datagram("UDP:" + TwoHosts.OTHER + ":" + DHCP + ",sourceport=68"));
    assertEquals(SHORT, hosts.datagram(link));
    assertEquals(0, hosts.datagram("UDP:" + TwoHosts.FAR_OTHER + ":" + DHCP + ",sourceport=68"));
    assertEquals(0, hosts.datagram("UDP6:[" + TwoHosts.OTHER6 + "]:" + DHCP6 + ",sourceport=546"));
  }

  @Test
  void addressesAreGivenFromNearbyOnly() throws Exception {
    isolate("on").requireSuccess();
    long before = hosts.counted("Udp NoPorts");
    // From the server's port to the client's, without a check sum, as IPv4 lets one.
    byte[] offer =
        ByteBuffer.allocate(9).put(1, (byte) 67).put(3, (byte) 68).put(5, (byte) 9).array();
    hosts.send("IP4-SENDTO:" + TwoHosts.FAR_HOST + ":17", offer);
    assertEquals(before, hosts.counted("Udp NoPorts"));
    hosts.send("IP4-SENDTO:" + TwoHosts.HOST + ":17", offer);
    Await.until("one", Duration.ofSeconds(5), () -> hosts.counted("Udp NoPorts") == before + 1);
  }

  @Test
  void whoListensToWhichGroupIsAskedAndTold() throws Exception {
    isolate("on").requireSuccess();
    long reports = hosts.counted("Icmp6OutType143");
    hosts.addAddress("fd77::77");
    Await.until(
        "a report", Duration.ofSeconds(5), () -> hosts.counted("Icmp6OutType143") > reports);
    long queries = hosts.counted("Icmp6InGroupMembQueries");
    ByteBuffer query = ByteBuffer.allocate(28).put(0, (byte) 130).putShort(4, (short) 1_000);
    hosts.send("IP6-SENDTO:[ff02::1%cable]:58", query.array());
    Await.until(
        "a query",
        Duration.ofSeconds(5),
        () -> hosts.counted("Icmp6InGroupMembQueries") == queries + 1);
    assertTrue(isolate("status").output().contains("isolated"));
  }
}
