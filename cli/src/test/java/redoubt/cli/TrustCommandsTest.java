package redoubt.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import redoubt.agent.journal.Entry;
import redoubt.core.model.DecisionBasis;
import redoubt.core.model.EngineId;
import redoubt.core.model.EngineMode;
import redoubt.core.model.EngineOpinion;
import redoubt.core.model.Sha256;
import redoubt.core.model.Verdict;
import redoubt.core.wire.ControlRequest;

final class TrustCommandsTest {
  private static final String DIGEST = "ab".repeat(32);

  @TempDir Path temporary;
  private CommandHost host;

  @BeforeEach
  void createHost() throws Exception {
    host = new CommandHost(temporary);
  }

  @Test
  void trustCountsAtOnceAndIsNoException() throws Exception {
    try (ControlServer server = ControlServer.healthy(host.directories)) {
      CommandHost.Result result = host.run("trust", "add", DIGEST, "--comment", "our own tool");

      assertEquals(ExitCode.OK, result.status(), result.err());
      assertTrue(result.out().contains("in force now"), result.out());
      assertEquals(List.of(new ControlRequest.ReloadPolicy()), server.requests);
    }
    assertEquals(1, host.run("trust", "list", "--json").json().path("trusted").size());
    String list = host.run("trust", "list").out();
    assertTrue(list.contains("our own tool") && !list.contains("ENGINE"), list);
    assertEquals("no exceptions\n", host.run("allow", "list").out());
  }

  @Test
  void removingTakesAnIdOrAValue() throws Exception {
    String id = host.run("trust", "add", DIGEST, "--json").json().path("id").asText();
    assertTrue(id.startsWith("t"), id);
    assertEquals(ExitCode.OK, host.run("trust", "remove", id).status());
    CommandHost.Result again = host.run("trust", "remove", id);
    assertEquals(ExitCode.NO, again.status());
    assertTrue(again.err().contains("redoubt trust list"), again.err());
    assertTrue(host.run("trust", "list").out().startsWith("no entries"));
  }

  @Test
  void whyTellsPlaceContentAndWord() throws Exception {
    Path tool = Files.writeString(temporary.resolve("tool"), "mine");

    CommandHost.Result unknown = host.run("trust", "why", tool.toString(), "--json");
    assertEquals(ExitCode.NO, unknown.status(), unknown.err());
    assertEquals("unguarded", unknown.json().path("standing").asText());
    assertFalse(unknown.json().path("weakness").asText().isEmpty());

    String digest = CommandHost.digestOf("mine").toString();
    host.run("trust", "add", "--hash", tool.toString());
    CommandHost.Result trusted = host.run("trust", "why", tool.toString());
    assertEquals(ExitCode.OK, trusted.status(), trusted.err());
    assertTrue(trusted.out().contains("may run") && trusted.out().contains(digest), trusted.out());
    assertEquals(ExitCode.NO, host.run("trust", "why", "/no/such/file").status());
  }

  @Test
  void whatAPackageBroughtMayRun() throws Exception {
    CommandHost.Result shell = host.run("trust", "why", "/bin/sh", "--json");
    assertEquals(ExitCode.OK, shell.status(), shell.err());
    assertEquals("packaged", shell.json().path("standing").asText());
    assertEquals("as_shipped", shell.json().path("packageState").asText());
  }

  private Entry wouldDeny(String path, @Nullable Sha256 sha256) {
    return host.decision(
        path,
        sha256,
        7,
        Verdict.ALLOW,
        DecisionBasis.NO_ENFORCER,
        List.of(
            new EngineOpinion.Answered(
                new EngineId(TrustCommands.ENGINE),
                EngineMode.MONITOR,
                Verdict.DENY,
                "of no package, and the owner does not trust it",
                "unknown-program",
                "",
                1_000,
                false,
                false)));
  }

  @Test
  void whatWasMetIsLearntOnceAndOnlyIfAskedTo() throws Exception {
    Sha256 one = CommandHost.digestOf("one");
    host.record(
        wouldDeny("/opt/one", one),
        wouldDeny("/opt/again", one),
        wouldDeny("/opt/unhashed", null),
        host.denied("/opt/bad", CommandHost.digestOf("bad"), 8),
        host.allowed("/bin/ls", CommandHost.digestOf("ls"), 9));

    JsonNode shown = host.run("trust", "learn", "--json").json();
    assertEquals(1, shown.path("met").size(), shown::toString);
    assertEquals(1, shown.path("withoutDigest").asInt());
    assertEquals(0, shown.path("added").size());
    assertEquals(0, host.run("trust", "list", "--json").json().path("trusted").size());

    assertEquals(1, host.run("trust", "learn", "--add", "--json").json().path("added").size());
    assertTrue(
        host.run("trust", "learn", "--add").out().startsWith(one.toString().substring(0, 16)));
    JsonNode listed = host.run("trust", "list", "--json").json().path("trusted");
    assertEquals(1, listed.size());
    assertEquals(one.toString(), listed.path(0).path("value").asText());
    assertTrue(listed.path(0).path("comment").asText().startsWith("learnt from /opt/"));
    assertEquals(
        0, host.run("trust", "learn", "--since", "1s", "--json").json().path("met").size());
    assertEquals(ExitCode.USAGE, host.run("trust", "learn", "--since", "soon").status());
  }
}
