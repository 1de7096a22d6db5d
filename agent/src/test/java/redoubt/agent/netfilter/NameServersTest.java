package redoubt.agent.netfilter;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class NameServersTest {
  @TempDir private Path folder;

  @Test
  void nameServersAreThoseThatAreAddresses() throws Exception {
    Path first =
        Files.writeString(
            folder.resolve("resolv.conf"),
            """
            # a comment
            search example.org
            nameserver 127.0.0.53
            nameserver 192.0.2.1
             nameserver   2001:db8::1
            nameserver evil; drop
            nameserver 1.2.3.4.5
            """);
    Path second =
        Files.writeString(folder.resolve("other"), "nameserver 192.0.2.1\nnameserver 192.0.2.2\n");
    assertEquals(
        List.of("/192.0.2.1", "/2001:db8:0:0:0:0:0:1", "/192.0.2.2"),
        in(first, folder.resolve("none"), second));
  }

  /// As the C library reads them.
  @Test
  void anAddressEndsAtACommentAndWhereItsLinkIsNamed() throws Exception {
    Path file =
        Files.writeString(
            folder.resolve("resolv.conf"),
            """
            nameserver fe80::1%eth0
            nameserver fe80::2%nowhere # a link that is not there
            nameserver 192.0.2.1 # the first
            nameserver 192.0.2.2; the second
            nameserver\t192.0.2.3#the third
            nameserver 192.0.2.4\t192.0.2.5
            nameserver 192.0.2.6x
            nameserver %eth0
            """);
    assertEquals(
        List.of(
            "/fe80:0:0:0:0:0:0:1",
            "/fe80:0:0:0:0:0:0:2",
            "/192.0.2.1",
            "/192.0.2.2",
            "/192.0.2.3",
            "/192.0.2.4"),
        in(file));
  }

  private static List<String> in(Path... files) {
    return NameServers.in(List.of(files)).stream().map(Object::toString).toList();
  }
}
