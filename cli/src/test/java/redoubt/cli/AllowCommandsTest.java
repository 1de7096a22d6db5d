package redoubt.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import redoubt.core.wire.ControlReply;
import redoubt.core.wire.ControlRequest;

final class AllowCommandsTest {
  private static final String DIGEST = "ab".repeat(32);

  @TempDir Path temporary;
  private CommandHost host;

  @BeforeEach
  void createHost() throws Exception {
    host = new CommandHost(temporary);
  }

  @Test
  void withAnAgentAnExceptionCountsAtOnce() throws Exception {
    try (ControlServer server = ControlServer.healthy(host.directories)) {
      CommandHost.Result result = host.run("allow", "add", DIGEST, "--comment", "our own tool");

      assertEquals(ExitCode.OK, result.status(), result.err());
      assertTrue(result.out().contains("in force now"));
      assertEquals(List.of(new ControlRequest.ReloadPolicy()), server.requests);
    }
  }

  @Test
  void withoutAnAgentItCountsLater() throws Exception {
    CommandHost.Result result = host.run("allow", "add", DIGEST, "--until", "12h", "--json");

    assertEquals(ExitCode.OK, result.status(), result.err());
    JsonNode added = result.json();
    assertEquals("hash", added.path("kind").asText());
    assertEquals("2026-11-24T00:00:00Z", added.path("until").asText());
    assertTrue(added.path("effect").asText().contains("as soon as the agent runs"));

    JsonNode listed = host.run("allow", "list", "--json").json().at("/exceptions/0");
    assertEquals(added.path("id"), listed.path("id"));
    assertTrue(listed.path("inForce").asBoolean());
  }

  @Test
  void theListTellsWhatHasEnded() throws Exception {
    host.writeExceptions(
        """
        {"version":1,"generation":1,"exceptions":[{"id":"old","kind":"hash","value":"%s",
         "engine":"scanner","until":"2026-11-23T11:59:59Z","addedBy":0,
         "added":"2026-11-01T00:00:00Z","comment":"once"}]}
        """
            .formatted(DIGEST));

    String list = host.run("allow", "list").out();

    assertTrue(list.contains("ended") && list.contains("scanner") && list.contains("once"), list);
  }

  @Test
  void removingTakesAnIdOrAValue() throws Exception {
    String id = host.run("allow", "add", DIGEST, "--json").json().path("id").asText();
    assertEquals(ExitCode.OK, host.run("allow", "remove", id).status());
    assertEquals(ExitCode.NO, host.run("allow", "remove", id).status());

    host.run("allow", "add", DIGEST);
    assertEquals(1, host.run("allow", "remove", DIGEST, "--json").json().size());
    assertEquals("no exceptions\n", host.run("allow", "list").out());
  }

  @Test
  void aPathThatAnybodyCanWriteIsRefusedAndTheCulpritNamed() throws Exception {
    Path tool = Files.writeString(temporary.resolve("tool"), "x");
    Files.setPosixFilePermissions(tool, PosixFilePermissions.fromString("rwxrwxrwx"));

    CommandHost.Result result = host.run("allow", "add", tool.toRealPath().toString());

    assertEquals(ExitCode.NO, result.status());
    assertTrue(result.err().contains("can be written by group or others: path=/"), result.err());
    assertTrue(result.err().contains("--hash " + tool.toRealPath()), result.err());
    JsonNode byContent = host.run("allow", "add", "--json", "--hash", tool.toString()).json();
    assertEquals(CommandHost.digestOf("x").toString(), byContent.path("value").asText());
  }

  @Test
  void aBrokenFileIsReportedAndLeftAlone() throws Exception {
    Path file = host.writeExceptions("{");

    CommandHost.Result result = host.run("allow", "add", DIGEST);

    assertEquals(ExitCode.NO, result.status());
    assertTrue(result.err().contains(file.toString()));
    assertEquals("{", Files.readString(file));
  }

  @Test
  void anAgentThatRefusesTheChangeIsNotHidden() throws Exception {
    try (ControlServer _ =
        ControlServer.replying(
            host.directories, _ -> new ControlReply.Failed("permission", "not root", "sudo"))) {
      CommandHost.Result result = host.run("allow", "add", DIGEST);

      assertEquals(ExitCode.PERMISSION, result.status());
      assertTrue(result.err().contains("the change is on disk"));
    }
  }

  @Test
  void misuseIsAUsageError() {
    assertEquals(ExitCode.USAGE, host.run("allow").status());
    assertEquals(ExitCode.USAGE, host.run("allow", "add").status());
    assertEquals(ExitCode.NO, host.run("allow", "add", "--hash", "/no/such").status());
    assertEquals(ExitCode.USAGE, host.run("allow", "add", DIGEST, "--until", "soon").status());
    assertEquals(ExitCode.NO, host.run("allow", "add", DIGEST, "--until", "2020-01-01").status());
    assertEquals(ExitCode.NO, host.run("allow", "add", DIGEST, "--engine", "NO!").status());
  }
}
