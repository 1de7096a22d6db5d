package redoubt.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import redoubt.core.wire.ControlRequest;

/// `engines add`, `remove`, `inspect`, `grant`, `revoke`.
final class EngineCommandsTest {
  @TempDir Path temporary;
  private CommandHost host;
  private String manifest;

  @BeforeEach
  void createHost() throws Exception {
    host = new CommandHost(temporary);
    manifest =
        Files.writeString(
                temporary.resolve("acme.engine"),
                """
                id=acme
                command=/usr/bin/true --quiet
                auth=exec
                fileContent=yes
                network=cloud.example:443
                memoryMiB=64
                """)
            .toString();
  }

  @Test
  void anEngineIsAddedInspectedGrantedRevokedAndRemovedWithoutAnAgent() throws Exception {
    CommandHost.Result added = host.run("engines", "add", manifest);
    assertEquals(ExitCode.OK, added.status(), added.err());
    assertTrue(added.out().contains("added acme, in force as soon as the agent runs"), added.out());
    assertTrue(added.out().contains("may       observe:exec\n"), added.out());

    CommandHost.Result inspected = host.run("engines", "inspect", "acme");
    for (String fact :
        List.of(
            "/usr/bin/true --quiet",
            "asks for  file-content judge:exec network:cloud.example:443",
            "may       observe:exec",
            "64 MiB of memory")) {
      assertTrue(inspected.out().contains(fact), fact + " is missing in\n" + inspected.out());
    }

    assertTrue(
        host.run("engines", "grant", "acme", "judge:exec", "observe:open")
            .out()
            .contains("it does not ask for observe:open"));
    JsonNode granted = host.run("engines", "inspect", "acme", "--json").json();
    assertEquals("[\"judge:exec\",\"observe:exec\"]", granted.path("rightsGranted").toString());

    assertTrue(host.run("engines", "revoke", "acme", "all").out().startsWith("acme may nothing"));
    assertEquals(ExitCode.OK, host.run("engines", "remove", "acme").status());
    assertEquals(ExitCode.NO, host.run("engines", "inspect", "acme").status());
  }

  @Test
  void filesAndNetworkTogetherNeedTheOwnersOwnWords() {
    host.run("engines", "add", manifest);
    assertEquals(ExitCode.OK, host.run("engines", "grant", "acme", "all").status());

    CommandHost.Result refused = host.run("engines", "grant", "acme", "network:cloud.example:443");
    assertEquals(ExitCode.NO, refused.status());
    assertTrue(refused.err().contains("send any file"), refused.err());
    assertTrue(refused.err().contains("--files-may-leave"), refused.err());
    assertTrue(
        host.run("engines", "grant", "acme", "network:cloud.example:443", "--files-may-leave")
            .out()
            .contains("network:cloud.example:443"));
  }

  @Test
  void aRunningAgentIsTold() throws Exception {
    try (ControlServer server = ControlServer.healthy(host.directories)) {
      assertTrue(host.run("engines", "add", manifest).out().contains("added acme, in force now"));
      assertEquals(List.of(new ControlRequest.ReloadEngines()), server.requests);
    }
  }

  @Test
  void mistakesAreNamedWithTheirFix() {
    assertEquals(ExitCode.NO, host.run("engines", "grant", "acme", "all").status());
    host.run("engines", "add", manifest);
    CommandHost.Result unknown = host.run("engines", "grant", "acme", "everything");
    assertEquals(ExitCode.USAGE, unknown.status());
    assertTrue(unknown.err().contains("judge:exec"), unknown.err());
    assertEquals(ExitCode.USAGE, host.run("engines", "remove", "Not An Id").status());
    assertEquals(ExitCode.NO, host.run("engines", "add", manifest).status(), "taken");
    assertEquals(ExitCode.USAGE, host.run("engines", "grant", "acme").status());
  }
}
