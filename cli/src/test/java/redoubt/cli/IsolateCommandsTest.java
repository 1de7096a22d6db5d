package redoubt.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import redoubt.core.wire.ControlReply;
import redoubt.core.wire.ControlRequest;

/// `isolate` beside a made-up agent. What it does to a network, it does in namespaces of our own
/// (`IsolationTest`): without an agent, this host would be cut off.
final class IsolateCommandsTest {
  @TempDir Path temporary;
  private CommandHost host;

  @BeforeEach
  void createHost() throws Exception {
    host = new CommandHost(temporary);
  }

  @Test
  void aRunningAgentDoesIt() throws Exception {
    try (ControlServer server = ControlServer.healthy(host.directories)) {
      CommandHost.Result on =
          host.run(
              "isolate",
              "on",
              "--for",
              "30m",
              "--to",
              "192.0.2.7:443",
              "--from",
              "[2001:db8::7]:22");
      assertEquals(0, on.status(), on.err());
      assertTrue(on.out().contains("  but to 192.0.2.7:443/tcp"), on.out());
      assertTrue(on.out().contains("redoubt isolate off"), on.out());
      assertTrue(
          server.requests.contains(
              new ControlRequest.Isolate(
                  1_800, List.of("to 192.0.2.7:443/tcp", "from [2001:db8:0:0:0:0:0:7]:22/tcp"))),
          server.requests::toString);
      CommandHost.Result json = host.run("isolate", "on", "--json");
      assertEquals(14_400, json.json().get("seconds").asLong());
      assertEquals("done as asked\n", host.run("isolate", "off").out());
      assertTrue(server.requests.contains(new ControlRequest.Isolate(0, List.of())));
    }
    try (ControlServer _ =
        ControlServer.replying(
            host.directories, _ -> new ControlReply.Failed("isolation", "why", "how"))) {
      CommandHost.Result refused = host.run("isolate", "on");
      assertEquals(5, refused.status());
      assertTrue(refused.err().contains("why"), refused.err());
    }
  }

  @Test
  void wordsThatMeanNothingAreRefused() {
    for (String time : List.of("1s", "8d", "soon")) {
      assertEquals(2, host.run("isolate", "on", "--for", time).status(), time);
    }
    CommandHost.Result place = host.run("isolate", "on", "--to", "192.0.2.7");
    assertEquals(2, place.status());
    assertTrue(place.err().contains("HOST:PORT"), place.err());
    assertEquals(2, host.run("isolate").status());
  }
}
