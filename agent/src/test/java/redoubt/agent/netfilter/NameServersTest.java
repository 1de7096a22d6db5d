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

  private static List<String> in(Path... files) {
    return NameServers.in(List.of(files)).stream().map(Object::toString).toList();
  }
}
